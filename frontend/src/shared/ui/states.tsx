import { CircleAlert, Clock3 } from "lucide-react";
import type { ReactNode } from "react";
import { ProblemError } from "@/shared/api/problem";

/** A failure says what happened and offers the way on; it never looks empty. */
export function ProblemNotice({
  error,
  onRetry,
  title = "This could not be loaded",
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
  title?: string;
}) {
  const problem = error instanceof ProblemError ? error.problem : null;
  const detail = problem?.detail ?? (error instanceof Error ? error.message : "Unknown error");
  return (
    <div role="alert" className="note loss flex flex-col gap-1.5">
      <p className="font-semibold flex items-center gap-2">
        <CircleAlert aria-hidden="true" size={16} />
        {title}
      </p>
      <p>{detail}</p>
      {problem && problem.errors.length > 0 && (
        <ul className="list-disc pl-5">
          {problem.errors.map((found) => (
            <li key={found.pointer}>
              {found.pointer.replace("/body/", "")}: {found.detail}
            </li>
          ))}
        </ul>
      )}
      {problem?.request_id && <p className="text-xs text-ink-2">Request {problem.request_id}</p>}
      {onRetry && (
        <button type="button" className="btn line self-start mt-1" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Values of an earlier answer are kept and marked when a refresh fails. */
export function StaleNotice({ what, onRetry }: { what: string; onRetry: () => void }) {
  return (
    <div role="status" className="banner mb-4">
      <Clock3 aria-hidden="true" size={16} />
      <span>These are earlier figures: {what} could not be refreshed.</span>
      <button type="button" className="lnk" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="border border-dashed border-rule-strong rounded-lg px-6 py-10 text-center">
      <h2 className="text-[1.1875rem] mb-2">{title}</h2>
      <div className="text-sm text-ink-2 flex flex-col items-center gap-4">{children}</div>
    </div>
  );
}

/** Placeholder of the final geometry; announced once. */
export function Skeleton({ label, rows = 4, height = 20 }: SkeletonProps) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3">
      {Array.from({ length: rows }, (_, row) => (
        <span
          key={row}
          className="skel"
          style={{ height, width: `${String(100 - ((row * 13) % 40))}%` }}
        />
      ))}
    </div>
  );
}

type SkeletonProps = { label: string; rows?: number; height?: number };

export function Section({ id, title, aside, children }: SectionProps) {
  return (
    <section aria-labelledby={id} className="sect">
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

type SectionProps = { id: string; title: string; aside?: ReactNode; children: ReactNode };

export function PageTitle({ children, aside }: { children: string; aside?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-7 pb-5">
      <h1 className="text-[1.75rem] leading-9">{children}</h1>
      {aside}
    </div>
  );
}
