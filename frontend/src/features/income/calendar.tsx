import { Link } from "@tanstack/react-router";
import { SaveAs } from "@/shared/charts/save-as";
import { explainPath } from "@/shared/api/explanations";
import type { CalendarItemOut, CalendarOut } from "@/shared/api/gen/types.gen";
import { day, quantity } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { Money } from "@/shared/ui/figures";
import { useKnownSearch, useScopeSearch } from "@/shared/ui/known";
import { useAddress } from "@/shared/ui/use-address";
import { Why } from "@/shared/ui/why";
import { monthName, StateKey } from "./month-plot";
import { BASES, heldText, STATE_NAMES, why } from "./phrases";
import type { IncomeFilter } from "./queries";

type Props = { data: CalendarOut; filter: IncomeFilter };
type Which = "coming" | "all";
const WHICH = [
  ["coming", "To come"],
  ["all", "Both years"],
] as const;

/** Payments month by month, each with how sure it is. */
export function Calendar({ data, filter }: Props) {
  const [which, setWhich] = useAddress<Which>("payments", WHICH, "coming");
  const shown = data.items.filter((item) => which === "all" || item.state !== "paid");
  const months = byMonth(shown);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 mb-3">
        <Choice
          label="Payments shown"
          look="quiet"
          value={which}
          options={WHICH}
          onChange={setWhich}
        />
        <SaveAs className="text-xs sm:ml-auto" file="income-calendar" rows={() => rowsOf(data)} />
      </div>
      {shown.length === 0 && (
        <p className="text-sm text-ink-2">
          Nothing is declared, and no payments of the last year are known that could repeat.
        </p>
      )}
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-2">
        {[...months].map(([month, items]) => (
          <section key={month} aria-label={monthName(month, true)}>
            <h3 className="eyebrow mb-1">{monthName(month, true)}</h3>
            <ul className="border-t border-rule">
              {items.map((item) => (
                <Item key={keyOf(item)} item={item} filter={filter} base={data.currency} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {data.item_count > data.items.length && (
        <p className="text-xs text-ink-2 mt-3">
          {data.items.length} of {data.item_count} payments; the file holds the same.
        </p>
      )}
    </>
  );
}

function byMonth(items: readonly CalendarItemOut[]): Map<string, CalendarItemOut[]> {
  const found = new Map<string, CalendarItemOut[]>();
  for (const item of items) {
    const month = item.day.slice(0, 7);
    found.set(month, [...(found.get(month) ?? []), item]);
  }
  return found;
}

const keyOf = (item: CalendarItemOut): string =>
  item.transaction_id ??
  `${item.account_id} ${item.instrument_id ?? ""} ${item.ex_date ?? item.day} ${item.kind} ${item.currency}`;

const rowsOf = (data: CalendarOut) => [
  [
    "Day",
    "State",
    "Estimated by",
    "Symbol",
    "Ex-date",
    "Gross",
    "Withheld",
    "Net",
    "Currency",
    "Net in base",
    "Base",
  ],
  ...data.items.map((item) => [
    item.day,
    item.state,
    item.basis,
    item.symbol,
    item.ex_date,
    item.gross,
    item.withheld,
    item.net,
    item.currency,
    item.net_in_base,
    data.currency,
  ]),
];

function Item({
  item,
  filter,
  base,
}: {
  item: CalendarItemOut;
  filter: IncomeFilter;
  base: string;
}) {
  const isComing = item.state !== "paid" && !item.is_overdue;
  const path = isComing
    ? explainPath("income/payment", {
        paid_in: item.account_id,
        paid_by: item.instrument_id ?? undefined,
        ex_date: item.ex_date ?? undefined,
        paid_currency: item.currency,
        account_id: filter.account,
      })
    : null;
  const name = item.symbol ?? (item.kind === "interest" ? "Interest on cash" : "Cash");
  return (
    <li className="grid grid-cols-[3.25rem_minmax(0,1fr)_auto] gap-x-3 py-2 border-b border-rule text-sm">
      <span className="num text-ink-2">{day(item.day, { day: "numeric", month: "short" })}</span>
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2">
          <Named item={item} name={name} />
          <span className="chip !py-0 !text-xs">
            <StateKey state={item.state} />
            {item.is_overdue ? "Declared, not recorded" : STATE_NAMES[item.state]}
          </span>
          {item.is_special && <span className="text-xs text-ink-2">special</span>}
        </span>
        <span className="block text-xs text-ink-2">{detail(item)}</span>
      </span>
      <span className="text-right">
        <Why figure={`${name}, ${item.day}, net`} path={path}>
          <Money value={item.net_in_base} currency={base} reason={why(item.reason)} />
        </Why>
        {!item.is_net_known && <span className="block text-xs text-ink-2">before tax</span>}
      </span>
    </li>
  );
}

function Named({ item, name }: { item: CalendarItemOut; name: string }) {
  const search = useKnownSearch();
  const { account } = useScopeSearch();
  if (item.transaction_id !== null) {
    return (
      <Link
        to="/transactions/$transactionId"
        params={{ transactionId: item.transaction_id }}
        search={search}
        className="lnk font-semibold"
      >
        {name}
      </Link>
    );
  }
  if (item.is_overdue) {
    return (
      <Link to="/actions" search={account ? { account } : {}} className="lnk font-semibold">
        {name}
      </Link>
    );
  }
  return <span className="font-semibold">{name}</span>;
}

function detail(item: CalendarItemOut): string {
  const parts: string[] = [];
  if (item.units !== null && item.per_unit !== null) {
    parts.push(`${quantity(item.units, 4)} × ${quantity(item.per_unit, 6)} ${item.currency}`);
  }
  const isInterest = item.kind === "interest";
  if (item.ex_date !== null && !isInterest) parts.push(`ex ${day(item.ex_date)}`);
  if (item.state !== "paid" && item.pay_date === null && !isInterest) {
    parts.push("pay date not known");
  }
  if (item.basis !== null) parts.push(BASES[item.basis]);
  if (item.is_reinvested) parts.push("reinvested");
  if (item.holding_test && item.state === "declared") parts.push(heldText(item.holding_test));
  return parts.join(" · ");
}
