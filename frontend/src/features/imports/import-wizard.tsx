import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { counted } from "@/shared/format/format";
import { EmptyState, ProblemNotice, Skeleton } from "@/shared/ui/states";
import { CancelImport, ImportActions } from "./import-actions";
import { MappingForm } from "./mapping-form";
import { formatName } from "./formats";
import { STATUS_WORDS, type Batch } from "./model";
import { PreviewPanel } from "./preview-panel";
import { importQuery, isRunning } from "./queries";
import { RowsTable } from "./rows-table";

export function ImportWizard({ importId }: { importId: string }) {
  const { data, error, refetch } = useQuery(importQuery(importId));
  const queryClient = useQueryClient();
  const status = data?.status;
  useEffect(() => {
    // what follows from the records has changed; every page that shows it must ask again
    if (status === "committed" || status === "undone") {
      for (const key of ["valuation", "transactions", "instruments"]) {
        void queryClient.invalidateQueries({ queryKey: [key] });
      }
    }
  }, [status, queryClient]);
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading the import" rows={6} height={40} />
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <p className="text-ink-2 -mt-4">
        {[formatName(data.format), `into ${data.account_name}`, STATUS_WORDS[data.status]]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {error && <ProblemNotice error={error} title="The state below may be old" />}
      {data.notices.map((notice) => (
        <p key={notice} className="note warn">
          {notice}
        </p>
      ))}
      <Step batch={data} />
    </div>
  );
}

function Step({ batch }: { batch: Batch }) {
  if (isRunning(batch.status)) return <Running batch={batch} />;
  switch (batch.status) {
    case "needs_mapping":
      return batch.mapping_question ? (
        <MappingForm batch={batch} question={batch.mapping_question} />
      ) : null;
    case "failed":
      return (
        <div role="alert" className="note loss">
          <p className="font-semibold">This file could not be read</p>
          <p>{batch.problem_detail}</p>
          <p className="mt-2">
            <Link to="/import" className="lnk">
              Choose another file
            </Link>
          </p>
        </div>
      );
    case "discarded":
      return (
        <EmptyState title="Discarded">
          <p>Nothing of this file was kept.</p>
          <Link to="/import" className="btn primary">
            Choose another file
          </Link>
        </EmptyState>
      );
    default:
      return <Settled batch={batch} />;
  }
}

const RUNNING_WORDS = {
  reading: "Reading the file",
  committing: "Importing",
  undoing: "Taking it back",
} as const;

function Running({ batch }: { batch: Batch }) {
  const { progress } = batch;
  const label = progress ? RUNNING_WORDS[progress.step] : "Working";
  if (progress?.is_given_up) return <GivenUp batch={batch} />;
  return (
    <div role="status" aria-live="polite" className="note">
      <p className="font-semibold mb-2">{label}…</p>
      <progress
        className="w-full h-2"
        aria-label={label}
        max={progress?.total ?? undefined}
        value={progress?.total ? progress.done : undefined}
      />
      <p className="text-sm text-ink-2 mt-1">
        {progress?.total
          ? `${String(progress.done)} of ${String(progress.total)} rows`
          : "This takes a moment."}
      </p>
      <CancelImport batch={batch} />
    </div>
  );
}

function GivenUp({ batch }: { batch: Batch }) {
  return (
    <div role="alert" className="note loss">
      <p className="font-semibold">This did not work</p>
      <p>
        It was tried several times and given up; nothing of it was kept. Cancel it and try again, or
        ask who operates this installation to look at its jobs.
      </p>
      <CancelImport batch={batch} />
    </div>
  );
}

function Settled({ batch }: { batch: Batch }) {
  return (
    <>
      {batch.status === "committed" && (
        <div role="status" className="note gain">
          <p className="font-semibold">
            Imported: {counted(batch.preview?.transaction_count ?? 0, "transaction")} in the ledger.
          </p>
          <p className="flex flex-wrap gap-x-5">
            <Link to="/" className="lnk">
              Overview
            </Link>
            <Link to="/holdings" className="lnk">
              Holdings
            </Link>
            <Link to="/transactions" className="lnk">
              Transactions
            </Link>
          </p>
        </div>
      )}
      {batch.status === "undone" && (
        <p role="status" className="note">
          Taken back: every transaction of this file has a reversal. Import it again whenever you
          like.
        </p>
      )}
      <PreviewPanel batch={batch} />
      <ImportActions batch={batch} />
      <RowsTable batch={batch} />
    </>
  );
}
