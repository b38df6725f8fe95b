import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Button, Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";
import { useAttempt } from "@/shared/api/attempt";
import { keepReport } from "@/shared/api/gen/sdk.gen";
import type { ReportIn } from "@/shared/api/gen/types.gen";
import { fieldError, unwrap } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { reportsKey } from "./queries";
import type { ReportParameters } from "./words";

type Props = { parameters: ReportParameters; suggested: string };

/** A button that keeps what the page says, with everything it was worked out from. */
export function KeepReport(props: Props) {
  return (
    <DialogTrigger>
      <Button className="btn line">
        <Archive aria-hidden="true" size={15} />
        Keep as a report
      </Button>
      <Popover className="popover w-[min(22rem,calc(100vw-2rem))]" placement="bottom end">
        <Dialog className="p-3 outline-none">
          {({ close }) => <Form {...props} close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
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
  const [name, setName] = useState(suggested);
  const keep = useKeep();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keep.mutate({ name: name.trim(), parameters });
  };
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
    <form noValidate onSubmit={submit}>
      <Heading slot="title" className="text-base font-semibold">
        Keep these figures
      </Heading>
      <p className="text-sm text-ink-2 mt-1.5 mb-3">
        With the inputs and the versions they were worked out with, so that they can be worked out
        again.
      </p>
      <TextField
        label="Name"
        name="name"
        maxLength={120}
        autoComplete="off"
        value={name}
        error={fieldError(keep.error, "name")}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      {keep.error && !fieldError(keep.error, "name") && (
        <div className="mt-3">
          <ProblemNotice error={keep.error} title="It was not kept" />
        </div>
      )}
      <button
        type="submit"
        className="btn primary mt-3"
        disabled={keep.isPending || name.trim() === ""}
      >
        {keep.isPending ? "Keeping…" : "Keep"}
      </button>
    </form>
  );
}
