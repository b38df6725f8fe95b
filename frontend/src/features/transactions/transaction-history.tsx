import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useAttempt } from "@/shared/api/attempt";
import { restoreTransaction } from "@/shared/api/gen/sdk.gen";
import type { TransactionVersionOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { day, instant, quantity, words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice } from "@/shared/ui/states";
import { historyQuery, RECORD_KEYS } from "./queries";

/** Every record that stood in this one's place; shown once there was more than one. */
export function TransactionHistory({ id }: { id: string }) {
  const { data } = useQuery(historyQuery(id));
  if (!data || data.versions.length < 2) return null;
  return (
    <div>
      <p className="font-semibold mb-1">What was recorded before</p>
      <ol className="flex flex-col gap-1 text-xs">
        {data.versions.map((version) => (
          <VersionLine key={version.record.id} version={version} />
        ))}
      </ol>
    </div>
  );
}

function VersionLine({ version: { record, ended_at: ended } }: { version: TransactionVersionOut }) {
  return (
    <li className={ended ? "text-ink-2" : ""}>
      {instant(record.recorded_at)}: {words(record.kind)} of {day(record.trade_date)}
      {record.quantity && <>, {quantity(record.quantity)} units</>}
      {record.net_amount && (
        <>
          , cash <Money value={record.net_amount} currency={record.currency} signed />
        </>
      )}
      {ended ? `, until ${instant(ended)}` : ", counts today"}
    </li>
  );
}

/** Bring back what was taken back. */
export function Restore({ id, onRestored }: { id: string; onRestored: () => void }) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const restore = useMutation({
    mutationFn: () =>
      unwrap(
        restoreTransaction({
          path: { transaction_id: id },
          headers: { "Idempotency-Key": attempt.keyFor(id) },
        }),
      ),
    onSuccess: () => {
      onRestored();
      for (const key of RECORD_KEYS) void queryClient.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <div className="flex flex-col gap-3">
      {restore.error && <ProblemNotice error={restore.error} title="It was not brought back" />}
      <button
        type="button"
        className="btn line self-start"
        disabled={restore.isPending}
        onClick={() => {
          restore.mutate();
        }}
      >
        {restore.isPending ? "Bringing it back…" : "Bring it back"}
      </button>
    </div>
  );
}

export function CorrectLink({ id }: { id: string }) {
  return (
    <Link
      to="/transactions/$transactionId/correct"
      params={{ transactionId: id }}
      className="btn line self-start"
    >
      Correct it…
    </Link>
  );
}
