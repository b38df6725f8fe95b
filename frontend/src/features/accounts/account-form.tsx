import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { accountsKey, attemptKey } from "@/shared/api/accounts";
import { createAccount } from "@/shared/api/gen/sdk.gen";
import type { AccountIn, AccountOut } from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError, unwrap } from "@/shared/api/problem";
import { CURRENCY_OPTIONS, SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

type Props = { onCreated: (account: AccountOut) => void; onCancel?: () => void };

export function AccountForm({ onCreated, onCancel }: Props) {
  const queryClient = useQueryClient();
  const [attempt, setAttempt] = useState(attemptKey);
  const create = useMutation({
    mutationFn: (body: AccountIn) =>
      unwrap(createAccount({ body, headers: { "Idempotency-Key": attempt } })),
    onSuccess: async (account) => {
      await queryClient.invalidateQueries({ queryKey: accountsKey });
      onCreated(account);
    },
    onError: () => {
      setAttempt(attemptKey());
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    create.mutate({
      name: text("name"),
      broker: text("broker"),
      base_currency: text("base_currency"),
      kind: "brokerage",
      tax_treatment: "taxable",
      lot_method: "fifo",
    });
  };
  const { error } = create;
  const taken = error instanceof ProblemError && error.problem.code === "account_name_taken";
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 max-w-md" noValidate>
      {error && !taken && !fieldError(error, "name") && (
        <ProblemNotice error={error} title="The account was not created" />
      )}
      <TextField
        label="Account name"
        name="name"
        required
        error={
          taken ? "There is an account of that name" : fieldError(error, "name") && "Enter a name"
        }
      />
      <TextField label="Broker" name="broker" hint="Optional" />
      <SelectField
        label="Currency of its totals"
        name="base_currency"
        defaultValue="USD"
        options={CURRENCY_OPTIONS}
      />
      <div className="flex gap-2">
        <button type="submit" className="btn primary" disabled={create.isPending}>
          {create.isPending ? "Creating…" : "Create account"}
        </button>
        {onCancel && (
          <button type="button" className="btn line" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
}
