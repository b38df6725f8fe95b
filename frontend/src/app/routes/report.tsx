import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { RenameReport } from "@/features/reports/rename-report";
import { ReportView } from "@/features/reports/report-view";
import { reportQuery, reportsKey } from "@/features/reports/queries";
import { KIND_NAMES } from "@/features/reports/words";
import { deleteReport } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { Confirm } from "@/shared/ui/confirm";
import { PageTitle, ProblemNotice, Skeleton } from "@/shared/ui/states";
import { Toast, type Told } from "@/shared/ui/toast";

/** One report. */
export function ReportPage() {
  const { reportId } = useParams({ strict: false }) as { reportId: string };
  const { data, error, refetch } = useQuery(reportQuery(reportId));
  const [told, setTold] = useState<Told | null>(null);
  const remove = useRemove(reportId, setTold);
  if (!data) {
    return (
      <>
        <PageTitle>Report</PageTitle>
        {error ? (
          <ProblemNotice
            error={error}
            onRetry={() => {
              void refetch();
            }}
          />
        ) : (
          <Skeleton label="Loading the report" rows={8} height={32} />
        )}
      </>
    );
  }
  return (
    <>
      <PageTitle
        aside={
          <div className="flex flex-wrap gap-2 items-center">
            <RenameReport report={data} />
            <Confirm
              label="Delete"
              about={data.name}
              question="Delete this report?"
              consequence="What it said and its inputs are gone for good. Records and prices stay."
              yes="Delete it"
              no="Keep it"
              isDisabled={remove.isPending}
              onConfirm={() => {
                remove.mutate();
              }}
            />
          </div>
        }
      >
        {data.name}
      </PageTitle>
      <p className="text-ink-2 -mt-3 mb-6">
        {KIND_NAMES[data.kind]} ·{" "}
        <Link to="/reports" className="lnk">
          All reports
        </Link>
      </p>
      <ReportView report={data} />
      <Toast
        told={told}
        onClose={() => {
          setTold(null);
        }}
      />
    </>
  );
}

function useRemove(reportId: string, tell: (told: Told) => void) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(deleteReport({ path: { report_id: reportId } })),
    onSuccess: async () => {
      await navigate({ to: "/reports" });
      await queryClient.invalidateQueries({ queryKey: [...reportsKey, "list"] });
    },
    onError: (error) => {
      tell({ text: error.message, isRefused: true });
    },
  });
}
