import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { resetProvider } from "@/shared/api/gen/sdk.gen";
import type { ProviderLimitOut, ProviderOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { counted, day, instant } from "@/shared/format/format";
import { ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { providersQuery } from "./queries";

type Props = { canReset: boolean };

/** Who is asked for prices, in order: how each answers, and what is left of its allowance. */
export function ProvidersTable({ canReset }: Props) {
  const { data, error, refetch } = useQuery(providersQuery());
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the providers" rows={6} height={40} />
    );
  }
  return (
    <>
      {error && <StaleNotice what="the providers" onRetry={retry} />}
      {!data.is_shared && (
        <p className="note warn mb-3">
          The queue server is away, so what the feed met cannot be seen from here.
        </p>
      )}
      <div className="tablewrap">
        <table className="tbl stack" data-testid="providers">
          <caption className="sr">Providers in the order they are asked</caption>
          <thead>
            <tr>
              <th scope="col">Provider</th>
              <th scope="col">State</th>
              <th scope="col">Answered</th>
              <th scope="col">Slowest 5 %</th>
              <th scope="col">Newest told</th>
              <th scope="col">Allowance used</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <Provider key={item.source} item={item} canReset={canReset} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Provider({ item, canReset }: { item: ProviderOut; canReset: boolean }) {
  return (
    <tr>
      <td className="!text-left">
        <span className="font-semibold">{item.name}</span>
        <span className="block text-xs text-ink-2">{item.terms}</span>
      </td>
      <td className="max-md:col-start-2 max-md:row-start-1 max-md:!text-right">
        <State item={item} canReset={canReset} />
      </td>
      <td className="num max-md:hidden">
        {item.call_count === 0
          ? "not asked lately"
          : `${String(item.success_count)} of ${String(item.call_count)}`}
        {item.last_error !== null && (
          <span className="block text-xs text-ink-2">last: {item.last_error}</span>
        )}
      </td>
      <td className="num max-md:hidden">
        {item.latency_p95_ms === null ? "–" : `${String(item.latency_p95_ms)} ms`}
      </td>
      <td className="num max-md:hidden">
        <Newest item={item} />
      </td>
      <td className="num max-md:hidden">
        {item.limits.length === 0
          ? "no limit"
          : item.limits.map((one) => <Limit key={one.seconds} limit={one} />)}
      </td>
    </tr>
  );
}

/** How old its newest close and quote are, what it restated, and what of it waits. */
function Newest({ item }: { item: ProviderOut }) {
  return (
    <>
      {item.newest_day === null ? "nothing in 60 days" : day(item.newest_day)}
      {item.newest_quote_at !== null && (
        <span className="block text-xs text-ink-2">quote of {instant(item.newest_quote_at)}</span>
      )}
      {item.correction_count > 0 && (
        <span className="block text-xs text-ink-2">
          {counted(item.correction_count, "correction")} in 30 days
        </span>
      )}
      {item.held_count > 0 && (
        <span className="block text-xs text-warn">{item.held_count} held back</span>
      )}
    </>
  );
}

const SPANS: Record<number, string> = { 60: "a minute", 3600: "an hour", 86_400: "a day" };

function Limit({ limit }: { limit: ProviderLimitOut }) {
  return (
    <span className="block" title={`until ${instant(limit.resets_at)}`}>
      {limit.used} of {limit.calls} {SPANS[limit.seconds] ?? `in ${String(limit.seconds)} s`}
    </span>
  );
}

const NOT_ASKED: Record<NonNullable<ProviderOut["not_asked"]>, string> = {
  offline: "this installation works offline",
  terms: "its terms do not allow serving others",
  not_named: "the settings leave it out",
  no_key: "no key is set",
  no_folder: "no folder is set",
};

function State({ item, canReset }: { item: ProviderOut; canReset: boolean }) {
  const queryClient = useQueryClient();
  const reset = useMutation({
    mutationFn: () => unwrap(resetProvider({ path: { source: item.source } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["operations", "providers"] }),
  });
  if (item.not_asked !== null) {
    return <span className="text-ink-2">not asked: {NOT_ASKED[item.not_asked]}</span>;
  }
  if (item.state === "closed") return <span className="text-gain">asked</span>;
  const until = item.until === null ? "" : ` until ${instant(item.until)}`;
  return (
    <>
      <span className="text-warn">
        {item.state === "open" ? "left alone after failures" : "asked to be left alone"}
        {until}
      </span>
      {canReset && (
        <button
          type="button"
          className="lnk block ml-auto"
          disabled={reset.isPending}
          onClick={() => {
            reset.mutate();
          }}
        >
          Ask again now
        </button>
      )}
      {reset.error && <ProblemNotice error={reset.error} title="It is still left alone" />}
    </>
  );
}
