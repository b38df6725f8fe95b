import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { usePreferences } from "@/shared/preferences/preferences";
import { SelectField } from "@/shared/ui/field";
import { DayField } from "@/shared/ui/moment-fields";
import { ProblemNotice } from "@/shared/ui/states";
import { saveGains, type GainFilter } from "./queries";

type Props = {
  filter: GainFilter;
  years: readonly number[];
  onChange: (part: Omit<GainFilter, "account" | "slice">) => void;
};

/** Which gains the page shows, and the same gains as a file. */
export function GainFilters({ filter, years, onChange }: Props) {
  const { isHidden } = usePreferences();
  const save = useMutation({ mutationFn: () => saveGains(filter) });
  return (
    <form className="flex flex-wrap items-end gap-x-4 gap-y-3 mb-6" aria-label="Filters">
      <SelectField
        label="Year"
        value={filter.year ?? ""}
        options={[["", "All years"], ...years.map((year) => [String(year), String(year)] as const)]}
        onChange={(event) => {
          onChange({ ...filter, year: Number(event.target.value) || undefined });
        }}
      />
      <SelectField
        label="Term"
        value={filter.term ?? ""}
        options={TERMS}
        onChange={(event) => {
          const term = event.target.value;
          onChange({ ...filter, term: term === "short" || term === "long" ? term : undefined });
        }}
      />
      <DayField
        label="As known on"
        value={filter.known}
        onChange={(known) => {
          onChange({ ...filter, known });
        }}
      />
      {isHidden ? (
        <p className="text-sm text-ink-2 py-2.5">No file while amounts are hidden</p>
      ) : (
        <button
          type="button"
          className="btn line"
          disabled={save.isPending}
          onClick={() => {
            save.mutate();
          }}
        >
          <Download aria-hidden="true" size={16} />
          {save.isPending ? "Writing…" : "Save as CSV"}
        </button>
      )}
      {save.error && <ProblemNotice error={save.error} title="The file was not written" />}
    </form>
  );
}

const TERMS = [
  ["", "Both terms"],
  ["short", "Short term"],
  ["long", "Long term"],
] as const;
