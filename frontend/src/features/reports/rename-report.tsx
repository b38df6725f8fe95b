import { useMutation, useQueryClient } from "@tanstack/react-query";
import { renameReport } from "@/shared/api/gen/sdk.gen";
import type { ReportDetailOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { Door, NameForm } from "./name-form";
import { reportsKey } from "./queries";

/** Another name; the version that was seen guards against somebody else's. */
export function RenameReport({ report }: { report: ReportDetailOut }) {
  return <Door label="Rename">{(close) => <Form report={report} close={close} />}</Door>;
}

function Form({ report, close }: { report: ReportDetailOut; close: () => void }) {
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: (name: string) =>
      unwrap(
        renameReport({ path: { report_id: report.id }, body: { version: report.version, name } }),
      ),
    onSuccess: close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: reportsKey }),
  });
  return (
    <NameForm
      title="Rename the report"
      name={report.name}
      deed="Rename"
      failure="It was not renamed"
      error={rename.error}
      isBusy={rename.isPending}
      onName={rename.mutate}
    />
  );
}
