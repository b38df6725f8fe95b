import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellOff, BellRing, CircleCheck, DatabaseZap, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { JobsSummaryOut } from "@/shared/api/gen/types.gen";
import { ago } from "@/shared/format/format";
import { ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { CanaryNotice } from "./canary";
import type { JobState } from "./kinds";
import { summaryQuery } from "./queries";
import { QueuesTable } from "./queues-table";
import { JOB_LOOKS } from "./states";

/** How work goes, in one look: what is open, who works on it, and who is told when it fails. */
export function SummaryPanel() {
  const { data, error, refetch, dataUpdatedAt } = useQuery(summaryQuery());
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading how work goes" rows={4} height={44} />
    );
  }
  return (
    <div data-testid="jobs-summary">
      {error && <StaleNotice what="how work goes" onRetry={retry} />}
      <Health summary={data} />
      <CanaryNotice canary={data.canary} now={dataUpdatedAt} />
      <Counts summary={data} now={dataUpdatedAt} />
      <div className="grid lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)] gap-x-10 gap-y-6 mt-6">
        <QueuesTable queues={data.queues} />
        <Alerts channels={data.alert_channels} />
      </div>
    </div>
  );
}

type NoticeProps = { icon: ReactNode; title: string; children: ReactNode };

function Warning({ icon, title, children }: NoticeProps) {
  return (
    <div role="status" className="note warn mb-4 flex gap-2.5">
      <span className="mt-0.5 shrink-0 text-warn">{icon}</span>
      <div className="max-w-[75ch]">
        <p className="font-semibold">{title}</p>
        <p>{children}</p>
      </div>
    </div>
  );
}

function Health({ summary: { is_queue_up: isUp, queues } }: { summary: JobsSummaryOut }) {
  if (!isUp) {
    return (
      <Warning icon={<DatabaseZap aria-hidden="true" size={16} />} title="The queue is down">
        Nothing is lost: all work waits safely in the database and goes on by itself as soon as the
        queue server is back.
      </Warning>
    );
  }
  const empty = queues.filter(({ workers }) => workers?.length === 0).map(({ name }) => name);
  if (empty.length > 0) {
    return (
      <Warning
        icon={<TriangleAlert aria-hidden="true" size={16} />}
        title={`No worker on ${empty.length === 1 ? "the queue" : "the queues"} ${empty.join(", ")}`}
      >
        What waits there goes on when a worker is back; one that ended is started again within a
        minute. If it stays away, its log says why.
      </Warning>
    );
  }
  return (
    <p className="flex items-center gap-2 text-sm mb-4">
      <CircleCheck aria-hidden="true" size={16} className="text-gain shrink-0" />
      The queue is up, and every queue has its worker.
    </p>
  );
}

const SHOWN: readonly (readonly [JobState, string])[] = [
  ["running", "none right now"],
  ["waiting", "nothing waits"],
  ["retrying", "nothing failed lately"],
  ["parked", "nothing was given up"],
];

type CountsProps = { summary: JobsSummaryOut; now: number };

function Counts({ summary, now }: CountsProps) {
  return (
    <dl className="grid grid-cols-2 md:grid-cols-4 gap-y-4 border-y border-rule py-4">
      {SHOWN.map(([state, nothing]) => {
        const rows = summary.counts.filter((row) => row.state === state);
        const count = rows.reduce((sum, row) => sum + row.job_count, 0);
        const oldest = rows.map((row) => row.oldest_at).toSorted()[0];
        return (
          <Count key={state} state={state} count={count}>
            {oldest === undefined ? nothing : `the oldest asked for ${ago(oldest, now)}`}
          </Count>
        );
      })}
    </dl>
  );
}

type CountProps = { state: JobState; count: number; children: string };

function Count({ state, count, children }: CountProps) {
  const [name, Icon, color] = JOB_LOOKS[state];
  return (
    <div className="md:border-l md:first:border-l-0 border-rule md:pl-5 md:first:pl-0 pr-3 flex flex-col">
      <dt className="eyebrow flex items-center gap-1.5">
        <Icon aria-hidden="true" size={14} className={count > 0 ? color : "text-ink-3"} />
        {name}
      </dt>
      <dd className="flex flex-col">
        {count === 0 ? (
          <span className="num text-[1.375rem] leading-8 font-[540]">0</span>
        ) : (
          <Link
            to="/operations/jobs"
            search={{ job: state }}
            hash="work"
            aria-label={`${String(count)} ${name.toLowerCase()}: show them`}
            className={`num text-[1.375rem] leading-8 font-[540] underline decoration-1 underline-offset-4 decoration-rule-strong self-start ${
              state === "parked" ? "text-loss" : ""
            }`}
          >
            {count}
          </Link>
        )}
        <span className="text-xs text-ink-2">{children}</span>
      </dd>
    </div>
  );
}

const CHANNELS: Readonly<Record<string, string>> = { slack: "Slack", mail: "e-mail" };

function Alerts({ channels }: { channels: readonly string[] }) {
  if (channels.length > 0) {
    const names = channels.map((name) => CHANNELS[name] ?? name).join(" and ");
    return (
      <p className="text-sm flex gap-2 self-start">
        <BellRing aria-hidden="true" size={16} className="shrink-0 mt-0.5 text-gain" />
        <span>When work is given up, you are told by {names}, once.</span>
      </p>
    );
  }
  return (
    <div className="text-sm flex gap-2 self-start">
      <BellOff aria-hidden="true" size={16} className="shrink-0 mt-0.5 text-ink-2" />
      <div>
        <p className="font-semibold">Nobody is told when work is given up</p>
        <p className="text-ink-2">
          Set <Setting name="TRUENAV_ALERT_SLACK_URL" />, or <Setting name="TRUENAV_SMTP_URL" />{" "}
          with <Setting name="TRUENAV_ALERT_MAIL_TO" />, and start Truenav again.
        </p>
      </div>
    </div>
  );
}

const Setting = ({ name }: { name: string }) => (
  <code className="text-ink text-xs [overflow-wrap:anywhere]">{name}</code>
);
