import type { JobOut } from "@/shared/api/gen/types.gen";
import { Confirm } from "@/shared/ui/confirm";
import { titleOf } from "./phrases";
import type { Decide } from "./use-decision";

type Props = { job: JobOut; isBusy: boolean; onDecide: Decide };

/** What can be done about a piece of work; for most, which goes on by itself, nothing. */
export function JobActions({ job, isBusy, onDecide }: Props) {
  const { state } = job;
  const isOpen = state === "running" || state === "waiting" || state === "retrying";
  const about = titleOf(job);
  return (
    <div className="flex flex-wrap gap-2 md:justify-end">
      {(state === "parked" || state === "cancelled") && (
        <button
          type="button"
          className="btn line"
          aria-label={`Try again: ${about}`}
          disabled={isBusy}
          onClick={() => {
            onDecide({ verb: "retry", job });
          }}
        >
          Try again
        </button>
      )}
      {state === "parked" && (
        <Confirm
          label="Strike out"
          about={about}
          question="Strike this out?"
          consequence="It will not be done, and is no longer counted as given up. It stays in the list as cancelled, and can be tried again from there."
          yes="Strike it out"
          no="Keep it"
          isDisabled={isBusy}
          onConfirm={() => {
            onDecide({ verb: "strike", job });
          }}
        />
      )}
      {isOpen && job.tenant_id === null && (
        <Confirm
          label="Cancel"
          about={about}
          question="Cancel this work?"
          consequence="It will not be done; what it has not finished yet is taken back. It can be tried again later."
          yes="Cancel it"
          no="Let it go on"
          isDisabled={isBusy}
          onConfirm={() => {
            onDecide({ verb: "cancel", job });
          }}
        />
      )}
    </div>
  );
}
