import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainPath } from "@/shared/api/explanations";
import type { CashOnOut, CashOut, PendingCashOut } from "@/shared/api/gen/types.gen";
import { counted, day, words } from "@/shared/format/format";
import { isNarrowed } from "@/shared/slice";
import { reasonText } from "@/shared/format/reasons";
import { settlementRule } from "@/shared/format/settlement";
import { Money } from "@/shared/ui/figures";
import { Why } from "@/shared/ui/why";
import { momentSearch, type Moment } from "@/shared/ui/moment-fields";
import { EmptyState, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { NothingOfPart, useSlice } from "@/shared/ui/sliced";
import { cashQuery } from "./queries";

type Props = { account: string | undefined; moment: Moment };

/** Cash of each account by currency: as traded, as settled, and what is on its way. */
export function CashTable({ account, moment }: Props) {
  const slice = useSlice();
  const { data, error, refetch } = useQuery(cashQuery(account, moment, slice));
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading cash" rows={5} height={40} />
    );
  }
  if (data.items.length === 0 && isNarrowed(slice)) {
    return <NothingOfPart title="No cash of this part" />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState title={moment.on ? `No cash on ${day(data.on)}` : "No cash yet"}>
        <p>Deposits, sales and dividends bring some; an account without any is not listed.</p>
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-10">
      {error && <StaleNotice what="the cash" onRetry={retry} />}
      {byAccount(data).map(([id, items]) => (
        <Section key={id} id={`cash-${id}`} title={items[0]?.account_name ?? ""}>
          <Balances items={items} moment={moment} />
        </Section>
      ))}
      <p className="text-sm text-ink-2">
        Balances at the end of {day(data.on)}. Currencies are not added up here: what they are worth
        together is under{" "}
        <Link to="/holdings" search={account ? { account } : {}} className="lnk">
          Holdings
        </Link>
        , at the rates of the day.
      </p>
    </div>
  );
}

function byAccount(data: CashOut): [string, CashOnOut[]][] {
  const found = new Map<string, CashOnOut[]>();
  for (const item of data.items) {
    found.set(item.account_id, [...(found.get(item.account_id) ?? []), item]);
  }
  return [...found].toSorted(([, a], [, b]) =>
    (a[0]?.account_name ?? "").localeCompare(b[0]?.account_name ?? ""),
  );
}

function Balances({ items, moment }: { items: readonly CashOnOut[]; moment: Moment }) {
  return (
    <div className="tablewrap">
      <table className="tbl stack md:table-fixed" data-testid="cash">
        <thead>
          <tr>
            <th scope="col">Currency</th>
            <th scope="col">As traded</th>
            <th scope="col">Settled</th>
            <th scope="col">On its way</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Balance key={item.currency} item={item} moment={moment} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const unknownSettlement = (item: CashOnOut): string | undefined =>
  reasonText([
    ...new Set(item.pending.map((waiting) => waiting.unknown_reason).filter((r) => r !== null)),
  ]);

function Balance({ item, moment }: { item: CashOnOut; moment: Moment }) {
  const why = (figure: "amount" | "settled", name: string) => ({
    figure: `${item.currency} ${name}, ${item.account_name}`,
    // what was known on a day is shown, not explained
    path: moment.known
      ? null
      : explainPath("cash", {
          account_id: item.account_id,
          currency: item.currency,
          figure,
          on: moment.on,
        }),
  });
  return (
    <>
      <tr>
        <td>
          <Link
            to="/cash/$accountId/$currency"
            params={{ accountId: item.account_id, currency: item.currency }}
            search={momentSearch({ on: moment.on, known: moment.known })}
            className="lnk font-semibold !py-0"
            aria-label={`Movements of ${item.currency} in ${item.account_name}`}
          >
            {item.currency}
          </Link>
        </td>
        <td className="max-md:col-start-2 max-md:row-start-1 max-md:!text-right font-medium">
          <Why {...why("amount", "as traded")}>
            <Money value={item.amount} currency={item.currency} />
          </Why>
        </td>
        <td className="max-md:col-start-2 max-md:row-start-2 max-md:!text-right max-md:text-xs">
          <span className="md:hidden text-ink-2">settled </span>
          <Why {...why("settled", "settled")}>
            <Money value={item.settled} currency={item.currency} reason={unknownSettlement(item)} />
          </Why>
        </td>
        <td className="max-md:col-start-1 max-md:row-start-2 max-md:text-xs text-ink-2">
          {item.pending.length > 0
            ? `${counted(item.pending.length, "movement")} on the way`
            : "nothing on its way"}
        </td>
      </tr>
      {item.pending.length > 0 && (
        <tr>
          <td colSpan={4} className="!text-left max-md:col-span-2">
            <ul className="flex flex-col gap-1.5 text-xs text-ink-2 pl-4 border-l border-rule-strong">
              {item.pending.map((waiting, place) => (
                <Waiting key={place} waiting={waiting} currency={item.currency} />
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
}

function Waiting({ waiting, currency }: { waiting: PendingCashOut; currency: string }) {
  return (
    <li>
      <Money value={waiting.amount} currency={currency} signed className="text-ink" />{" "}
      <Link
        to="/transactions/$transactionId"
        params={{ transactionId: waiting.transaction_id }}
        className="lnk !text-xs !py-0"
      >
        {words(waiting.kind)}
        {waiting.symbol && ` ${waiting.symbol}`} of {day(waiting.trade_date)}
      </Link>
      {waiting.settles_on === null
        ? `, unknown when it settles: ${reasonText([waiting.unknown_reason ?? ""]) ?? ""}`
        : `, settles ${day(waiting.settles_on)}, ${settlementRule(waiting.rule)}`}
    </li>
  );
}
