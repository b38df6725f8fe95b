import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { accountsKey } from "@/shared/api/accounts";
import { updateAccount } from "@/shared/api/gen/sdk.gen";
import type { AccountOut, AccountPatchIn } from "@/shared/api/gen/types.gen";
import { ProblemError, unwrap } from "@/shared/api/problem";
import { ProblemNotice } from "@/shared/ui/states";
import { AccountFields, isBesideField, kindName, readAccount, taxName } from "./account-fields";

type Props = { account: AccountOut; onDone: () => void };
type Change = Omit<AccountPatchIn, "version">;

/** What somebody else saved meanwhile, when that is why ours was refused. */
function theirs(error: unknown): AccountOut | null {
  if (!(error instanceof ProblemError) || ![409, 412].includes(error.problem.status)) return null;
  const { code, current } = error.problem;
  if (error.problem.status === 409 && code !== "stale_version") return null;
  return current as AccountOut | null;
}

export function AccountEdit({ account, onDone }: Props) {
  const queryClient = useQueryClient();
  const [mine, setMine] = useState<Change | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: accountsKey });
  const save = useMutation({
    mutationFn: (body: AccountPatchIn) =>
      unwrap(updateAccount({ path: { account_id: account.id }, body })),
    onSuccess: async () => {
      await refresh();
      onDone();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { base_currency: _, ...change } = readAccount(event.currentTarget);
    setMine(change);
    save.mutate({ ...change, version: account.version });
  };
  const { error } = save;
  const current = theirs(error);
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4 mt-4 max-w-2xl"
      aria-label={`Edit ${account.name}`}
      noValidate
    >
      {current && mine ? (
        <Conflict
          current={current}
          isBusy={save.isPending}
          onMine={() => {
            save.mutate({ ...mine, version: current.version });
          }}
          onTheirs={() => {
            void refresh();
            onDone();
          }}
        />
      ) : (
        error &&
        !isBesideField(error) && <ProblemNotice error={error} title="The account was not changed" />
      )}
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <AccountFields values={account} error={error} />
      </div>
      <div className="flex gap-2">
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

type ConflictProps = {
  current: AccountOut;
  isBusy: boolean;
  onMine: () => void;
  onTheirs: () => void;
};

/** Two people changed one account: both states are shown, and a person decides. */
function Conflict({ current, isBusy, onMine, onTheirs }: ConflictProps) {
  return (
    <div role="alert" className="note warn flex flex-col gap-2">
      <p className="font-semibold">Somebody else changed this account meanwhile</p>
      <p>
        It is now “{current.name}”:{" "}
        {[current.broker, kindName(current.kind), taxName(current.tax_treatment)]
          .filter(Boolean)
          .join(", ")}
        .
      </p>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="btn line" onClick={onTheirs}>
          Keep theirs
        </button>
        <button type="button" className="btn line" disabled={isBusy} onClick={onMine}>
          Save mine over it
        </button>
      </div>
    </div>
  );
}
