import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive } from "lucide-react";
import { Heading } from "react-aria-components";
import { useAttempt } from "@/shared/api/attempt";
import { keepReport } from "@/shared/api/gen/sdk.gen";
import type { ReportIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { Door, NameForm } from "./name-form";
import { reportsKey } from "./queries";
import type { ReportParameters } from "./words";

type Props = { parameters: ReportParameters; suggested: string; deed?: string };

/** A button that keeps what the page says, with everything it was worked out from. */
export function KeepReport(props: Props) {
  return (
    <Door
      label={
        <>
          <Archive aria-hidden="true" size={15} />
          {props.deed ?? "Keep as a report"}
        </>
      }
    >
      {(close) => <Form {...props} close={close} />}
    </Door>
  );
}

function useKeep() {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (body: ReportIn) =>
      unwrap(keepReport({ body, headers: { "Idempotency-Key": attempt.keyFor(body) } })),
    onSuccess: () => {
      attempt.settle();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: reportsKey }),
  });
}

function Form({ parameters, suggested, close }: Props & { close: () => void }) {
  const keep = useKeep();
  if (keep.data) {
    return (
      <>
        <Heading slot="title" className="text-base font-semibold">
          Kept
        </Heading>
        <p className="text-sm text-ink-2 mt-1.5 mb-3" role="status">
          “{keep.data.name}” says this for good, whatever is recorded or corrected later.
        </p>
        <Link
          to="/reports/$reportId"
          params={{ reportId: keep.data.id }}
          className="btn primary"
          onClick={close}
        >
          Open the report
        </Link>
      </>
    );
  }
  return (
    <NameForm
      title="Keep these figures"
      about="With the inputs and the versions they were worked out with, so that they can be worked out again."
      name={suggested}
      deed={keep.isPending ? "Keeping…" : "Keep"}
      failure="It was not kept"
      error={keep.error}
      isBusy={keep.isPending}
      onName={(name) => {
        keep.mutate({ name, parameters });
      }}
    />
  );
}
