import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { setSourceOrder } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { SourceList } from "@/shared/ui/source-list";
import { ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { sourceOrderQuery } from "./queries";

/** Whose price counts for this portfolio, where several sources tell of the same day. */
export function SourceOrder({ canChange }: { canChange: boolean }) {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(sourceOrderQuery);
  const save = useMutation({
    mutationFn: (sources: string[]) =>
      unwrap(setSourceOrder({ body: { sources, version: data?.version ?? null } })),
    onSuccess: async () => {
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
      await queryClient.invalidateQueries({ queryKey: ["prices"] });
    },
  });
  const retry = () => {
    void refetch();
  };
  return (
    <Section id="price-sources" title="Price sources">
      <p className="text-sm text-ink-2 max-w-[65ch] mb-4">
        Where several sources tell a price of the same day, the first in this list counts for this
        portfolio. A price of your own always counts before them.
      </p>
      {error && data && <StaleNotice what="the order" onRetry={retry} />}
      {error && !data && <ProblemNotice error={error} onRetry={retry} />}
      {!data && !error && <Skeleton label="Loading the sources" rows={6} height={36} />}
      {data && (
        <SourceList
          key={data.version ?? 0}
          order={data}
          canChange={canChange}
          isPending={save.isPending}
          error={save.error}
          onSave={save.mutate}
        />
      )}
    </Section>
  );
}
