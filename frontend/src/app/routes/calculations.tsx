import { CalculationsList } from "@/features/reports/calculations-list";
import { PageTitle } from "@/shared/ui/states";

/** Which calculation means what, and since when. */
export function CalculationsPage() {
  return (
    <>
      <PageTitle>Calculations</PageTitle>
      <p className="text-ink-2 mb-6 max-w-[65ch]">
        A calculation that changes meaning gets a new version. Reports name the versions they were
        made with, and can be worked out again with them.
      </p>
      <CalculationsList />
    </>
  );
}
