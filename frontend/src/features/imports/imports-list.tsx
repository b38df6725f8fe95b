import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { instant } from "@/shared/format/format";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { formatName } from "./formats";
import { STATUS_WORDS } from "./model";
import { importsQuery } from "./queries";

export function ImportsList() {
  const { data, error, refetch } = useQuery(importsQuery);
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading earlier imports" rows={3} height={36} />
    );
  }
  if (data.items.length === 0) {
    return <p className="text-sm text-ink-2">None yet.</p>;
  }
  return (
    <div className="tablewrap">
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className="max-sm:hidden">
              Account
            </th>
            <th scope="col" className="max-sm:hidden">
              Rows
            </th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((batch) => (
            <tr key={batch.id}>
              <td>
                <Link
                  to="/import/$importId"
                  params={{ importId: batch.id }}
                  className="lnk break-all"
                >
                  {batch.file_name}
                </Link>
                <span className="block text-xs text-ink-2">
                  {[formatName(batch.format), instant(batch.created_at)].filter(Boolean).join(", ")}
                </span>
              </td>
              <td className="max-sm:hidden">{batch.account_name}</td>
              <td className="max-sm:hidden num">{batch.row_count}</td>
              <td>{STATUS_WORDS[batch.status]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
