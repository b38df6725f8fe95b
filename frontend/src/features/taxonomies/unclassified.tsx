import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { assignInstruments } from "@/shared/api/gen/sdk.gen";
import type { PartHoldingOut, TaxonomyOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { counted, percent } from "@/shared/format/format";
import { Unknown } from "@/shared/ui/figures";
import { SelectField } from "@/shared/ui/field";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { heldQuery } from "./queries";
import type { Editor } from "./use-editor";
import { options, restOf, weightsOf } from "./weights";

type Props = { data: TaxonomyOut; editor: Editor };

/** What is held and nobody put anywhere, or not as a whole; many can be put at once. */
export function Unclassified({ data, editor }: Props) {
  const { data: held, error, refetch } = useQuery(heldQuery(data.id));
  if (!held) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading what is held" rows={5} />
    );
  }
  const open = held.holdings.filter((found) => found.node_key === "uncategorized");
  const node = held.nodes.find((found) => found.key === "uncategorized");
  if (open.length === 0) {
    return <p className="text-sm text-ink-2">Everything that is held has its place.</p>;
  }
  return (
    <>
      <p className="text-sm text-ink-2 mb-3">
        {counted(open.length, "holding")} not classified, or not as a whole
        {node?.weight_ratio ? `: ${percent(node.weight_ratio, 1)} of the value` : ""}.
      </p>
      {data.categories.length === 0 ? (
        <p className="text-sm">Add a category first.</p>
      ) : (
        <Putting open={open} data={data} editor={editor} />
      )}
    </>
  );
}

function Putting({ open, data, editor }: Props & { open: readonly PartHoldingOut[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState("");
  const target = (data.categories.find((one) => one.id === wanted) ?? data.categories[0])?.id ?? "";
  const put = () => {
    const items = [...chosen].map((id) => {
      const weights = weightsOf(data, id);
      const kept = weights.filter((found) => found.category_id !== target);
      const rest = restOf(kept);
      return {
        instrument_id: id,
        weights: [
          ...kept.map(({ category_id, weight_ratio }) => ({ category_id, weight_ratio })),
          { category_id: target, weight_ratio: rest },
        ],
      };
    });
    setChosen(new Set());
    editor.edit(`putting ${counted(items.length, "instrument")}`, (version) =>
      unwrap(assignInstruments({ path: { taxonomy_id: data.id }, body: { version, items } })),
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        put();
      }}
    >
      <ul className="text-sm mb-4">
        {open.map((held) => (
          <Open
            key={held.instrument_id}
            held={held}
            isChosen={chosen.has(held.instrument_id ?? "")}
            onToggle={(id) => {
              const next = new Set(chosen);
              if (!next.delete(id)) next.add(id);
              setChosen(next);
            }}
          />
        ))}
      </ul>
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-72 max-w-full">
          <SelectField
            label="Put the chosen ones in"
            value={target}
            options={options(data.categories)}
            onChange={(event) => {
              setWanted(event.target.value);
            }}
          />
        </div>
        <button
          type="submit"
          className="btn primary"
          disabled={chosen.size === 0 || editor.isPending}
        >
          Put {chosen.size === 0 ? "them" : counted(chosen.size, "instrument")} there
        </button>
      </div>
    </form>
  );
}

type OpenProps = { held: PartHoldingOut; isChosen: boolean; onToggle: (id: string) => void };

function Open({ held, isChosen, onToggle }: OpenProps) {
  const id = held.instrument_id;
  if (id === null) return null;
  return (
    <li className="border-b border-rule">
      <label className="flex items-center gap-3 min-h-9 py-1 cursor-pointer">
        <input
          type="checkbox"
          className="size-4"
          checked={isChosen}
          onChange={() => {
            onToggle(id);
          }}
        />
        <span className="min-w-0 flex-1">
          <b className="font-semibold">{held.label}</b>{" "}
          <span className="text-ink-2">{held.name}</span>
        </span>
        <span className="num text-ink-2">
          {held.share_ratio !== "1" && `${percent(held.share_ratio, 0)} of it, `}
          {held.weight_ratio === null ? (
            <Unknown reason="the whole is not known" />
          ) : (
            percent(held.weight_ratio, 1)
          )}
        </span>
      </label>
    </li>
  );
}
