import { Link } from "@tanstack/react-router";
import { ReportsList } from "@/features/reports/reports-list";
import { KIND_NAMES, REPORT_KINDS } from "@/features/reports/words";
import { SelectField } from "@/shared/ui/field";
import { DayField } from "@/shared/ui/moment-fields";
import { PageTitle } from "@/shared/ui/states";
import { usePageSearch } from "../use-search";

const KINDS = [["", "Every kind"], ...REPORT_KINDS.map((kind) => [kind, KIND_NAMES[kind]])] as [
  string,
  string,
][];

/** What pages said, kept. */
export function ReportsPage() {
  const [search, change] = usePageSearch();
  const kind = REPORT_KINDS.find((known) => known === search.kind);
  return (
    <>
      <PageTitle
        aside={
          <Link to="/calculations" className="lnk">
            Calculations and their versions
          </Link>
        }
      >
        Reports
      </PageTitle>
      <p className="text-ink-2 mb-6 max-w-[65ch]">
        A report is what a page said, kept with all it was worked out from. It stays as it is,
        whatever is recorded, corrected or restated later, and can be worked out again.
      </p>
      <form
        className="flex flex-wrap gap-x-4 gap-y-3 mb-6 items-end"
        aria-label="Which reports"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <SelectField
          label="Kind"
          value={kind ?? ""}
          options={KINDS}
          onChange={(event) => {
            change({ kind: event.target.value || undefined });
          }}
        />
        <DayField
          label="As reported on"
          value={search.on}
          onChange={(on) => {
            change({ on });
          }}
        />
      </form>
      <ReportsList filter={{ kind, on: search.on }} />
    </>
  );
}
