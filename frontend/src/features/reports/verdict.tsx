import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, CircleAlert } from "lucide-react";
import { recomputeReport } from "@/shared/api/gen/sdk.gen";
import type {
  CausedOut,
  DifferenceOut,
  RecomputedOut,
  ReportDetailOut,
} from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { counted } from "@/shared/format/format";
import { ProblemNotice } from "@/shared/ui/states";
import { Figure, type Reported } from "./figure";
import { placeText } from "./places";
import { reportsKey } from "./queries";
import { Since } from "./since";
import { KEPT_REASONS, shortHash, TODAY_REASONS } from "./words";

const CAUSES: Readonly<Record<CausedOut["cause"], string>> = {
  data: "Prices, rates, names or settings",
  records: "Records: recorded, corrected or taken back since",
  calculation: "A newer version of a calculation",
};

type Props = { report: ReportDetailOut };

/** Work it out again, from what was kept and from today's records; and what came of it. */
export function Verdict({ report }: Props) {
  const { id } = report;
  const queryClient = useQueryClient();
  const recompute = useMutation({
    mutationFn: () => unwrap(recomputeReport({ path: { report_id: id } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [...reportsKey, "one", id] }),
  });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-ink-2 max-w-[68ch]">
        From the inputs and the versions that were kept it must come out the same, to the last bit.
        Asked again of today’s records it may not, and then each cause is told apart.
      </p>
      <button
        type="button"
        className="btn line self-start"
        disabled={recompute.isPending}
        onClick={() => {
          recompute.mutate();
        }}
      >
        {recompute.isPending ? "Working it out…" : "Work it out again"}
      </button>
      {recompute.error && (
        <ProblemNotice error={recompute.error} title="It could not be worked out" />
      )}
      {recompute.data && (
        <div aria-live="polite" className="flex flex-col gap-5" data-testid="verdict">
          <Kept found={recompute.data} report={report} />
          <Today found={recompute.data.today} report={report} />
        </div>
      )}
    </div>
  );
}

type Found<T> = { found: T; report: Reported };

function Kept({ found, report }: Found<RecomputedOut>) {
  if (found.is_equal === null) {
    return <p className="note">{KEPT_REASONS[found.reason ?? ""] ?? found.reason}</p>;
  }
  const Icon = found.is_equal ? Check : CircleAlert;
  return (
    <div className={`note ${found.is_equal ? "gain" : "loss"}`}>
      <p className="font-semibold flex items-center gap-2">
        <Icon aria-hidden="true" size={16} />
        {found.is_equal
          ? "The same, bit for bit"
          : "It is not what its inputs give. This is a bug, and is told to who operates this."}
      </p>
      <p className="text-sm mt-1 break-words">
        SHA-256 {shortHash(found.answer_sha256)}… kept
        {found.recomputed_sha256 !== null && `, ${shortHash(found.recomputed_sha256)}… worked out`}.
      </p>
      {found.differences.length > 0 && <Differences items={found.differences} report={report} />}
    </div>
  );
}

function Today({ found, report }: Found<RecomputedOut["today"]>) {
  if (found.reason !== null) {
    return <p className="note">{TODAY_REASONS[found.reason] ?? found.reason}</p>;
  }
  return (
    <>
      <p>
        {found.is_equal
          ? "Asked today, the answer is the same."
          : "Asked today, the answer is another one. What each cause alone makes different:"}
      </p>
      {!found.is_equal &&
        found.causes.map((one) => (
          <section key={one.cause} aria-label={CAUSES[one.cause]}>
            <h3 className="text-sm font-semibold">
              {CAUSES[one.cause]}:{" "}
              {one.difference_count === 0 ? "nothing" : counted(one.difference_count, "difference")}
            </h3>
            <Differences items={one.differences} report={report} />
          </section>
        ))}
      {found.since && <Since since={found.since} />}
    </>
  );
}

/** Where two answers differ, and what stands there. */
function Differences({ items, report }: { items: readonly DifferenceOut[]; report: Reported }) {
  if (items.length === 0) return null;
  return (
    <ul className="mt-2 text-sm flex flex-col gap-1">
      {items.map((one) => (
        <li key={one.pointer} className="break-words">
          <span className="text-ink-2">{placeText(one.pointer)}:</span>{" "}
          <span className="tabular-nums">
            <Figure report={report} place={one.pointer} value={one.before} />
          </span>
          {" → "}
          <span className="tabular-nums">
            <Figure report={report} place={one.pointer} value={one.after} />
          </span>
        </li>
      ))}
    </ul>
  );
}
