import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { accountsQuery } from "@/shared/api/accounts";
import { explainPath } from "@/shared/api/explanations";
import type { PositionOut, PositionsOut } from "@/shared/api/gen/types.gen";
import { day, quantity } from "@/shared/format/format";
import { reasonText } from "@/shared/format/reasons";
import { isNarrowed } from "@/shared/slice";
import { Money } from "@/shared/ui/figures";
import { momentSearch, type Moment } from "@/shared/ui/moment-fields";
import { EmptyState, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { NothingOfPart, PartOf, usePartSearch, useSlice } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { useScopeSearch } from "@/shared/ui/known";
import { positionsQuery } from "./queries";

type Props = { account: string | undefined; moment: Moment };

/** Units and cost per account at the end of a day, and the cash beside them. */
export function PastPositions({ account, moment }: Props) {
  const slice = useSlice();
  const { data, error, refetch } = useQuery(positionsQuery(account, moment, slice));
  const accounts = useQuery(accountsQuery);
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading positions" rows={6} height={40} />
    );
  }
  const isEmpty = data.items.length === 0 && data.cash.length === 0;
  if (isEmpty && isNarrowed(slice)) {
    return <NothingOfPart title="Nothing of this part was held" />;
  }
  if (isEmpty) {
    return (
      <EmptyState title={`Nothing was held on ${day(data.on)}`}>
        <p>No record up to that day brought units or cash.</p>
      </EmptyState>
    );
  }
  const names = new Map(accounts.data?.items.map((found) => [found.id, found.name]));
  const nameOf = (id: string) => names.get(id) ?? "";
  return (
    <div className="flex flex-col gap-10">
      {error && <StaleNotice what="the positions" onRetry={retry} />}
      <Section id="units" title={`Units, end of ${day(data.on)}`}>
        {data.items.length > 0 ? (
          <Positions data={data} moment={moment} nameOf={nameOf} />
        ) : (
          <p className="text-sm text-ink-2">No units were held.</p>
        )}
      </Section>
      <Cash data={data} moment={moment} nameOf={nameOf} />
    </div>
  );
}

type PartProps = { data: PositionsOut; moment: Moment; nameOf: (id: string) => string };

function Positions({ data, moment, nameOf }: PartProps) {
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="positions">
        <thead>
          <tr>
            <th scope="col">Instrument</th>
            <th scope="col" className="!text-left">
              Account
            </th>
            <th scope="col">Units</th>
            <th scope="col">Cost</th>
            <th scope="col">Per unit</th>
            <th scope="col">Records</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((item) => (
            <Position
              key={`${item.account_id} ${item.instrument_id}`}
              item={item}
              moment={{ ...moment, on: data.on }}
              account={nameOf(item.account_id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type PositionProps = { item: PositionOut; moment: Moment; account: string };

function Position({ item, moment, account }: PositionProps) {
  const reason = reasonText(item.unknown_reason ? [item.unknown_reason] : []);
  const why = (figure: string, name: string) => ({
    figure: `${name} of ${item.symbol} in ${account}, ${day(moment.on ?? "")}`,
    // of what had settled by a day, and of a part of it, only the figure is known here
    path:
      moment.basis || item.weight_ratio !== "1"
        ? null
        : explainPath("position", {
            account_id: item.account_id,
            instrument_id: item.instrument_id,
            figure,
            on: moment.on,
            as_known_on: moment.known,
          }),
  });
  return (
    <tr>
      <td>
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: item.instrument_id }}
          search={{ ...usePartSearch(), account: item.account_id, ...momentSearch(moment) }}
          className="font-semibold hover:underline inline-block min-h-6"
          aria-label={`Lots of ${item.symbol} in ${account}`}
          title={item.instrument_name}
        >
          {item.symbol}
        </Link>
        <PartOf ratio={item.weight_ratio} />
      </td>
      <td className="!text-left max-md:row-start-2 max-md:col-start-1 max-md:text-xs text-ink-2 md:max-w-[24ch] truncate">
        {account}
      </td>
      <td className="num max-md:col-start-2 max-md:row-start-1 max-md:!text-right">
        <Why {...why("quantity", "Units")}>
          {quantity(item.quantity)}
          <span className="md:hidden"> units</span>
        </Why>
      </td>
      <td className="max-md:col-start-2 max-md:row-start-2 max-md:!text-right max-md:text-xs">
        <span className="md:hidden text-ink-2">cost </span>
        <Why {...why("cost", "Cost")}>
          <Money value={item.cost} currency={item.currency} reason={reason} />
        </Why>
      </td>
      <td className="max-md:hidden">
        <Why {...why("average_cost", "Average cost")}>
          <Money value={item.average_cost} currency={item.currency} digits={4} reason={reason} />
        </Why>
      </td>
      <td className="max-md:col-start-1 max-md:row-start-3 max-md:text-xs">
        <Link
          to="/transactions"
          search={{
            account: item.account_id,
            instrument: item.instrument_id,
            ...(moment.on ? { to: moment.on } : {}),
            ...(moment.known ? { known: moment.known } : {}),
          }}
          className="lnk !py-0"
          aria-label={`Transactions of ${item.symbol} in ${account} up to then`}
        >
          Transactions
        </Link>
      </td>
    </tr>
  );
}

function Cash({ data, moment, nameOf }: PartProps) {
  return (
    <Section
      id="cash-then"
      title="Cash"
      aside={
        <Link
          to="/cash"
          search={{
            ...useScopeSearch(),
            ...usePartSearch(),
            ...momentSearch({ on: data.on, known: moment.known }),
          }}
          className="lnk"
        >
          What was on its way
        </Link>
      }
    >
      {data.cash.length === 0 && <p className="text-sm text-ink-2">None, or not known.</p>}
      <dl className="flex flex-wrap gap-x-10 gap-y-4">
        {data.cash.map((item) => (
          <div key={`${item.account_id} ${item.currency}`}>
            <dt className="text-xs text-ink-2">
              {item.currency}, {nameOf(item.account_id)}
            </dt>
            <dd>
              <Money value={item.amount} currency={item.currency} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
