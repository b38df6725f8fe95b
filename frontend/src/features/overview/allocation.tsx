import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { explainPath } from "@/shared/api/explanations";
import type { AllocationItemOut, OverviewOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { TileMap, type MapTile } from "@/shared/charts/tile-map";
import { counted, day, percent } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { Money, Unknown } from "@/shared/ui/figures";
import { Section } from "@/shared/ui/states";
import { useScopeSearch } from "@/shared/ui/known";
import { Why } from "@/shared/ui/why";

type Cut = "instrument" | "class" | "currency";
const CUTS = [
  ["instrument", "Holdings"],
  ["class", "Classes"],
  ["currency", "Currencies"],
] as const;
const COLORS: Record<string, string> = {
  equity: "var(--c1)",
  fund: "var(--c2)",
  bond: "var(--c5)",
  crypto: "var(--c4)",
  option: "var(--c4)",
  cash: "var(--c3)",
  currency: "var(--c2)",
};
const color = (item: AllocationItemOut): string => COLORS[item.asset_class] ?? "var(--c5)";

type Props = { data: OverviewOut; account: string | undefined };

export function Allocation({ data, account }: Props) {
  const [cut, setCut] = useState<Cut>("instrument");
  const picture = useRef<HTMLDivElement>(null);
  const search = useScopeSearch();
  const items = {
    instrument: data.allocation_by_instrument,
    class: data.allocation_by_asset_class,
    currency: data.allocation_by_currency,
  }[cut];
  const reason = data.unknowns[0]?.message ?? "the whole is not known";
  return (
    <Section
      id="allocation"
      title="Allocation"
      aside={
        <span className="flex flex-wrap items-baseline gap-x-4">
          <Choice label="Allocation by" look="quiet" value={cut} options={CUTS} onChange={setCut} />
          <Link to="/allocation" search={search} className="lnk">
            All about allocation
          </Link>
        </span>
      }
    >
      {items.length === 0 ? (
        <p className="text-sm text-ink-2">Nothing is held.</p>
      ) : (
        <div className="grid lg:grid-cols-[minmax(0,1fr)_336px] gap-x-12 gap-y-5 items-start">
          <div>
            <TileMap
              items={items.filter((item) => Number(item.value) > 0).map(tileOf)}
              label="Allocation map"
              height={256}
              usual={614}
              reason={reason}
              picture={picture}
            />
            <Unvalued items={items} />
            <SaveAs
              className="mt-2 text-xs text-ink-2"
              file="allocation"
              rows={() => csvOf(items, data.currency)}
              chart={{ box: picture, heading: headingOf(cut, data) }}
            />
          </div>
          <AllocationTable
            items={items}
            currency={data.currency}
            reason={reason}
            whyOf={(item, figure) => whyOf(cut, item, figure, account)}
          />
        </div>
      )}
    </Section>
  );
}

const headingOf = (cut: Cut, data: OverviewOut): string =>
  `Allocation by ${{ instrument: "holding", class: "class", currency: "currency" }[cut]}, ${day(data.as_of)}`;

const csvOf = (items: readonly AllocationItemOut[], currency: string) => [
  ["Part", `Value in ${currency}`, "Share"],
  ...items.map((item) => [item.label, item.value, item.weight_ratio]),
];

const tileOf = (item: AllocationItemOut): MapTile => ({
  key: item.key,
  label: item.label,
  share: item.weight_ratio === null ? "" : percent(item.weight_ratio, 1),
  value: Number(item.value),
  color: color(item),
  instrumentId: /^[0-9a-f-]{36}$/.test(item.key) ? item.key : null,
});

type PartFigure = "value" | "weight_ratio";

/** Where a part is explained: a holding, or what belongs to a class, a currency, the cash. */
function whyOf(
  cut: Cut,
  item: AllocationItemOut,
  figure: PartFigure,
  account: string | undefined,
): string {
  if (cut === "instrument" && item.key !== "cash" && item.key !== "receivable") {
    const name = figure === "value" ? "market_value" : figure;
    return explainPath(`holdings/${item.key}`, { figure: name, account_id: account });
  }
  const by = { instrument: "instrument", class: "asset_class", currency: "currency" }[cut];
  return explainPath("allocation/node", {
    by,
    key: item.key,
    figure,
    look_through: "false",
    account_id: account,
  });
}

type TableProps = {
  items: readonly AllocationItemOut[];
  currency: string;
  /** Why a value or a share is not known, where one is not. */
  reason: string;
  whyOf: (item: AllocationItemOut, figure: PartFigure) => string;
};

const reasonOf = (item: AllocationItemOut): string | undefined =>
  item.unknown_count > 0 ? `${counted(item.unknown_count, "holding")} not valued` : undefined;

/** What the picture cannot show: parts of unknown value are in the table alone. */
function Unvalued({ items }: { items: readonly AllocationItemOut[] }) {
  const count = items.filter((item) => item.value === null).length;
  if (count === 0) return null;
  return (
    <p className="mt-2 text-sm text-ink-2">
      {counted(count, "part")} without a known value. The picture shows the others.
    </p>
  );
}

function AllocationTable({ items, currency, reason, whyOf: where }: TableProps) {
  return (
    <div className="tablewrap lg:-mt-2">
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Value</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.key}>
              <td>
                <span className="inline-flex items-center gap-2">
                  <i
                    aria-hidden="true"
                    className="size-2.5 rounded-[2px]"
                    style={{ background: color(item) }}
                  />
                  {item.label}
                </span>
              </td>
              <td>
                <Why figure={`Value of ${item.label}`} path={where(item, "value")}>
                  <Money
                    value={item.value}
                    currency={currency}
                    digits={0}
                    reason={reasonOf(item) ?? reason}
                  />
                </Why>
              </td>
              <td className="num">
                <Why figure={`Share of ${item.label}`} path={where(item, "weight_ratio")}>
                  {item.weight_ratio === null ? (
                    <Unknown reason={reasonOf(item) ?? reason} />
                  ) : (
                    percent(item.weight_ratio, 1)
                  )}
                </Why>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
