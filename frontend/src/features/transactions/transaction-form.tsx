import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { correctTransaction, postTransaction } from "@/shared/api/gen/sdk.gen";
import type { AccountOut, InstrumentOut, TransactionIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { words } from "@/shared/format/format";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice } from "@/shared/ui/states";
import { cashChange, readEntry, refusals } from "./entry";
import { asks, NO_AMOUNTS, type Entry, type EntryErrors } from "./entry-kinds";
import { EntryFields } from "./entry-fields";
import { RECORD_KEYS } from "./queries";

type Props = {
  accounts: readonly AccountOut[];
  /** The account and the instrument the page came from. */
  account?: string | undefined;
  instrument?: InstrumentOut | undefined;
  /** The record that this takes the place of, as it was typed. */
  corrects?: { id: string; start: Entry } | undefined;
};

/** Today where the person is: the day they would write on a slip. */
function today(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

function blank({ accounts, account, instrument, corrects }: Props): Entry {
  if (corrects) return corrects.start;
  const chosen = accounts.find(({ id }) => id === account) ?? accounts[0];
  return {
    kind: "buy",
    account: chosen?.id ?? "",
    date: today(),
    instrument: instrument ?? null,
    currency: instrument?.currency ?? chosen?.base_currency ?? "USD",
    ...NO_AMOUNTS,
    source: null,
    counterCurrency: "EUR",
    oldUnits: "1",
  };
}

/** One record typed by hand. The kind decides what is asked; the server has the last word. */
export function TransactionForm(props: Props) {
  const [entry, setEntry] = useState(() => blank(props));
  const [errors, setErrors] = useState<EntryErrors>({});
  const form = useRef<HTMLFormElement>(null);
  const post = usePost(entry, setErrors, props.corrects?.id);
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  const change = (part: Partial<Entry>) => {
    setEntry({ ...entry, ...part });
    const left = Object.entries(errors).filter(([field]) => !(field in part));
    if (left.length < Object.keys(errors).length) setErrors(Object.fromEntries(left));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { errors: found, body } = readEntry(entry);
    setErrors(found);
    if (!body) return;
    post.mutate(body, {
      onSuccess: () => {
        if (props.corrects) return;
        setEntry({ ...entry, ...NO_AMOUNTS });
        form.current?.querySelector<HTMLElement>("select")?.focus();
      },
    });
  };
  return (
    <form
      ref={form}
      onSubmit={submit}
      className="flex flex-col gap-5 max-w-2xl"
      aria-label={props.corrects ? "Correct the transaction" : "New transaction"}
      noValidate
    >
      <Outcome post={post} entry={entry} />
      <EntryFields accounts={props.accounts} entry={entry} errors={errors} onChange={change} />
      <CashLine entry={entry} />
      <div className="flex flex-wrap gap-2">
        <button
          type="submit"
          className="btn primary"
          disabled={post.isPending || (props.corrects && post.isSuccess)}
        >
          {post.isPending ? "Recording…" : props.corrects ? "Correct it" : "Record it"}
        </button>
        <Link to="/transactions" className="btn line">
          Back to the list
        </Link>
      </div>
    </form>
  );
}

/** Posts under one name per content, so that pressing twice or retrying records once. */
function usePost(
  entry: Entry,
  setErrors: (errors: EntryErrors) => void,
  corrects: string | undefined,
) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (body: TransactionIn) => {
      const headers = { "Idempotency-Key": attempt.keyFor([corrects, body]) };
      return unwrap(
        corrects
          ? correctTransaction({ path: { transaction_id: corrects }, body, headers })
          : postTransaction({ body, headers }),
      );
    },
    onSuccess: () => {
      attempt.settle();
      for (const key of RECORD_KEYS) void queryClient.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => {
      setErrors(refusals(error, entry.kind).errors);
    },
  });
}

type OutcomeProps = { post: ReturnType<typeof usePost>; entry: Entry };

function Outcome({ post, entry }: OutcomeProps) {
  if (post.data) {
    const { kind, symbol, net_amount: net, currency } = post.data;
    return (
      <p role="status" className="note gain flex flex-wrap items-center gap-x-4">
        <span>
          <b>Recorded.</b> {[words(kind), symbol].filter(Boolean).join(" ")}
          {net !== null && (
            <>
              , cash <Money value={net} currency={currency} signed />
            </>
          )}
        </span>
        <Link to="/transactions" className="lnk">
          Show it in the list
        </Link>
      </p>
    );
  }
  if (!post.error) return null;
  const { errors, rest } = refusals(post.error, entry.kind);
  // what stands beside a field needs no second telling
  if (Object.keys(errors).length > 0 && rest.length === 0) return null;
  return <ProblemNotice error={post.error} title="It was not recorded" />;
}

const NO_CASH: Partial<Record<Entry["kind"], string>> = {
  split: "A split changes units, not cash and not cost.",
  spin_off: "A part of the parent's cost moves to the new units, lot by lot, with its dates.",
  transfer_in: "Units arrive from elsewhere. Without a cost their gain stays unknown.",
  transfer_out: "Units leave with their lots; nothing is realized.",
  worthless: "The loss counts on the last day of the year.",
};

function CashLine({ entry }: { entry: Entry }) {
  const change = cashChange(entry);
  if (!asks(entry.kind, "amount")) {
    return <p className="text-sm text-ink-2">{NO_CASH[entry.kind] ?? "Cash does not change."}</p>;
  }
  return (
    <p className="flex justify-between border-y border-rule py-2.5 text-sm max-w-xs">
      <span>Cash changes by</span>
      <output className="font-medium" aria-label="Cash changes by" aria-live="off">
        {change === null ? "—" : <Money value={change} currency={entry.currency} signed />}
      </output>
    </p>
  );
}
