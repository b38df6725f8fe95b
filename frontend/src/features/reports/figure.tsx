import type { ReportOut } from "@/shared/api/gen/types.gen";
import { usePreferences } from "@/shared/preferences/preferences";
import { figureText, isAmount, type Told } from "./figures";

export type Reported = Pick<ReportOut, "kind" | "currency" | "calculations">;

/** How the figures of a report are told; risk is told in ratios and numbers alone. */
export const toldBy = ({ kind, currency, calculations }: Reported): Told => ({
  currency,
  unit: kind === "risk" ? "number" : undefined,
  hasOwnGains: !calculations.some((one) => one.name === "gains"),
});

type Props = { report: Reported; told?: Told; place: string; value: string | null };

/** A figure as a person reads it; those of risk are no amounts, and never hidden. */
export function Figure({ report, told = toldBy(report), place, value }: Props) {
  const { isHidden } = usePreferences();
  if (value === null) return "nothing";
  if (isHidden && report.kind !== "risk" && isAmount(place, value)) return "amount hidden";
  return figureText(place, value, told);
}
