import { useState } from "react";
import { addCategory, changeCategory, removeCategory } from "@/shared/api/gen/sdk.gen";
import type { CategoryOut, TaxonomyOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { SelectField } from "@/shared/ui/field";
import { NameField } from "@/shared/ui/name-field";
import type { Editor } from "./use-editor";
import { below, options } from "./weights";

const TOP = "top";

type Props = {
  data: TaxonomyOut;
  category: CategoryOut;
  editor: Editor;
  onRemoved: () => void;
};

/** What a category is called and where it stands. */
export function CategoryForm({ data, category, editor, onRemoved }: Props) {
  const path = { taxonomy_id: data.id, category_id: category.id };
  const inside = below(data.categories, category.id);
  const siblings = data.categories.filter((found) => found.parent_id === category.parent_id);
  const change = (said: string, body: { name?: string; place?: Place }) => {
    editor.edit(said, (version) => unwrap(changeCategory({ path, body: { version, ...body } })));
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid sm:grid-cols-2 gap-4">
        <NameField
          key={category.name}
          label="Name"
          name={category.name}
          onSave={(name) => {
            change(`renaming ${category.name}`, { name });
          }}
        />
        <SelectField
          label="Stands below"
          value={category.parent_id ?? TOP}
          disabled={editor.isPending}
          options={[[TOP, "Nothing: at the top"], ...options(data.categories, inside)]}
          onChange={(event) => {
            const parent = event.target.value === TOP ? null : event.target.value;
            change(`moving ${category.name}`, {
              place: { parent_id: parent, position: data.categories.length },
            });
          }}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {([-1, 1] as const).map((by) => (
          <button
            key={by}
            type="button"
            className="btn line"
            disabled={editor.isPending || siblings[category.position + by] === undefined}
            onClick={() => {
              change(`moving ${category.name}`, {
                place: { parent_id: category.parent_id, position: category.position + by },
              });
            }}
          >
            {by < 0 ? "Move up" : "Move down"}
          </button>
        ))}
        <button
          type="button"
          className="btn line"
          disabled={editor.isPending}
          onClick={() => {
            editor.edit("a new category", (version) =>
              unwrap(
                addCategory({
                  path: { taxonomy_id: data.id },
                  body: { version, parent_id: category.id, name: freeName(data, category.id) },
                }),
              ),
            );
          }}
        >
          Add a category below
        </button>
      </div>
      <Remove data={data} category={category} editor={editor} onRemoved={onRemoved} />
    </div>
  );
}

type Place = { parent_id: string | null; position: number };

/** A name no sibling has. */
export function freeName(data: TaxonomyOut, parent: string | null): string {
  const taken = new Set(
    data.categories.filter((found) => found.parent_id === parent).map((found) => found.name),
  );
  let number = 1;
  while (taken.has(`New category ${String(number)}`)) number += 1;
  return `New category ${String(number)}`;
}

/** Removing asks where the instruments go; a step back is one button away. */
function Remove({ data, category, editor, onRemoved }: Props) {
  const [target, setTarget] = useState("");
  const inside = below(data.categories, category.id);
  const isUsed = data.assignments.some((held) => inside.has(held.category_id));
  return (
    <details className="text-sm">
      <summary className="lnk w-fit cursor-pointer">Remove this category</summary>
      <div className="mt-2 flex flex-wrap items-end gap-3">
        {isUsed && (
          <div className="w-72 max-w-full">
            <SelectField
              label="Its instruments go to"
              value={target}
              options={[["", "Not classified"], ...options(data.categories, inside)]}
              onChange={(event) => {
                setTarget(event.target.value);
              }}
            />
          </div>
        )}
        <button
          type="button"
          className="btn line"
          disabled={editor.isPending}
          onClick={() => {
            editor.edit(`removing ${category.name}`, async (version) => {
              const made = await unwrap(
                removeCategory({
                  path: { taxonomy_id: data.id, category_id: category.id },
                  query: { version, ...(target ? { move_to: target } : {}) },
                }),
              );
              onRemoved();
              return made;
            });
          }}
        >
          Remove {category.name}
          {inside.size > 1 && " and all below it"}
        </button>
      </div>
    </details>
  );
}
