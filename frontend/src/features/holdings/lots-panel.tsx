import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { explainPath } from "@/shared/api/explanations";
import type { HoldingsOut, LotClosureOut, LotOut, LotsOut } from "@/shared/api/gen/types.gen";
import { day, LOT_DIGITS, percent, quantity } from "@/shared/format/format";
import { Money, tone } from "@/shared/ui/figures";
import type { Moment } from "@/shared/ui/moment-fields";
import { usePartSearch, useSlice } from "@/shared/ui/sliced";
import { Why } from "@/shared/ui/why";
import { ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { holdingsQuery, lotsQuery } from "./queries";
import { RealizedGain } from "./realized-gain";
import { WhatIfPanel } from "./what-if-panel";
import { reasonText } from "@/shared/format/reasons";

type Props = {
  instrumentId: string;
  account: string | undefined;
  /** Lots of a past day; nobody can sell those any more. */
  moment?: Moment | undefined;
};

/** Open lots, what was closed, and the gain each closure realized. */
export function LotsPanel({ instrumentId, account, moment }: Props) {
  const slice = useSlice();
  const part = usePartSearch();
  const { data, error, refetch } = useQuery(lotsQuery(instrumentId, account, moment, slice));
  const holdings = useQuery(holdingsQuery(account));
  const isWhole = data?.weight_ratio === "1";
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading lots" rows={6} height={36} />
    );
  }
  return (
    <div className="flex flex-col gap-10">
      <Section
        id="open-lots"
        title="Open lots"
        aside={
          isSplit(data) && <span className="text-sm">{percent(data.weight_ratio)} of each</span>
        }
      >
        <OpenLots data={data} isWhole={isWhole} />
      </Section>
      {!moment && isWhole && data.open_lots.some((lot) => !lot.is_short) && (
        <Section id="what-if" title="What if I sell?">
          <WhatIfPanel
            key={priceOf(holdings.data, instrumentId)}
            instrumentId={instrumentId}
            lots={data.open_lots}
            price={priceOf(holdings.data, instrumentId)}
          />
        </Section>
      )}
      <Section
        id="closed-lots"
        title="Closed lots"
        aside={<RealizedGain data={data} account={account} isPast={Boolean(moment)} />}
      >
        <ClosedLots data={data} isWhole={isWhole} />
        {data.closure_count > data.closures.length && (
          <p className="text-sm text-ink-2 mt-3">
            The newest {data.closures.length} of {data.closure_count}; all of them are under{" "}
            <Link to="/gains" search={{ ...part, ...(account ? { account } : {}) }} className="lnk">
              Gains
            </Link>
            .
          </p>
        )}
      </Section>
    </div>
  );
}

/** Whether only a part of each lot belongs to the part of the portfolio. */
const isSplit = ({ weight_ratio }: LotsOut): boolean => !["0", "1"].includes(weight_ratio);

const priceOf = (holdings: HoldingsOut | undefined, instrumentId: string): string | null =>
  holdings?.items.find((item) => item.instrument_id === instrumentId)?.price ?? null;

/** Of an instrument that belongs to the part in part only figures are told, not their own trees. */
type ListProps = { data: LotsOut; isWhole: boolean };

function OpenLots({ data, isWhole }: ListProps) {
  if (data.open_lots.length === 0) {
    return <p className="text-sm text-ink-2">Nothing is open.</p>;
  }
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="open-lots">
        <thead>
          <tr>
            <th scope="col">Acquired</th>
            <th scope="col">Units</th>
            <th scope="col">Cost</th>
            <th scope="col">Per unit</th>
            <th scope="col">Term</th>
            <th scope="col">Account</th>
          </tr>
        </thead>
        <tbody>
          {data.open_lots.map((lot) => (
            <OpenLot key={lot.id} lot={lot} isWhole={isWhole} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const RIGHT_1 = "max-md:col-start-2 max-md:row-start-1 max-md:!text-right";
const RIGHT_2 =
  "max-md:col-start-2 max-md:row-start-2 max-md:!text-right max-md:text-xs max-md:text-ink-2";
const LEFT_2 = "max-md:col-start-1 max-md:row-start-2 max-md:text-xs max-md:text-ink-2";

function OpenLot({ lot, isWhole }: { lot: LotOut; isWhole: boolean }) {
  const reason = reasonText(lot.unknown_reason ? [lot.unknown_reason] : []);
  const why = (figure: string, name: string) => ({
    figure: `${name} of the lot of ${day(lot.acquired_date)}`,
    path: isWhole ? explainPath(`lots/${lot.id}`, { figure }) : null,
  });
  const perUnit = (
    <Why {...why("cost_per_unit", "Cost per unit")}>
      <Money value={lot.cost_per_unit} currency={lot.currency} digits={4} reason={reason} />
    </Why>
  );
  return (
    <tr>
      <td className="whitespace-nowrap">
        <LotLink id={lot.id} date={lot.acquired_date} />
      </td>
      <td className={`num ${LEFT_2}`}>
        <Why {...why("quantity", "Units")}>
          {lot.is_short ? "−" : ""}
          {quantity(lot.quantity)}
        </Why>
        <span className="md:hidden">
          {" at "}
          {perUnit}
        </span>
      </td>
      <td className={RIGHT_1}>
        <Why {...why("cost", "Cost")}>
          <Money value={lot.cost} currency={lot.currency} upTo={LOT_DIGITS} reason={reason} />
        </Why>
      </td>
      <td className="max-md:hidden">{perUnit}</td>
      <td className={RIGHT_2}>
        {lot.is_short ? "short position" : lot.is_long_term ? "long term" : "short term"}
      </td>
      <td className="max-md:col-span-2 max-md:text-xs max-md:text-ink-2 max-w-[24ch] truncate">
        {lot.account_name}
      </td>
    </tr>
  );
}

/** A lot by the day it was acquired: to what opened, changed and closed it. */
function LotLink({ id, date }: { id: string; date: string }) {
  return (
    <Link
      to="/holdings/lots/$lotId"
      params={{ lotId: id }}
      className="lnk !text-[length:inherit] !py-0"
      aria-label={`Lot of ${day(date)}`}
    >
      {day(date)}
    </Link>
  );
}

function ClosedLots({ data, isWhole }: ListProps) {
  if (data.closures.length === 0) {
    return <p className="text-sm text-ink-2">Nothing was sold yet.</p>;
  }
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="closed-lots">
        <thead>
          <tr>
            <th scope="col">Closed</th>
            <th scope="col">Acquired</th>
            <th scope="col">Units</th>
            <th scope="col">Proceeds</th>
            <th scope="col">Cost</th>
            <th scope="col">Gain</th>
            <th scope="col">Term</th>
          </tr>
        </thead>
        <tbody>
          {data.closures.map((closure) => (
            <ClosedLot key={closure.id} closure={closure} isWhole={isWhole} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ClosedLot({ closure, isWhole }: { closure: LotClosureOut; isWhole: boolean }) {
  const reason = reasonText(closure.unknown_reason ? [closure.unknown_reason] : []);
  const why = (figure: string, name: string) => ({
    figure: `${name} of the lot closed on ${day(closure.closed_date)}`,
    path: isWhole ? explainPath(`closures/${closure.id}`, { figure }) : null,
  });
  const money = (value: string | null, figure: string, name: string) => (
    <Why {...why(figure, name)}>
      <Money value={value} currency={closure.currency} upTo={LOT_DIGITS} reason={reason} />
    </Why>
  );
  return (
    <tr>
      <td className="whitespace-nowrap">{day(closure.closed_date)}</td>
      <td className={`whitespace-nowrap ${LEFT_2}`}>
        <span className="md:hidden">bought </span>
        <LotLink id={closure.lot_id} date={closure.acquired_date} />
      </td>
      <td className={`num ${RIGHT_2}`}>
        <Why {...why("quantity", "Units")}>
          {quantity(closure.quantity)}
          <span className="md:hidden"> units</span>
        </Why>
      </td>
      <td className="max-md:row-start-3 max-md:text-xs max-md:text-ink-2">
        <span className="md:hidden">for </span>
        {money(closure.proceeds, "proceeds", "Proceeds")}
        <span className="md:hidden">, cost {money(closure.cost, "cost", "Cost")}</span>
      </td>
      <td className="max-md:hidden">{money(closure.cost, "cost", "Cost")}</td>
      <td className={RIGHT_1}>
        <Why {...why("gain", "Gain")}>
          <Money
            value={closure.gain}
            currency={closure.currency}
            upTo={LOT_DIGITS}
            signed
            reason={reason}
            className={tone(closure.gain)}
          />
        </Why>
      </td>
      <td className="max-md:col-start-2 max-md:row-start-3 max-md:!text-right max-md:text-xs max-md:text-ink-2">
        {closure.is_short ? "short sale" : `${closure.term} term`}
      </td>
    </tr>
  );
}
