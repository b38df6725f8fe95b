import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CalculationOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import type { EarlierReturn } from "@/shared/format/versions";
import { ProblemNotice, Section, Skeleton } from "@/shared/ui/states";
import { calculationsQuery } from "./queries";

const DOCS = "docs/calculations";

/** Every calculation, its versions, and what changed between them. */
export function CalculationsList() {
  const { data, error, refetch } = useQuery(calculationsQuery);
  if (data === undefined) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading the calculations" rows={8} height={40} />
    );
  }
  return (
    <div className="flex flex-col gap-8" data-testid="calculations">
      {data.items.map((one) => (
        <Section key={one.name} id={one.name} title={one.title}>
          <Calculation of={one} />
        </Section>
      ))}
    </div>
  );
}

/** What a version that can be computed is computed for; only of returns an earlier one is asked. */
function purposeOf(of: CalculationOut, version: string): string {
  if (version === of.current_version) return "Shown on the pages.";
  return of.name === "twrr" ? "Can be asked for." : "Computed for reports made with it.";
}

function Calculation({ of }: { of: CalculationOut }) {
  return (
    <>
      <p className="text-sm text-ink-2 mb-3">
        {of.about} How it is computed: <code>{`${DOCS}/${of.docs}.md`}</code>
      </p>
      <ol className="border-t border-rule" reversed>
        {of.versions.map((known) => (
          <li
            key={known.version}
            className="border-b border-rule py-2.5 grid gap-x-6 gap-y-0.5 sm:grid-cols-[9rem_minmax(0,1fr)]"
          >
            <p>
              <span className="font-semibold tabular-nums">{known.version}</span>{" "}
              <span className="text-sm text-ink-2">{day(known.since)}</span>
            </p>
            <div className="min-w-0">
              <p className="max-w-[72ch]">{known.change}</p>
              {of.name === "twrr" && known.is_live && known.version !== of.current_version && (
                <Link
                  to="/performance"
                  search={{ version: known.version as EarlierReturn }}
                  className="no-print lnk text-sm"
                >
                  Show returns by this version
                </Link>
              )}
              <p className="text-xs text-ink-2 break-words">
                {known.is_live
                  ? `${purposeOf(of, known.version)} ${known.modules.join(", ")}`
                  : "Not computed any more."}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
