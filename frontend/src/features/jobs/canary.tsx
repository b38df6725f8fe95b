import { Bird } from "lucide-react";
import type { JobsSummaryOut } from "@/shared/api/gen/types.gen";
import { ago } from "@/shared/format/format";
import { Moment } from "@/shared/ui/moment";

type Canary = NonNullable<JobsSummaryOut["canary"]>;

const STATES: Readonly<Record<Canary["state"], string>> = {
  ok: "The canary is well: every known answer came out",
  drifted: "The canary drifted: figures are not what they were worked out to be by hand",
  failed: "The canary could not be worked out",
  silent: "Nobody looked at the canary for twenty minutes",
};

/** How a portfolio with known answers came out at the last look. */
export function CanaryNotice({ canary, now }: { canary: Canary | null; now: number }) {
  if (canary === null) return null;
  const looked = (
    <>
      looked at <Moment iso={canary.checked_at}>{ago(canary.checked_at, now)}</Moment>, in{" "}
      {canary.duration_ms} ms
    </>
  );
  if (canary.state === "ok") {
    return (
      <p className="flex items-center gap-2 text-sm mb-4" data-testid="canary">
        <Bird aria-hidden="true" size={16} className="text-gain shrink-0" />
        <span>
          {STATES.ok}; {looked}.
        </span>
      </p>
    );
  }
  return (
    <div role="status" className="note loss mb-4" data-testid="canary">
      <p className="font-semibold flex items-center gap-2">
        <Bird aria-hidden="true" size={16} className="shrink-0" />
        {STATES[canary.state]}
      </p>
      <p>
        So since <Moment iso={canary.since}>{ago(canary.since, now)}</Moment>; {looked}. The runbook
        says what to do: docs/runbooks/canary.md.
      </p>
      {canary.drifts.length > 0 && (
        <ul className="mt-1 list-disc pl-5">
          {canary.drifts.map((one) => (
            <li key={one.figure} className="break-words">
              {one.figure}: {one.expected ?? "nothing"} expected, {one.found ?? "nothing"} found
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
