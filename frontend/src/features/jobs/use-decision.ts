import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelBackfill, cancelJob, retryJob } from "@/shared/api/gen/sdk.gen";
import type { BackfillOut, JobOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { counted } from "@/shared/format/format";
import type { Tell } from "@/shared/ui/toast";
import { refusalText, titleOf } from "./phrases";
import { jobsKey } from "./queries";

export type Decision = { verb: "retry" | "cancel" | "strike"; job: JobOut };
export type Decide = (decision: Decision) => void;

const SAID: Record<Decision["verb"], string> = {
  retry: "It is tried again",
  cancel: "Cancelled",
  strike: "Struck out",
};

const act = async ({ verb, job }: Decision): Promise<void> => {
  const path = { job_id: job.id };
  await (verb === "retry" ? unwrap(retryJob({ path })) : unwrap(cancelJob({ path })));
};

/** Decide about a piece of work; whatever came of it is told, and the lists are asked for anew. */
export function useDecision(tell: Tell) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (_, { verb, job }) => {
      tell({ text: `${SAID[verb]}: ${titleOf(job)}.`, isRefused: false });
    },
    onError: (error) => {
      tell({ text: refusalText(error), isRefused: true });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: jobsKey }),
  });
}

/** Have what is left of a backfill not done. */
export function useBackfillCancel(tell: Tell) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: BackfillOut) => unwrap(cancelBackfill({ path: { backfill_id: id } })),
    onSuccess: ({ cancelled_count: count }) => {
      const text =
        count === 0
          ? "Nothing was left to cancel: the backfill had ended."
          : `The backfill is cancelled: ${counted(count, "piece")} of work will not be done.`;
      tell({ text, isRefused: false });
    },
    onError: (error) => {
      tell({ text: refusalText(error), isRefused: true });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: jobsKey }),
  });
}
