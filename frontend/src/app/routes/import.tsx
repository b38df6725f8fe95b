import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ImportWizard } from "@/features/imports/import-wizard";
import { importQuery } from "@/features/imports/queries";
import { ProblemError } from "@/shared/api/problem";
import { PageTitle } from "@/shared/ui/states";
import { NotFound } from "../fallbacks";

export function ImportPage() {
  const { importId = "" } = useParams({ strict: false });
  const { data, error } = useQuery(importQuery(importId));
  if (error instanceof ProblemError && [404, 422].includes(error.problem.status)) {
    return <NotFound />;
  }
  return (
    <>
      <PageTitle
        aside={
          <Link to="/import" className="lnk">
            All imports
          </Link>
        }
      >
        {data?.file_name ?? "Import"}
      </PageTitle>
      <ImportWizard importId={importId} />
    </>
  );
}
