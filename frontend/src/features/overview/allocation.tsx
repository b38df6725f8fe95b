import { Link } from "@tanstack/react-router";
import { useRef, useState, type RefObject } from "react";
import { explainPath } from "@/shared/api/explanations";
import type { AllocationItemOut, OverviewOut } from "@/shared/api/gen/types.gen";
import { SaveAs } from "@/shared/charts/save-as";
import { TileDrawing, type DrawnTile } from "@/shared/charts/tile-drawing";
import { tiles } from "@/shared/charts/tiles";
import { useWidth } from "@/shared/charts/use-width";
import { day, percent } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { Money } from "@/shared/ui/figures";
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
            <Map items={items.filter((item) => Number(item.value) > 0)} picture={picture} />
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

const MAP_HEIGHT = 256;
const USUAL = 614;

type MapProps = {
  items: readonly AllocationItemOut[];
  /** Where the same stands as one drawing, for a picture of it. */
  picture: RefObject<HTMLDivElement | null>;
};

function Map({ items, picture }: MapProps) {
  const [box, width] = useWidth<HTMLUListElement>();
  const placed = tiles(
    items.map((item) => Number(item.value)),
    (width || USUAL) / MAP_HEIGHT,
  );
  return (
    <>
      <div ref={picture} hidden>
        <TileDrawing items={items.map(drawnTile)} width={width || USUAL} height={MAP_HEIGHT} />
      </div>
      <ul ref={box} className="relative" style={{ height: MAP_HEIGHT }} aria-label="Allocation map">
        {placed.map((tile) => {
          const item = items[tile.index];
          if (!item) return null;
          return (
            <li
              key={item.key}
              className="absolute p-px"
              style={{
                left: `${String(tile.left)}%`,
                top: `${String(tile.top)}%`,
                width: `${String(tile.width)}%`,
                height: `${String(tile.height)}%`,
              }}
            >
              <TileBody item={item} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

const drawnTile = (item: AllocationItemOut): DrawnTile => ({
  key: item.key,
  label: item.label,
  share: item.weight_ratio === null ? "" : percent(item.weight_ratio, 1),
  value: Number(item.value),
  color: color(item),
});

function TileBody({ item }: { item: AllocationItemOut }) {
  const search = useScopeSearch();
  const style = {
    position: "relative" as const,
    height: "100%",
    borderTop: `3px solid ${color(item)}`,
    background: `color-mix(in oklab, ${color(item)} var(--tint), var(--paper))`,
  };
  const body = (
    <>
      <b>{item.label}</b>
      <span className="d1 num">
        {item.weight_ratio === null ? "" : percent(item.weight_ratio, 1)}
      </span>
    </>
  );
  const isInstrument = /^[0-9a-f-]{36}$/.test(item.key);
  return isInstrument ? (
    <Link
      to="/holdings/$instrumentId"
      params={{ instrumentId: item.key }}
      search={search}
      className="tile"
      style={style}
    >
      {body}
    </Link>
  ) : (
    <div className="tile" style={style}>
      {body}
    </div>
  );
}

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
  whyOf: (item: AllocationItemOut, figure: PartFigure) => string;
};

function AllocationTable({ items, currency, whyOf: where }: TableProps) {
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
                  <Money value={item.value} currency={currency} digits={0} />
                </Why>
              </td>
              <td className="num">
                <Why figure={`Share of ${item.label}`} path={where(item, "weight_ratio")}>
                  {item.weight_ratio === null ? "—" : percent(item.weight_ratio, 1)}
                </Why>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
