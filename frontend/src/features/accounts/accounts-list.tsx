import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { accountsKey, accountsQuery } from "@/shared/api/accounts";
import { deleteAccount } from "@/shared/api/gen/sdk.gen";
import type { AccountOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { lotMethodName } from "@/shared/format/lot-methods";
import { EmptyState, ProblemNotice, Skeleton, StaleNotice } from "@/shared/ui/states";
import { kindName, taxName } from "./account-fields";
import { AccountForm } from "./account-form";
import { AccountYear, useYears } from "./account-year";

export function AccountsList() {
  const { data, error, refetch } = useQuery(accountsQuery);
  const [isAdding, setAdding] = useState(false);
  const years = useYears(data?.items ?? []);
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
  const add = (
    <button
      type="button"
      className="btn primary self-start"
      onClick={() => {
        setAdding(true);
      }}
    >
      New account
    </button>
  );
  if (data.items.length === 0 && !isAdding) {
    return (
      <EmptyState title="No accounts yet">
        <p>An account is one place at one broker. Its transactions come from a file, or by hand.</p>
        {add}
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      {error && <StaleNotice what="the accounts" onRetry={retry} />}
      {years.notice}
      {data.items.length > 0 && (
        <ul className="border-t border-rule-strong">
          {data.items.map((account) => (
            <AccountRow key={account.id} account={account}>
              <AccountYear
                year={years.of(account)}
                isPending={years.isPending}
                currency={account.base_currency}
              />
            </AccountRow>
          ))}
        </ul>
      )}
      {isAdding ? <AccountForm onCreated={close} onCancel={close} /> : add}
    </div>
  );
}

function AccountRow({ account, children }: { account: AccountOut; children: ReactNode }) {
  const [isRemoving, setRemoving] = useState(false);
  const facts = [
    account.broker,
    account.base_currency,
    kindName(account.kind),
    taxName(account.tax_treatment),
    lotMethodName(account.lot_method),
    account.group_name,
    account.tags.map((tag) => `#${tag}`).join(" "),
  ];
  return (
    <li className="py-4 border-b border-rule">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-semibold break-words">
            <Link to="/" search={{ account: account.id }} className="hover:underline">
              {account.name}
            </Link>
          </p>
          <p className="text-sm text-ink-2 break-words">{facts.filter(Boolean).join(" · ")}</p>
        </div>
        {children}
        <div className="flex flex-wrap gap-2">
          <Link
            to="/transactions/new"
            search={{ account: account.id }}
            className="btn line"
            aria-label={`Add a transaction to ${account.name}`}
          >
            Add a transaction
          </Link>
          <Link
            to="/accounts/$accountId"
            params={{ accountId: account.id }}
            className="btn"
            aria-label={`Settings of ${account.name}`}
          >
            Settings
          </Link>
          <button
            type="button"
            className="btn"
            aria-label={`Remove ${account.name}`}
            onClick={() => {
              setRemoving(true);
            }}
          >
            Remove
          </button>
        </div>
      </div>
      {isRemoving && (
        <AccountRemoval
          account={account}
          onKeep={() => {
            setRemoving(false);
          }}
        />
      )}
    </li>
  );
}

function AccountRemoval({ account, onKeep }: { account: AccountOut; onKeep: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => unwrap(deleteAccount({ path: { account_id: account.id } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: accountsKey }),
  });
  return (
    <div className="note mt-4 flex flex-col gap-3">
      {remove.error ? (
        <ProblemNotice error={remove.error} title="The account was not removed" />
      ) : (
        <p>Only an account without records can be removed.</p>
      )}
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="btn primary"
          disabled={remove.isPending}
          onClick={() => {
            remove.mutate();
          }}
        >
          Remove it
        </button>
        <button type="button" className="btn line" onClick={onKeep}>
          Keep it
        </button>
      </div>
    </div>
  );
}
