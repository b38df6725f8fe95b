import { Link } from "@tanstack/react-router";
import type { JobOut } from "@/shared/api/gen/types.gen";
import { ago, ahead } from "@/shared/format/format";
import { Moment } from "@/shared/ui/moment";
import { ProgressBar } from "@/shared/ui/progress";
import { JobActions } from "./job-actions";
import { kindName } from "./kinds";
import { aboutText, errorText, failuresText, outcomeText, parkText } from "./phrases";
import { JobMark } from "./states";
import type { Decide } from "./use-decision";

type Props = { job: JobOut; now: number; isBusy: boolean; onDecide: Decide | null };

/** One piece of work: what, whose, how it goes, and what can be done about it. */
export function JobRow({ job, now, isBusy, onDecide }: Props) {
  const about = aboutText(job);
  return (
    <li className="border-b border-rule py-3.5 grid gap-y-1.5 md:col-span-full md:grid-cols-subgrid md:items-start">
      <div className="md:pt-px">
        <JobMark state={job.state} />
      </div>
      <div className="min-w-0">
        <p className="break-words">
          <span className="font-semibold">{kindName(job.kind)}</span>
          {about !== "" && <span className="text-sm"> {about}</span>}
        </p>
        <p className="text-xs text-ink-2">
          {job.tenant_id === null ? "Truenav" : "a tenant"}, asked for{" "}
          <Moment iso={job.requested_at}>{ago(job.requested_at, now)}</Moment>
          {job.batch_id !== null && (
            <>
              {" · "}
              <Link
                to="/operations/jobs"
                search={{ batch: job.batch_id }}
                hash="work"
                className="underline underline-offset-3 decoration-1 decoration-rule-strong hover:text-ink"
              >
                its backfill
              </Link>
            </>
          )}
        </p>
      </div>
      <div className="min-w-0 text-sm">
        <Going job={job} now={now} />
      </div>
      <div className="md:justify-self-end">
        {onDecide && <JobActions job={job} isBusy={isBusy} onDecide={onDecide} />}
      </div>
    </li>
  );
}

type GoingProps = { job: JobOut; now: number };

function Going({ job, now }: GoingProps) {
  const failures = failuresText(job);
  return (
    <>
      {job.state === "running" && <Running job={job} now={now} />}
      {job.state === "parked" && <GivenUp job={job} now={now} />}
      {(job.state === "done" || job.state === "cancelled") && <Ended job={job} now={now} />}
      {job.state === "waiting" && <Waiting job={job} now={now} />}
      {job.state === "retrying" && <Retrying job={job} now={now} />}
      {job.state !== "parked" && job.state !== "retrying" && failures !== "" && (
        <p className="text-ink-2">{failures}</p>
      )}
      {job.last_error !== null && job.state !== "done" && (
        <p className="text-xs text-ink-2 [overflow-wrap:anywhere]">{errorText(job.last_error)}</p>
      )}
    </>
  );
}

function Running({ job: { progress, running_since: since }, now }: GoingProps) {
  const { done = 0, total = null, message = null } = progress ?? {};
  return (
    <>
      {total !== null && <ProgressBar label="How far it is" done={done} total={total} />}
      <p className="text-ink-2">
        {message === null ? "" : `${message.charAt(0).toUpperCase()}${message.slice(1)}, `}
        {total === null ? "" : `${String(done)} of ${String(total)}, `}
        {total === null && done > 0 ? `${String(done)} so far, ` : ""}
        {since === null ? "at work" : `begun ${ago(since, now)}`}
      </p>
    </>
  );
}

function Waiting({ job: { queued_at: queued }, now }: GoingProps) {
  return (
    <p className="text-ink-2">
      {queued === null ? "Not in its queue yet" : `Put into its queue ${ago(queued, now)}`}
    </p>
  );
}

/** After a failure, or without one: where a provider's allowance is used up, work waits for it. */
function Retrying({ job, now }: GoingProps) {
  return (
    <p>
      {failuresText(job) || "Must wait"}
      {job.due_at !== null && (
        <>
          ; tried next <Moment iso={job.due_at}>{ahead(job.due_at, now)}</Moment>
        </>
      )}
    </p>
  );
}

function GivenUp({ job, now }: GoingProps) {
  return (
    <p>
      {parkText(job)}
      {job.ended_at !== null && (
        <span className="text-ink-2">
          {", "}
          <Moment iso={job.ended_at}>{ago(job.ended_at, now)}</Moment>
        </span>
      )}
      {job.alerted_at !== null && <span className="text-ink-2">; an alert was sent</span>}
    </p>
  );
}

function Ended({ job, now }: GoingProps) {
  const outcome = outcomeText(job.outcome);
  return (
    <p>
      {outcome}
      <span className="text-ink-2">
        {outcome === "" ? "Ended" : ", ended"}
        {job.ended_at !== null && (
          <>
            {" "}
            <Moment iso={job.ended_at}>{ago(job.ended_at, now)}</Moment>
          </>
        )}
      </span>
    </p>
  );
}
