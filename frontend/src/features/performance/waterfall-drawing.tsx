import { BarsDrawing } from "@/shared/charts/bars-drawing";
import { day, money } from "@/shared/format/format";
import { usePreferences } from "@/shared/preferences/preferences";
import { colorOf, told, type PlacedBar } from "./waterfall-bars";
import type { WaterfallOut } from "./waterfall-types";

type Props = { data: WaterfallOut; bars: readonly PlacedBar[] };

/** The change of value as one drawing, for a picture of it; the page shows it as a table. */
export function WaterfallDrawing({ data, bars }: Props) {
  const { isHidden } = usePreferences();
  const amount = (value: string | null, signed: boolean) => {
    if (value === null) return "—";
    return isHidden ? "••••••" : money(value, data.currency, { signed });
  };
  const end = (key: string, on: string | null, value: string | null) => ({
    key,
    label: `Value on ${on === null ? "—" : day(on)}`,
    bar: null,
    color: "",
    text: amount(value, false),
    isStrong: true,
  });
  return (
    <BarsDrawing
      bars={[
        end("opening", data.from_date, data.opening_nav),
        ...bars.map(({ bar, start, width }) => ({
          key: bar.bar,
          label: told(bar.bar, data)[0],
          bar: bar.amount === null ? null : { start, width },
          color: colorOf(bar),
          text: amount(bar.amount, true),
        })),
        end("closing", data.to_date, data.closing_nav),
      ]}
    />
  );
}
