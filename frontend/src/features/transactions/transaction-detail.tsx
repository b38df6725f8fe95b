import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { reverseTransaction } from "@/shared/api/gen/sdk.gen";
import type { TransactionDetailOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { day, instant, quantity } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { RECORD_KEYS, transactionQuery } from "./queries";
import { reviewReason } from "./reasons";
import { CorrectLink, Restore, TransactionHistory } from "./transaction-history";

type Props = { id: string; onReversed: () => void };

/** What a record says, the broker's own row behind it, and the way to take it back. */
export function TransactionDetail({ id, onReversed }: Props) {
  const { data, error, refetch } = useQuery(transactionQuery(id));
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
  const { review_reasons: reasons } = data;
  return (
    <div className="note flex flex-col gap-3 whitespace-normal">
      {reasons.length > 0 && (
        <p className="text-warn">Needs review: {reasons.map(reviewReason).join("; ")}.</p>
      )}
      <Facts data={data} />
      {data.original && <Original row={data.original} />}
      <p className="text-xs text-ink-2">
        Recorded {instant(data.recorded_at)}
        {data.import_row_number === null
          ? ", by hand"
          : `, from row ${String(data.import_row_number)} of a file`}
        {data.broker_reference && `, broker reference ${data.broker_reference}`}.
      </p>
      {data.is_reversed || data.kind === "reversal" ? (
        <>
          <p>{data.is_reversed ? "This record was taken back." : "This takes a record back."}</p>
          {data.is_reversed && <Restore id={id} onRestored={onReversed} />}
        </>
      ) : (
        <div className="flex flex-wrap gap-2 items-start">
          <CorrectLink id={id} />
          <Reversal id={id} onReversed={onReversed} />
        </div>
      )}
      <TransactionHistory id={id} />
    </div>
  );
}

/** What the list has no room for, and the broker's own row below does not say. */
function Facts({ data }: { data: TransactionDetailOut }) {
  const facts: [string, ReactNode][] = [["Account", data.account_name]];
  const add = (name: string, amount: string | null | undefined, currency: string) => {
    if (amount) facts.push([name, <Money key={name} value={amount} currency={currency} signed />]);
  };
  if (data.instrument_name) facts.push(["Instrument", data.instrument_name]);
  if (data.settlement_date) facts.push(["Settled", day(data.settlement_date)]);
  if (data.price && !data.original)
    facts.push(["Price", <Money key="p" value={data.price} currency={data.currency} />]);
  if (data.ratio) facts.push(["Ratio", `${quantity(data.ratio, 18)} for 1`]);
  add("Gross", data.gross?.amount, data.gross?.currency ?? "");
  for (const [name, part] of [
    ["Fee", data.fee],
    ["Tax", data.tax],
  ] as const) {
    if (part) {
      facts.push([name, <Money key={name} value={part.amount} currency={part.currency} />]);
    }
  }
  add("Other side", data.counter?.amount, data.counter?.currency ?? "");
  if (data.note && !data.original) facts.push(["Note", data.note]);
  return <List facts={facts} />;
}

function Original({ row }: { row: Record<string, string> }) {
  const filled = Object.entries(row).filter(([, value]) => value.trim() !== "");
  return (
    <div>
      <p className="font-semibold mb-1">The broker’s own row</p>
      <List facts={filled} />
    </div>
  );
}

function List({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid sm:grid-cols-2 lg:grid-cols-3 gap-x-6 gap-y-1 text-xs">
      {facts.map(([name, value]) => (
        <div key={name} className="flex gap-2 min-w-0">
          <dt className="text-ink-2 shrink-0 max-w-[50%] break-words">{name}</dt>
          <dd className="break-words min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Reversal(props: Props) {
  const [isAsking, setAsking] = useState(false);
  if (isAsking) {
    return (
      <Confirm
        {...props}
        onKeep={() => {
          setAsking(false);
        }}
      />
    );
  }
  return (
    <button
      type="button"
      className="btn line self-start"
      onClick={() => {
        setAsking(true);
      }}
    >
      Take this record back…
    </button>
  );
}

function Confirm({ id, onReversed, onKeep }: Props & { onKeep: () => void }) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const confirm = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    confirm.current?.focus();
  }, []);
  const reverse = useMutation({
    mutationFn: () =>
      unwrap(
        reverseTransaction({
          path: { transaction_id: id },
          headers: { "Idempotency-Key": attempt.keyFor(id) },
        }),
      ),
    onSuccess: () => {
      onReversed();
      for (const key of RECORD_KEYS) void queryClient.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <div className="flex flex-col gap-3">
      {reverse.error && <ProblemNotice error={reverse.error} title="It was not taken back" />}
      <p>A reversal is added; nothing is deleted.</p>
      <div className="flex flex-wrap gap-2">
        <button
          ref={confirm}
          type="button"
          className="btn primary"
          disabled={reverse.isPending}
          onClick={() => {
            reverse.mutate();
          }}
        >
          {reverse.isPending ? "Taking it back…" : "Take it back"}
        </button>
        <button type="button" className="btn line" onClick={onKeep}>
          Keep it
        </button>
      </div>
    </div>
  );
}
