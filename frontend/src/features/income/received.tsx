import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { SaveAs } from "@/shared/charts/save-as";
import type { IncomeGroupOut, IncomeOut, PaymentOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { Money } from "@/shared/ui/figures";
import { useKnownSearch } from "@/shared/ui/known";
import { useAddress } from "@/shared/ui/use-address";
import { heldText, kindOf, why, whyAll } from "./phrases";

type By = "kinds" | "instruments" | "accounts" | "years";
const BY = [
  ["kinds", "Kind"],
  ["instruments", "Instrument"],
  ["accounts", "Account"],
  ["years", "Year"],
] as const;

/** What was received, added up by one thing or another. */
export function Groups({ data }: { data: IncomeOut }) {
  const [by, setBy] = useAddress<By>("added", BY, "kinds");
  const groups = data[by];
  const { currency } = data;
  return (
    <>
      <div className="mb-3">
        <Choice label="Added up by" look="quiet" value={by} options={BY} onChange={setBy} />
      </div>
      <div className="tablewrap">
        <table className="tbl" aria-label="Income received">
          <thead>
            <tr>
              <th scope="col" className="!text-left">
                {BY.find(([key]) => key === by)?.[1]}
              </th>
              <th scope="col" className="max-sm:hidden">
                Before tax
              </th>
              <th scope="col" className="max-sm:hidden">
                Withheld
              </th>
              <th scope="col">Net</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Group key={group.key} group={group} currency={currency} />
            ))}
          </tbody>
          <tfoot>
            <Amounts label="Together" amounts={data.total} currency={currency} />
          </tfoot>
        </table>
      </div>
      <SaveAs className="mt-2 text-xs" file={`income-by-${by}`} rows={() => groupRows(data, by)} />
    </>
  );
}

const groupRows = (data: IncomeOut, by: By) => [
  [BY.find(([key]) => key === by)?.[1] ?? "", "Before tax", "Withheld", "Net", "Currency"],
  ...data[by].map(({ label, amounts }) => [
    label, amounts.gross, amounts.withheld, amounts.net, data.currency,
  ]), // prettier-ignore
];

const Group = ({ group, currency }: { group: IncomeGroupOut; currency: string }) => (
  <Amounts label={group.label} amounts={group.amounts} currency={currency} />
);

type AmountsProps = { label: string; amounts: IncomeGroupOut["amounts"]; currency: string };

/** A line of amounts: before tax, withheld, net. */
export function Amounts({ label, amounts, currency }: AmountsProps) {
  const reason = whyAll(amounts.reasons);
  return (
    <tr>
      <td className="!text-left">{label}</td>
      <td className="max-sm:hidden">
        <Money value={amounts.gross} currency={currency} reason={reason} />
      </td>
      <td className="max-sm:hidden">
        <Money value={amounts.withheld} currency={currency} reason={reason} />
      </td>
      <td>
        <Money value={amounts.net} currency={currency} reason={reason} />
      </td>
    </tr>
  );
}

const FEW = 12;

/** The newest payments: how each is classified, and whether its units were held long enough. */
export function Payments({ data }: { data: IncomeOut }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? data.payments : data.payments.slice(0, FEW);
  const names = new Map(data.accounts.map(({ key, label }) => [key, label]));
  return (
    <>
      <ul className="border-t border-rule">
        {shown.map((payment) => (
          <Payment
            key={payment.transaction_id}
            payment={payment}
            account={names.get(payment.account_id) ?? ""}
            base={data.currency}
          />
        ))}
      </ul>
      <Below data={data} isAll={isAll} onAll={setAll} />
    </>
  );
}

type BelowProps = { data: IncomeOut; isAll: boolean; onAll: (isAll: boolean) => void };

/** What the payments leave out, and the way to the rest of them. */
function Below({ data, isAll, onAll }: BelowProps) {
  const sent = data.payments.length;
  const isCut = data.payment_count > sent;
  return (
    <p className="mt-2 text-xs text-ink-2 flex flex-wrap gap-x-5">
      <span>
        Whether a dividend can be qualified (US) depends on more than 60 days held of the 121 around
        its ex-date. Days with a diminished risk of loss are not known here and would not count;
        payments in lieu never qualify.
      </span>
      {isCut && (
        <span>
          The newest {sent} of {data.payment_count} payments; the file holds the same.
        </span>
      )}
      {sent > FEW && (
        <button
          type="button"
          className="lnk"
          aria-expanded={isAll}
          onClick={() => {
            onAll(!isAll);
          }}
        >
          {isAll ? "Show fewer" : `Show ${isCut ? "the newest" : "all"} ${String(sent)}`}
        </button>
      )}
      <SaveAs className="sm:ml-auto" file="income-received" rows={() => rowsOf(data)} />
    </p>
  );
}

const rowsOf = (data: IncomeOut) => [
  ["Paid on", "Ex-date", "Symbol", "Kind", "Classification", "Gross", "Withheld", "Fee", "Net",
    "Currency", "Net in base", "Base", "Held long enough", "Not yet", "Too short"], // prettier-ignore
  ...data.payments.map((one) => [
    one.paid_on,
    one.ex_date,
    one.symbol,
    one.kind,
    one.classification,
    one.gross,
    one.withheld,
    one.fee,
    one.net,
    one.currency,
    one.net_in_base,
    data.currency,
    one.holding_test?.units_enough ?? null,
    one.holding_test?.units_not_yet ?? null,
    one.holding_test?.units_too_short ?? null,
  ]),
];

type PaymentProps = { payment: PaymentOut; account: string; base: string };

function Payment({ payment, account, base }: PaymentProps) {
  const search = useKnownSearch();
  const { currency } = payment;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 py-2 border-b border-rule text-sm">
      <span className="min-w-0">
        <Link
          to="/transactions/$transactionId"
          params={{ transactionId: payment.transaction_id }}
          search={search}
          className="lnk font-semibold"
        >
          {payment.symbol ?? "Cash"}, {day(payment.paid_on)}
        </Link>
        <span className="block text-xs text-ink-2">
          {kindOf(payment)}
          {account && ` · ${account}`}
          {payment.holding_test && ` · ${heldText(payment.holding_test)}`}
        </span>
      </span>
      <span className="text-right">
        <Money value={payment.net} currency={currency} reason={why(payment.reason)} />
        {currency !== base && (
          <span className="block text-xs text-ink-2">
            <Money value={payment.net_in_base} currency={base} reason={why(payment.reason)} />
          </span>
        )}
        {payment.withheld !== "0" && (
          <span className="block text-xs text-ink-2">
            <Money value={payment.withheld} currency={currency} /> withheld
          </span>
        )}
      </span>
    </li>
  );
}
