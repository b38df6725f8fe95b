import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Button, Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";
import { renameReport } from "@/shared/api/gen/sdk.gen";
import type { ReportDetailOut } from "@/shared/api/gen/types.gen";
import { fieldError, unwrap } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { reportsKey } from "./queries";

/** Another name; the version that was seen guards against somebody else's. */
export function RenameReport({ report }: { report: ReportDetailOut }) {
  return (
    <DialogTrigger>
      <Button className="btn line">Rename</Button>
      <Popover className="popover w-[min(22rem,calc(100vw-2rem))]" placement="bottom end">
        <Dialog className="p-3 outline-none">
          {({ close }) => <Form report={report} close={close} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Form({ report, close }: { report: ReportDetailOut; close: () => void }) {
  const [name, setName] = useState(report.name);
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: () =>
      unwrap(
        renameReport({
          path: { report_id: report.id },
          body: { version: report.version, name: name.trim() },
        }),
      ),
    onSuccess: close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: reportsKey }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <form noValidate onSubmit={submit}>
      <Heading slot="title" className="text-base font-semibold mb-2">
        Rename the report
      </Heading>
      <TextField
        label="Name"
        name="name"
        maxLength={120}
        autoComplete="off"
        value={name}
        error={fieldError(rename.error, "name")}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      {rename.error && !fieldError(rename.error, "name") && (
        <div className="mt-3">
          <ProblemNotice error={rename.error} title="It was not renamed" />
        </div>
      )}
      <button
        type="submit"
        className="btn primary mt-3"
        disabled={rename.isPending || name.trim() === ""}
      >
        Rename
      </button>
    </form>
  );
}
