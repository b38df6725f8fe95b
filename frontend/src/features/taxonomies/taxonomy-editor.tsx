import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { addCategory } from "@/shared/api/gen/sdk.gen";
import type { TaxonomyOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { Answered } from "@/shared/ui/answered";
import { ProblemNotice, Section } from "@/shared/ui/states";
import { CategoryForm, freeName } from "./category-form";
import { CategoryInstruments } from "./category-instruments";
import { CategoryTree } from "./category-tree";
import { PastePanel } from "./paste-panel";
import { heldQuery, taxonomyQuery } from "./queries";
import { Theirs } from "./theirs";
import { Unclassified } from "./unclassified";
import { type Editor, useEditor } from "./use-editor";

/** One taxonomy: its tree on one side, and what is in the chosen place on the other. */
export function TaxonomyEditor({ id }: { id: string }) {
  return (
    <Answered query={useQuery(taxonomyQuery(id))} what="the taxonomy" rows={8}>
      {(data) => <Editing data={data} />}
    </Answered>
  );
}

function Editing({ data }: { data: TaxonomyOut }) {
  const editor = useEditor(data);
  const [chosen, setChosen] = useState<string | null>(null);
  const held = useQuery(heldQuery(data.id));
  const category = data.categories.find((found) => found.id === chosen);
  return (
    <>
      <Doing editor={editor} />
      <div className="grid lg:grid-cols-[minmax(0,20rem)_minmax(0,1fr)] gap-x-10 gap-y-8 items-start">
        <Section id="tree" title="Categories" aside={<AddTop data={data} editor={editor} />}>
          <CategoryTree
            data={data}
            chosen={category?.id ?? null}
            unclassifiedCount={
              held.data?.nodes.find((node) => node.key === "uncategorized")?.holding_count
            }
            onChoose={setChosen}
          />
        </Section>
        <div className="flex flex-col gap-8 min-w-0">
          {category ? (
            <>
              <Section id="category" title={category.name}>
                <CategoryForm
                  key={category.id}
                  data={data}
                  category={category}
                  editor={editor}
                  onRemoved={() => {
                    setChosen(null);
                  }}
                />
              </Section>
              <Section id="instruments" title="Instruments in it">
                <CategoryInstruments data={data} category={category} editor={editor} />
              </Section>
            </>
          ) : (
            <Section id="unclassified" title="Not classified yet">
              <Unclassified data={data} editor={editor} />
            </Section>
          )}
          <Section id="paste" title="Classify many at once">
            <PastePanel data={data} editor={editor} />
          </Section>
        </div>
      </div>
    </>
  );
}

function AddTop({ data, editor }: { data: TaxonomyOut; editor: Editor }) {
  return (
    <button
      type="button"
      className="lnk"
      disabled={editor.isPending}
      onClick={() => {
        editor.edit("a new category", (version) =>
          unwrap(
            addCategory({
              path: { taxonomy_id: data.id },
              body: { version, name: freeName(data, null) },
            }),
          ),
        );
      }}
    >
      Add a category
    </button>
  );
}

/** The way back, and what stood in the way. */
function Doing({ editor }: { editor: Editor }) {
  const { undo } = editor;
  return (
    <div className="flex flex-col gap-3 mb-5 empty:hidden">
      {editor.isStale && <Theirs onShow={editor.reload} />}
      {editor.error && <ProblemNotice error={editor.error} title="Nothing was changed" />}
      {undo && (
        <button
          type="button"
          className="btn line self-start"
          disabled={editor.isPending}
          onClick={undo.go}
        >
          <Undo2 aria-hidden="true" size={16} />
          Undo {undo.said}
        </button>
      )}
    </div>
  );
}
