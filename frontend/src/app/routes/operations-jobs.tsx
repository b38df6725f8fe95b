import { X } from "lucide-react";
import { useState } from "react";
import { BackfillForm } from "@/features/jobs/backfill-form";
import { BackfillsList } from "@/features/jobs/backfills-list";
import { JobsList } from "@/features/jobs/jobs-list";
import { kindOptions, type JobState } from "@/features/jobs/kinds";
import { ScheduleTable } from "@/features/jobs/schedule-table";
import { JOB_LOOKS, JOB_STATES } from "@/features/jobs/states";
import { SummaryPanel } from "@/features/jobs/summary-panel";
import { currentMe } from "@/shared/api/session";
import { Choice } from "@/shared/ui/choice";
import { SelectField } from "@/shared/ui/field";
import { PageTitle, Section } from "@/shared/ui/states";
import { Toast, type Told } from "@/shared/ui/toast";
import { OperationsTabs } from "../operations-tabs";
import type { Search } from "../search";
import { usePageSearch } from "../use-search";

const STATES: readonly (readonly [JobState | "all", string])[] = [
  ["all", "All"],
  ...JOB_STATES.map((state) => [state, JOB_LOOKS[state][0]] as const),
];

/** Queues, work and its schedule; for who operates the installation. */
export function OperationsJobsPage() {
  const [search, change] = usePageSearch();
  const [told, setTold] = useState<Told | null>(null);
  const canChange = currentMe()?.operator_access === "full";
  return (
    <>
      <PageTitle>Jobs</PageTitle>
      <OperationsTabs />
      <p className="text-ink-2 mb-6 max-w-[65ch]">
        What Truenav does in the background: imports, prices, values, checks. What fails is tried
        again by itself; only what is given up waits for you.
      </p>
      <Section id="at-a-glance" title="How work goes">
        <SummaryPanel />
      </Section>
      <div className="mt-10">
        <Section id="work" title="Work">
          <Filters search={search} change={change} />
          <JobsList
            filter={{ state: search.job, kind: search.topic, batch: search.batch }}
            canChange={canChange}
            tell={setTold}
          />
          {!canChange && <OnlyLooking what="Trying again and cancelling" />}
        </Section>
      </div>
      <div className="mt-10">
        <Section id="backfills" title="Backfills">
          {canChange ? (
            <BackfillForm tell={setTold} />
          ) : (
            <OnlyLooking what="Asking for a backfill" />
          )}
          <BackfillsList canChange={canChange} tell={setTold} />
        </Section>
      </div>
      <div className="mt-10">
        <Section id="schedule" title="Schedule">
          <ScheduleTable />
        </Section>
      </div>
      <Toast
        told={told}
        onClose={() => {
          setTold(null);
        }}
      />
    </>
  );
}

const OnlyLooking = ({ what }: { what: string }) => (
  <p className="text-sm text-ink-2 my-3">
    {what} is for who operates the installation; you are only looking.
  </p>
);

type FiltersProps = { search: Search; change: (next: Search) => void };

function Filters({ search, change }: FiltersProps) {
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-3 mb-4">
      <Choice
        label="Which state"
        value={search.job ?? "all"}
        options={STATES}
        onChange={(next) => {
          change({ job: next === "all" ? undefined : next });
        }}
      />
      <SelectField
        label="Kind"
        value={search.topic ?? ""}
        options={kindOptions(search.topic === undefined ? [] : [search.topic])}
        onChange={(event) => {
          change({ topic: event.target.value || undefined });
        }}
      />
      {search.batch !== undefined && (
        <button
          type="button"
          className="btn line h-10!"
          onClick={() => {
            change({ batch: undefined });
          }}
        >
          Parts of one backfill
          <X aria-hidden="true" size={15} />
          <span className="sr">: show all work again</span>
        </button>
      )}
    </div>
  );
}
