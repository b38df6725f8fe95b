import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { attemptKey } from "@/shared/api/accounts";
import { reverseTransaction } from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { instant, words } from "@/shared/format/format";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { transactionQuery } from "./queries";

/** The broker's own row behind a record, and the way to take the record back. */
export function TransactionDetail({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(transactionQuery(id));
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const reverse = useMutation({
    mutationFn: () =>
      unwrap(
        reverseTransaction({
          path: { transaction_id: id },
          headers: { "Idempotency-Key": attemptKey() },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <Skeleton label="Loading the record" rows={2} />
    );
  }
  return (
    <div className="note flex flex-col gap-2 whitespace-normal">
      <p>
        Recorded {instant(data.recorded_at)}
        {data.import_row_number !== null &&
          `, from row ${String(data.import_row_number)} of a file`}
        {data.broker_reference && `, broker reference ${data.broker_reference}`}.
      </p>
      {data.review_reasons.length > 0 && (
        <p className="text-warn">Needs review: {data.review_reasons.map(words).join(", ")}.</p>
      )}
      {data.original && (
        <dl className="grid sm:grid-cols-2 lg:grid-cols-3 gap-x-6 gap-y-1 text-xs">
          {Object.entries(data.original)
            .filter(([, value]) => value.trim() !== "")
            .map(([name, value]) => (
              <div key={name} className="flex gap-2 min-w-0">
                <dt className="text-ink-2 shrink-0">{name}</dt>
                <dd className="break-words min-w-0">{value}</dd>
              </div>
            ))}
        </dl>
      )}
      {reverse.error && <ProblemNotice error={reverse.error} title="It was not taken back" />}
      {data.is_reversed || data.kind === "reversal" ? (
        <p>{data.is_reversed ? "This record was taken back." : "This takes a record back."}</p>
      ) : isAsking ? (
        <p className="flex flex-wrap items-center gap-3">
          A reversal is added; nothing is deleted.
          <button
            type="button"
            className="btn primary"
            disabled={reverse.isPending}
            onClick={() => {
              reverse.mutate();
            }}
          >
            Take it back
          </button>
          <button
            type="button"
            className="btn line"
            onClick={() => {
              setAsking(false);
            }}
          >
            Keep it
          </button>
        </p>
      ) : (
        <button
          type="button"
          className="btn line self-start"
          onClick={() => {
            setAsking(true);
          }}
        >
          Take this record back…
        </button>
      )}
    </div>
  );
}
