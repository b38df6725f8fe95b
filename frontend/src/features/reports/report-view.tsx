import { Link } from "@tanstack/react-router";
import type { ReportDetailOut } from "@/shared/api/gen/types.gen";
import { counted, day, instant } from "@/shared/format/format";
import { Section } from "@/shared/ui/states";
import { Said } from "./said";
import { Verdict } from "./verdict";
import { calculationName, parametersText, seriesName, shortHash } from "./words";

/** One report: what it said, what it was made from, and whether it still comes out. */
export function ReportView({ report }: { report: ReportDetailOut }) {
  return (
    <div className="flex flex-col gap-9">
      <Section id="again" title="Does it still come out?">
        <Verdict report={report} />
      </Section>
      <Section id="said" title="What it said">
        <Said report={report} />
      </Section>
      <Section id="made-from" title="What it was made from">
        <MadeFrom report={report} />
      </Section>
    </div>
  );
}

function MadeFrom({ report }: { report: ReportDetailOut }) {
  const { fingerprint } = report;
  const asked = parametersText(report.parameters);
  return (
    <dl className="text-sm flex flex-col gap-3 max-w-[92ch]">
      <Row name="Kept">
        {instant(report.recorded_at)}, in {report.currency}, as of {day(report.as_of)}
        {asked && ` · ${asked}`}
      </Row>
      <Row name="Calculations">
        {report.calculations
          .map(
            (one) =>
              `${calculationName(one.name)} ${one.version}${
                one.version === one.current_version ? "" : ` (now ${one.current_version})`
              }`,
          )
          .join(" · ")}{" "}
        <Link to="/calculations" className="lnk">
          All versions
        </Link>
      </Row>
      <Row name="Records">
        {fingerprint.accounts.length === 0
          ? "none"
          : fingerprint.accounts
              .map(
                (one) =>
                  `${one.name}: ${counted(one.record_count, "record")} up to no. ${String(one.last_sequence)}`,
              )
              .join(" · ")}
      </Row>
      <Row name="Prices">
        {fingerprint.instruments.length === 0
          ? "none"
          : fingerprint.instruments
              .map((one) => `${one.symbol} (data version ${String(one.data_version)})`)
              .join(", ")}
      </Row>
      {fingerprint.currencies.length > 0 && (
        <Row name="Rates">{fingerprint.currencies.join(", ")}</Row>
      )}
      {fingerprint.series.length > 0 && (
        <Row name="Series">{fingerprint.series.map(seriesName).join(", ")}</Row>
      )}
      <Row name="SHA-256">
        inputs {shortHash(report.inputs_sha256)}… · answer {shortHash(report.answer_sha256)}… ·
        fingerprint {shortHash(report.fingerprint_sha256)}…
      </Row>
    </dl>
  );
}

const Row = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="grid gap-x-6 sm:grid-cols-[8rem_minmax(0,1fr)]">
    <dt className="text-ink-2">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
);
