import { useQuery } from "@tanstack/react-query";
import { AlertsView } from "@/features/alerts/alerts-view";
import { InstrumentField } from "@/features/transactions/instrument-field";
import { instrumentQuery } from "@/shared/api/instruments";
import { currentMe } from "@/shared/api/session";
import { PageTitle, Skeleton } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

export function AlertsPage() {
  const [{ instrument }] = usePageSearch();
  const about = useQuery({ ...instrumentQuery(instrument ?? ""), enabled: Boolean(instrument) });
  return (
    <>
      <PageTitle>Alerts</PageTitle>
      <p className="text-sm text-ink-2 max-w-[72ch] mb-5">
        Rules that look at prices as they come in, at values once they are worked out, and at what
        happens to the portfolio. A crossing is told once, and again only after it was undone.
      </p>
      {instrument && about.isLoading ? (
        <Skeleton label="Loading the instrument" rows={2} height={40} />
      ) : (
        <AlertsView
          canChange={currentMe()?.role !== "viewer"}
          instrument={about.data ?? null}
          pick={({ value, error, isOptional, onChange }) => (
            <InstrumentField
              value={value}
              error={error}
              isOptional={isOptional}
              isKnownOnly
              onChange={onChange}
            />
          )}
        />
      )}
    </>
  );
}
