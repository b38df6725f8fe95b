import { usePreferences } from "@/shared/preferences/preferences";
import { isAmount, type ReportKind } from "./words";

type Props = { kind: ReportKind; place: string; value: string | null };

/** A figure as it stands in an answer; risk is told in ratios alone, which are never hidden. */
export function Figure({ kind, place, value }: Props) {
  const { isHidden } = usePreferences();
  if (value === null) return "nothing";
  return isHidden && kind !== "risk" && isAmount(place, value) ? "amount hidden" : value;
}
