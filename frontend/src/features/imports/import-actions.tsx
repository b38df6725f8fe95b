import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelImport, commitImport, discardImport, undoImport } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { counted } from "@/shared/format/format";
import { ProblemNotice } from "@/shared/ui/states";
import type { Batch } from "./model";
import { importQuery } from "./queries";

/** The things that can be done with a file that was read. */
function useSteps(batch: Batch) {
  const queryClient = useQueryClient();
  const path = { import_id: batch.id };
  const onSuccess = (next: Batch) => {
    queryClient.setQueryData(importQuery(batch.id).queryKey, next);
    void queryClient.invalidateQueries({ queryKey: ["imports", "list"] });
  };
  const commit = useMutation({
    mutationFn: (acceptFailed: boolean) =>
      unwrap(commitImport({ path, query: { accept_failed: acceptFailed } })),
    onSuccess,
  });
  const undo = useMutation({ mutationFn: () => unwrap(undoImport({ path })), onSuccess });
  const discard = useMutation({ mutationFn: () => unwrap(discardImport({ path })), onSuccess });
  const cancel = useMutation({ mutationFn: () => unwrap(cancelImport({ path })), onSuccess });
  return {
    cancel,
    commit: () => {
      commit.mutate(batch.failed_count > 0);
    },
    undo: () => {
      undo.mutate();
    },
    discard: () => {
      discard.mutate();
    },
    error: commit.error ?? undo.error ?? discard.error,
    isBusy: commit.isPending || undo.isPending || discard.isPending,
  };
}
type Steps = ReturnType<typeof useSteps>;

export function ImportActions({ batch }: { batch: Batch }) {
  const steps = useSteps(batch);
  return (
    <div className="flex flex-col gap-3">
      {steps.error && <ProblemNotice error={steps.error} title="That did not happen" />}
      {batch.status === "preview" && <Decide batch={batch} steps={steps} />}
      {batch.status === "committed" && <TakeBack steps={steps} />}
    </div>
  );
}

/** Of what is being done now; the page shows where the import went back to once it has. */
export function CancelImport({ batch }: { batch: Batch }) {
  const { cancel } = useSteps(batch);
  return (
    <>
      {cancel.error && <ProblemNotice error={cancel.error} title="That did not happen" />}
      <button
        type="button"
        className="btn line mt-3"
        disabled={cancel.isPending || cancel.isSuccess}
        onClick={() => {
          cancel.mutate();
        }}
      >
        {cancel.isSuccess ? "Stopping…" : "Cancel"}
      </button>
    </>
  );
}

function Decide({ batch, steps }: { batch: Batch; steps: Steps }) {
  const count = batch.preview?.transaction_count ?? 0;
  const records = counted(count, "transaction");
  const without =
    batch.failed_count > 0 ? ` without the ${counted(batch.failed_count, "failed row")}` : "";
  return (
    <div className="flex flex-wrap gap-2">
      {count > 0 && (
        <button
          type="button"
          className="btn primary max-sm:h-auto max-sm:min-h-9 max-sm:whitespace-normal"
          disabled={steps.isBusy}
          onClick={steps.commit}
        >
          {`Import ${records}${without}`}
        </button>
      )}
      <button type="button" className="btn line" disabled={steps.isBusy} onClick={steps.discard}>
        Discard
      </button>
      {count === 0 && (
        <p className="text-sm text-ink-2 self-center">
          There is nothing new in this file for this account.
        </p>
      )}
    </div>
  );
}

function TakeBack({ steps }: { steps: Steps }) {
  return (
    <details>
      <summary className="cursor-pointer text-blue min-h-6 text-sm">
        Take the whole import back…
      </summary>
      <p className="text-sm text-ink-2 my-2 max-w-[60ch]">
        Every transaction of this file gets a reversal. Nothing is deleted, and the file can be
        imported again.
      </p>
      <button type="button" className="btn line" disabled={steps.isBusy} onClick={steps.undo}>
        Take it back
      </button>
    </details>
  );
}
