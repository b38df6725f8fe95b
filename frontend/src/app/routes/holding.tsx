import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { InstrumentActions } from "@/features/actions/instrument-actions";
import { HoldingSummary } from "@/features/holdings/holding-summary";
import { LastTrade } from "@/features/holdings/last-trade";
import { InstrumentSettings } from "@/features/holdings/instrument-settings";
import { LotsPanel } from "@/features/holdings/lots-panel";
import { instrumentQuery } from "@/shared/api/instruments";
import { ManualPrices } from "@/features/prices/manual-prices";
import { TransactionsTable } from "@/features/transactions/transactions-table";
import { WatchButton } from "@/features/watchlists/watch-button";
import type { InstrumentDetailOut } from "@/shared/api/gen/types.gen";
import { ProblemError } from "@/shared/api/problem";
import { currentMe } from "@/shared/api/session";
import { day, words } from "@/shared/format/format";
import { sliceOf } from "@/shared/slice";
import { MomentFields, momentSearch } from "@/shared/ui/moment-fields";
import { OfSlice, PartNote } from "@/shared/ui/sliced";
import { PageTitle, ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { NotFound } from "../fallbacks";
import { editTerms } from "./actions";
import { keptPart } from "../search";
import { usePageSearch } from "../use-search";

export function HoldingPage() {
  const { instrumentId = "" } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(instrumentQuery(instrumentId));
  if (!data) {
    const missing = error instanceof ProblemError && [404, 422].includes(error.problem.status);
    if (missing) return <NotFound />;
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading the instrument" rows={3} height={40} />
    );
  }
  return <Holding instrument={data} />;
}

function Holding({ instrument }: { instrument: InstrumentDetailOut }) {
  const [search, change] = usePageSearch();
  const { account, on, known, basis } = search;
  const moment = on || known || basis ? { on, known, basis } : undefined;
  const scope = account ? { account } : {};
  // which instrument is said already
  const slice = { ...sliceOf(search), instruments: [] };
  const isins = instrument.aliases.filter(({ scheme }) => scheme === "isin");
  return (
    <>
      <PageTitle
        aside={
          moment ? (
            <Link
              to="/holdings/past"
              search={{ ...keptPart(search), ...momentSearch(moment) }}
              className="lnk"
            >
              All positions then
            </Link>
          ) : (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              {currentMe()?.role !== "viewer" && (
                <>
                  <Link to="/alerts" search={{ instrument: instrument.id }} className="btn line">
                    <Bell aria-hidden="true" size={16} />
                    Alert me
                  </Link>
                  <WatchButton instrumentId={instrument.id} symbol={instrument.symbol} />
                </>
              )}
              <Link to="/holdings" search={keptPart(search)} className="lnk">
                All holdings
              </Link>
            </div>
          )
        }
      >
        {instrument.symbol}
      </PageTitle>
      <p className="text-ink-2 -mt-4 mb-6">
        {[
          instrument.name,
          words(instrument.asset_class),
          instrument.currency,
          ...(instrument.delisted_on ? [`delisted ${day(instrument.delisted_on)}`] : []),
          ...isins.map(({ value }) => value),
        ].join(" · ")}
      </p>
      {moment ? (
        <MomentFields moment={moment} onChange={change} hasBasis />
      ) : (
        <LastTrade instrumentId={instrument.id} />
      )}
      <OfSlice slice={slice}>
        <PartNote slice={slice} what="Holding and lots" />
        {!moment && <HoldingSummary instrumentId={instrument.id} account={account} />}
        <LotsPanel instrumentId={instrument.id} account={account} moment={moment} />
      </OfSlice>
      {!moment && (
        <InstrumentActions instrumentId={instrument.id} account={account} renderEdit={editTerms} />
      )}
      {!moment && (
        <div className="mt-10">
          <InstrumentSettings instrument={instrument} />
        </div>
      )}
      {!moment && (
        <div className="mt-10">
          <ManualPrices instrumentId={instrument.id} currency={instrument.currency} />
        </div>
      )}
      <div className="mt-10">
        <Section
          id="records"
          title="Transactions"
          aside={
            <Link
              to="/transactions/new"
              search={{ instrument: instrument.id, ...scope }}
              className="lnk"
            >
              Add one
            </Link>
          }
        >
          <TransactionsTable
            filter={{
              instrument: instrument.id,
              account,
              ...(on ? { to: on } : {}),
              ...(known ? { known } : {}),
            }}
            empty={{
              title: "No transactions here",
              body: <p>None of {instrument.symbol} in this account.</p>,
            }}
          />
        </Section>
      </div>
    </>
  );
}
