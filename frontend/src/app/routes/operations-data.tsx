import { CoverageTable } from "@/features/quality/coverage-table";
import { FindingsList } from "@/features/quality/findings-list";
import { HeldBars } from "@/features/quality/held-bars";
import { InstrumentOrder } from "@/features/quality/instrument-order";
import { asKind, KIND_OPTIONS } from "@/features/quality/kinds";
import { ProvidersTable } from "@/features/quality/providers-table";
import { RenameForm } from "@/features/quality/rename-form";
import { currentMe } from "@/shared/api/session";
import { Choice } from "@/shared/ui/choice";
import { SelectField, TextField } from "@/shared/ui/field";
import { PageTitle, Section } from "@/shared/ui/states";
import { OperationsTabs } from "../operations-tabs";
import { usePageSearch } from "../use-search";

const SHOWN = [
  ["open", "Open"],
  ["accepted", "Accepted"],
  ["overridden", "Taken over"],
  ["all", "All"],
] as const;

const HELD = [
  ["open", "Waiting"],
  ["accepted", "Accepted"],
  ["rejected", "Rejected"],
  ["all", "All"],
] as const;

/** Coverage, gaps and what sources tell differently; for who operates the installation. */
export function OperationsDataPage() {
  const [search, change] = usePageSearch();
  const shown = SHOWN.find(([status]) => status === search.finding)?.[0] ?? "open";
  const held = HELD.find(([state]) => state === search.held)?.[0] ?? "open";
  const kind = asKind(search.kind ?? "");
  return (
    <>
      <PageTitle>Data quality</PageTitle>
      <OperationsTabs />
      <p className="text-ink-2 mb-6 max-w-[65ch]">
        Prices and events are looked through every day and compared between sources. Nothing is
        corrected by itself: you accept what is odd, or take the other source&apos;s word over.
      </p>
      <div className="mb-10">
        <Section id="providers" title="Who is asked">
          <ProvidersTable canReset={currentMe()?.operator_access === "full"} />
        </Section>
      </div>
      <div className="mb-10">
        <Section id="held" title="Held back">
          <div className="mb-4">
            <Choice
              label="Which prices"
              value={held}
              options={HELD}
              onChange={(next) => {
                change({ held: next === "open" ? undefined : next });
              }}
            />
          </div>
          <HeldBars
            state={held === "all" ? undefined : held}
            canDecide={currentMe()?.operator_access === "full"}
          />
        </Section>
      </div>
      <Section id="coverage" title="Coverage">
        <div className="flex flex-wrap items-end gap-4 mb-4">
          <TextField
            label="Symbol or name"
            type="search"
            maxLength={80}
            defaultValue={search.text ?? ""}
            onChange={(event) => {
              change({ text: event.target.value || undefined });
            }}
          />
          <Choice
            label="Which instruments"
            value={search.review ? "open" : "all"}
            options={[
              ["all", "All"],
              ["open", "With open findings"],
            ]}
            onChange={(next) => {
              change({ review: next === "open" ? true : undefined });
            }}
          />
        </div>
        <CoverageTable
          words={search.text ?? ""}
          onlyOpen={search.review ?? false}
          chosen={search.instrument}
          onChoose={(instrument) => {
            change({ instrument });
          }}
        />
      </Section>
      {search.instrument && (
        <div className="mt-10">
          <Section id="order" title="The chosen instrument">
            <h3 className="font-semibold mb-2">Order of sources</h3>
            <InstrumentOrder
              instrumentId={search.instrument}
              canChange={currentMe()?.operator_access === "full"}
            />
            {currentMe()?.operator_access === "full" && (
              <RenameForm key={search.instrument} instrumentId={search.instrument} />
            )}
          </Section>
        </div>
      )}
      <div className="mt-10">
        <Section id="findings" title="Findings">
          <div className="flex flex-wrap items-end gap-4 mb-4">
            <Choice
              label="Which findings"
              value={shown}
              options={SHOWN}
              onChange={(next) => {
                change({ finding: next === "open" ? undefined : next });
              }}
            />
            <SelectField
              label="Kind"
              value={kind ?? ""}
              options={KIND_OPTIONS}
              onChange={(event) => {
                change({ kind: event.target.value || undefined });
              }}
            />
          </div>
          <FindingsList
            filter={{
              instrument: search.instrument,
              kind,
              status: shown === "all" ? undefined : shown,
            }}
            canDecide={currentMe()?.operator_access === "full"}
          />
        </Section>
      </div>
    </>
  );
}
