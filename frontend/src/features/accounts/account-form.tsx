import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { accountsKey } from "@/shared/api/accounts";
import { useAttempt } from "@/shared/api/attempt";
import { createAccount } from "@/shared/api/gen/sdk.gen";
import type { AccountIn, AccountOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { CURRENCY_OPTIONS, SelectField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { AccountFields, isBesideField, readAccount } from "./account-fields";

type Props = { onCreated?: (account: AccountOut) => void; onCancel?: () => void };

export function AccountForm({ onCreated, onCancel }: Props) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const create = useMutation({
    mutationFn: (body: AccountIn) =>
      unwrap(createAccount({ body, headers: { "Idempotency-Key": attempt.keyFor(body) } })),
    onSuccess: async (account) => {
      attempt.settle();
      await queryClient.invalidateQueries({ queryKey: accountsKey });
      onCreated?.(account);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ ...readAccount(event.currentTarget), lot_method: "fifo" });
  };
  const { error } = create;
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4 max-w-2xl"
      aria-label="New account"
      noValidate
    >
      {error && !isBesideField(error) && (
        <ProblemNotice error={error} title="The account was not created" />
      )}
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <AccountFields error={error} />
        <SelectField
          label="Currency of its totals"
          name="base_currency"
          defaultValue="USD"
          options={CURRENCY_OPTIONS}
        />
      </div>
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
