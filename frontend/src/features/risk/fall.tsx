import type { RiskOut } from "@/shared/api/gen/types.gen";
import { counted, day } from "@/shared/format/format";
import { reasonOf } from "@/shared/format/reasons";
import { SignedPercent } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import { FallFormula } from "./formulas";

/** The worst fall: how deep, from when to when, and when it was made good. */
export function WorstFall({ risk, path }: { risk: RiskOut; path: string }) {
  const fall = risk.max_drawdown;
  const hasFallen = fall.ratio !== null && Number(fall.ratio) < 0;
  return (
    <div data-testid="fall">
      <h3 className="text-sm font-sans font-medium text-ink-2">Worst fall</h3>
      <p className="font-serif text-[1.625rem] leading-9">
        <Why mark figure="Worst fall" path={path}>
          <SignedPercent ratio={fall.ratio} reason={reasonOf(fall.reason)} />
        </Why>
      </p>
      {hasFallen && fall.peak_date && fall.trough_date && (
        <p className="text-sm text-ink-2 max-w-[44ch]">
          From {day(fall.peak_date)} to {day(fall.trough_date)},{" "}
          {counted(fall.days_down ?? 0, "day")} down.{" "}
          {fall.recovery_date
            ? `Made good by ${day(fall.recovery_date)}, after ${counted(fall.days_to_recover ?? 0, "day")} more.`
            : "Not made good yet."}
        </p>
      )}
      <FallFormula risk={risk} />
    </div>
  );
}
