import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { setInstrumentSourceOrder } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { SourceList } from "@/shared/ui/source-list";
import { ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { instrumentOrderQuery } from "./queries";

type Props = { instrumentId: string; canChange: boolean };

/** Who counts and is asked first for one instrument, for everybody. */
export function InstrumentOrder({ instrumentId, canChange }: Props) {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(instrumentOrderQuery(instrumentId));
  const save = useMutation({
    mutationFn: (sources: string[]) =>
      unwrap(
        setInstrumentSourceOrder({
          path: { instrument_id: instrumentId },
          body: { sources, version: data?.version ?? null },
        }),
      ),
    onSuccess: async () => {
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
      await queryClient.invalidateQueries({ queryKey: ["operations", "data"] });
    },
  });
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the sources" rows={6} height={36} />
    );
  }
  return (
    <>
      {error && <StaleNotice what="the order" onRetry={retry} />}
      <p className="text-sm text-ink-2 max-w-[65ch] mb-4">
        The first that tells a price of a day counts, for everybody who did not choose otherwise,
        and is asked first from now on.
      </p>
      <SourceList
        key={`${instrumentId} ${String(data.version ?? 0)}`}
        order={data}
        canChange={canChange}
        isPending={save.isPending}
        error={save.error}
        onSave={save.mutate}
      />
    </>
  );
}
