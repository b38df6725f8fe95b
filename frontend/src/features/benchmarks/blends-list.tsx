import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { createBenchmark, deleteBenchmark, updateBenchmark } from "@/shared/api/gen/sdk.gen";
import type { BenchmarkDefinitionOut, BlendIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { percent } from "@/shared/format/format";
import { Answered } from "@/shared/ui/answered";
import { Confirm } from "@/shared/ui/confirm";
import { EmptyState, ProblemNotice, Section } from "@/shared/ui/states";
import { REBALANCING } from "./blend";
import { BlendForm, type PickInstrument } from "./blend-form";
import { benchmarksKey, benchmarksQuery } from "./queries";

type Editing = BenchmarkDefinitionOut | "new" | null;

/** The blends of the portfolio, what they are made of, and the shared benchmarks. */
export function BlendsList({ pick }: { pick: PickInstrument }) {
  const [editing, setEditing] = useState<Editing>(null);
  return (
    <Answered query={useQuery(benchmarksQuery)} what="the benchmarks" rows={4}>
      {({ items }) => <Blends items={items} pick={pick} editing={editing} onEdit={setEditing} />}
    </Answered>
  );
}

type BlendsProps = {
  items: readonly BenchmarkDefinitionOut[];
  pick: PickInstrument;
  editing: Editing;
  onEdit: (next: Editing) => void;
};

function Blends({ items, pick, editing, onEdit }: BlendsProps) {
  const own = items.filter((item) => item.origin === "own");
  const shared = items.filter((item) => item.origin === "shared");
  return (
    <div className="flex flex-col gap-9">
      <Section id="own" title="Your blends">
        {editing === null ? (
          <button
            type="button"
            className="btn primary mb-4"
            onClick={() => {
              onEdit("new");
            }}
          >
            New blend
          </button>
        ) : (
          <Edited
            key={editing === "new" ? editing : `${editing.id} ${String(editing.version)}`}
            editing={editing}
            pick={pick}
            onDone={() => {
              onEdit(null);
            }}
          />
        )}
        {own.length === 0 && editing === null ? (
          <EmptyState title="No blend yet">
            <p>
              A blend mixes instruments by weight, such as 60% shares and 40% bonds, to compare the
              portfolio with.
            </p>
          </EmptyState>
        ) : (
          <Rows items={own} onEdit={onEdit} />
        )}
      </Section>
      <Section id="shared" title="For everybody">
        {shared.length > 0 ? (
          <Rows items={shared} />
        ) : (
          <p className="text-sm text-ink-2">
            SPY, QQQ and US consumer prices appear here once the schedule has run with a source of
            prices.
          </p>
        )}
      </Section>
    </div>
  );
}

type EditedProps = {
  editing: BenchmarkDefinitionOut | "new";
  pick: PickInstrument;
  onDone: () => void;
};

function Edited({ editing, pick, onDone }: EditedProps) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const blend = editing === "new" ? null : editing;
  const save = useMutation({
    mutationFn: (body: BlendIn) =>
      blend
        ? unwrap(
            updateBenchmark({
              path: { benchmark_id: blend.id },
              body: { ...body, version: blend.version ?? 1 },
            }),
          )
        : unwrap(createBenchmark({ body, headers: { "Idempotency-Key": attempt.keyFor(body) } })),
    onSuccess: async () => {
      attempt.settle();
      await queryClient.invalidateQueries({ queryKey: benchmarksKey });
      await queryClient.invalidateQueries({ queryKey: ["valuation"] });
      onDone();
    },
    // what somebody else saved meanwhile stands in the list behind the form
    onError: () => queryClient.invalidateQueries({ queryKey: benchmarksKey }),
  });
  return (
    <BlendForm
      blend={blend}
      pick={pick}
      error={save.error}
      isBusy={save.isPending}
      onSave={save.mutate}
      onCancel={onDone}
    />
  );
}

type RowsProps = {
  items: readonly BenchmarkDefinitionOut[];
  onEdit?: (item: BenchmarkDefinitionOut) => void;
};

function Rows({ items, onEdit }: RowsProps) {
  return (
    <ul className="flex flex-col divide-y divide-rule border-y border-rule empty:border-0">
      {items.map((item) => (
        <li key={item.id} className="py-3 flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="min-w-0 grow">
            <p className="font-semibold break-words">{item.name}</p>
            <p className="text-sm text-ink-2 break-words">{madeOf(item)}</p>
          </div>
          {onEdit && (
            <div className="flex gap-2">
              <button
                type="button"
                className="btn line"
                aria-label={`Change: ${item.name}`}
                onClick={() => {
                  onEdit(item);
                }}
              >
                Change
              </button>
              <Remove item={item} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Remove({ item }: { item: BenchmarkDefinitionOut }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      unwrap(
        deleteBenchmark({
          path: { benchmark_id: item.id },
          query: { version: item.version ?? 1 },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: benchmarksKey }),
  });
  return (
    <>
      <Confirm
        label="Remove"
        about={item.name}
        question={`Remove ${item.name}?`}
        consequence="Pages whose address still names it cannot be worked out until another is chosen there. No record is touched."
        yes="Remove it"
        no="Keep it"
        isDisabled={remove.isPending}
        onConfirm={() => {
          remove.mutate();
        }}
      />
      {remove.error && <ProblemNotice error={remove.error} title="It was not removed" />}
    </>
  );
}

const BACK = Object.fromEntries(REBALANCING) as Record<
  BenchmarkDefinitionOut["rebalancing"],
  string
>;

/** In words: 60 % SPY, 40 % AGG (price alone); every month. */
function madeOf({ parts, rebalancing, spread_ratio }: BenchmarkDefinitionOut): string {
  const told = parts.map((part) => {
    const name = part.symbol ?? part.name;
    const weight = parts.length > 1 ? `${percent(part.weight_ratio, 1)} ` : "";
    return `${weight}${name}${part.series === null && part.basis === "price" ? " (price alone)" : ""}`;
  });
  const added = Number(spread_ratio) === 0 ? "" : `, ${percent(spread_ratio, 2, true)} a year`;
  const back = parts.length > 1 ? `; ${BACK[rebalancing].toLowerCase()}` : "";
  return `${told.join(", ")}${added}${back}`;
}
