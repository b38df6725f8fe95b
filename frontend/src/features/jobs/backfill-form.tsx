import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { requestBackfill } from "@/shared/api/gen/sdk.gen";
import type { BackfillIn } from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError, unwrap } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import type { Tell } from "@/shared/ui/toast";
import { bodyOf, faultsOf, type Draft, type Faults } from "./backfill-input";
import { isOffline, jobsKey, summaryQuery } from "./queries";

const EMPTY: Draft = { first: "", last: "", symbols: "" };
const today = (): string => new Date().toISOString().slice(0, 10);

function useRequest(onDone: () => void) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (body: BackfillIn) =>
      unwrap(requestBackfill({ body, headers: { "Idempotency-Key": attempt.keyFor(body) } })),
    onSuccess: () => {
      attempt.settle();
      onDone();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: jobsKey }),
  });
}

/** Ask for closes and events of a span of days once more. */
export function BackfillForm({ tell }: { tell: Tell }) {
  const [draft, setDraft] = useState(EMPTY);
  const [faults, setFaults] = useState<Faults>({});
  const { data: summary } = useQuery(summaryQuery());
  const form = useRef<HTMLFormElement>(null);
  const request = useRequest(() => {
    setDraft(EMPTY);
    tell({ text: "Asked for. The backfill is split into parts and begins.", isRefused: false });
  });
  const field = (name: keyof Draft, wire: string) => ({
    name,
    value: draft[name],
    error: faults[name] ?? fieldError(request.error, wire),
    onChange: (event: { target: { value: string } }) => {
      setDraft({ ...draft, [name]: event.target.value });
      setFaults({ ...faults, [name]: undefined });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = faultsOf(draft, today());
    setFaults(found);
    const [wrong] = Object.keys(found);
    if (wrong === undefined) request.mutate(bodyOf(draft));
    else form.current?.querySelector<HTMLInputElement>(`[name="${wrong}"]`)?.focus();
  };
  return (
    <form ref={form} noValidate className="mb-6" aria-label="Ask for a backfill" onSubmit={submit}>
      <div className="grid gap-4 sm:grid-cols-[10rem_10rem] lg:grid-cols-[10rem_10rem_minmax(0,1fr)_auto] items-start">
        <TextField label="First day" type="date" max={today()} {...field("first", "first_day")} />
        <TextField label="Last day" type="date" {...field("last", "last_day")} />
        <div className="sm:col-span-2 lg:col-span-1">
          <TextField
            label="Symbols (optional)"
            autoCapitalize="characters"
            autoComplete="off"
            spellCheck={false}
            hint="Between commas or spaces; left empty: everything somebody holds."
            {...field("symbols", "symbols")}
          />
        </div>
        <button
          type="submit"
          className="btn primary h-10! lg:mt-[1.6rem] justify-self-start"
          disabled={request.isPending}
        >
          {request.isPending ? "Asking…" : "Ask for it"}
        </button>
      </div>
      {isOffline(summary) && (
        <p className="text-xs text-ink-2 mt-3">
          This installation works offline: only a folder of CSV files is asked, if one is set.
        </p>
      )}
      {request.error && !isOfFields(request.error) && (
        <div className="mt-4">
          <ProblemNotice error={request.error} title="The backfill was not asked for" />
        </div>
      )}
    </form>
  );
}

/** Whether a refusal is told beside a field already. */
const isOfFields = (error: Error): boolean =>
  error instanceof ProblemError &&
  ["first_day", "last_day", "symbols"].some((field) => fieldError(error, field) !== undefined);
