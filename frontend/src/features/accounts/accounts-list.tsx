import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { accountsKey, accountsQuery } from "@/shared/api/accounts";
import { deleteAccount, updateAccount } from "@/shared/api/gen/sdk.gen";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { ProblemError, unwrap } from "@/shared/api/problem";
import { words } from "@/shared/format/format";
import { TextField } from "@/shared/ui/field";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { AccountForm } from "./account-form";

export function AccountsList() {
  const { data, error, refetch } = useQuery(accountsQuery);
  const [isAdding, setAdding] = useState(false);
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading accounts" rows={4} height={48} />
    );
  }
  const close = () => {
    setAdding(false);
  };
  return (
    <div className="flex flex-col gap-6">
      {error && <StaleNotice what="the accounts" onRetry={retry} />}
      {data.items.length === 0 && !isAdding ? (
        <EmptyState title="No accounts yet">
          <p>An account is one place at one broker. Its transactions come from a file.</p>
        </EmptyState>
      ) : (
        <ul className="border-t border-rule-strong">
          {data.items.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
        </ul>
      )}
      {isAdding ? (
        <AccountForm onCreated={close} onCancel={close} />
      ) : (
        <button
          type="button"
          className="btn primary self-start"
          onClick={() => {
            setAdding(true);
          }}
        >
          New account
        </button>
      )}
    </div>
  );
}

function AccountRow({ account }: { account: AccountOut }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: accountsKey });
  const rename = useMutation({
    mutationFn: (next: string) =>
      unwrap(
        updateAccount({
          path: { account_id: account.id },
          body: { version: account.version, name: next },
        }),
      ),
    onSuccess: async () => {
      setName(null);
      await refresh();
    },
  });
  const remove = useMutation({
    mutationFn: () => unwrap(deleteAccount({ path: { account_id: account.id } })),
    onSuccess: refresh,
  });
  const { error } = rename;
  const isStale = error instanceof ProblemError && error.problem.code === "stale_version";
  return (
    <li className="py-3 border-b border-rule">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1">
          <p className="font-semibold">{account.name}</p>
          <p className="text-sm text-ink-2">
            {[
              account.broker,
              account.base_currency,
              words(account.kind),
              words(account.tax_treatment),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <button
          type="button"
          className="btn line"
          aria-label={`Rename ${account.name}`}
          onClick={() => {
            setName(account.name);
          }}
        >
          Rename
        </button>
        <button
          type="button"
          className="btn line"
          aria-label={`Remove ${account.name}`}
          disabled={remove.isPending}
          onClick={() => {
            remove.mutate();
          }}
        >
          Remove
        </button>
      </div>
      {name !== null && (
        <form
          className="flex flex-wrap items-end gap-3 mt-3 max-w-lg"
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate(name.trim());
          }}
        >
          <div className="flex-1 min-w-48">
            <TextField
              label="New name"
              value={name}
              onChange={(event) => {
                setName(event.target.value);
              }}
            />
          </div>
          <button type="submit" className="btn primary" disabled={rename.isPending}>
            Save
          </button>
        </form>
      )}
      {isStale ? (
        <div role="alert" className="note warn mt-3 flex flex-wrap items-center gap-3">
          Somebody else changed this account. Load its current state, then decide again.
          <button
            type="button"
            className="btn line"
            onClick={() => {
              rename.reset();
              void refresh();
            }}
          >
            Load it
          </button>
        </div>
      ) : (
        (error ?? remove.error) && (
          <div className="mt-3">
            <ProblemNotice error={error ?? remove.error} title="The account was not changed" />
          </div>
        )
      )}
    </li>
  );
}
