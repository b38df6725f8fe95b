import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { updateAccount } from "@/shared/api/gen/sdk.gen";
import type { AccountOut, AccountPatchIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { ProblemNotice } from "@/shared/ui/states";
import { AccountFields, isBesideField, kindName, readAccount, taxName } from "./account-fields";
import { Conflict, isStale } from "./conflict";

type Props = {
  account: AccountOut;
  /** The account's version as this person saw it last. */
  version: number;
  onSaved: (version: number) => void;
  onTheirs: () => void;
};
type Change = Pick<
  AccountOut,
  "name" | "broker" | "kind" | "tax_treatment" | "group_name" | "tags"
>;

/** What somebody else saved meanwhile, when that is why ours was refused. */
const theirs = (error: unknown): AccountOut | null =>
  isStale(error) ? (error.problem.current as AccountOut | null) : null;

/** What an account is called and what it is. */
export function AccountEdit({ account, version, onSaved, onTheirs }: Props) {
  const [mine, setMine] = useState<Change | null>(null);
  const save = useMutation({
    mutationFn: (body: AccountPatchIn) =>
      unwrap(updateAccount({ path: { account_id: account.id }, body })),
    onSuccess: (saved) => {
      onSaved(saved.version);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { base_currency: _, ...change } = readAccount(event.currentTarget);
    setMine(change);
    save.mutate({ ...change, version });
  };
  const { error } = save;
  const current = theirs(error);
  return (
    <form
      onSubmit={submit}
      onChange={save.isSuccess ? save.reset : undefined}
      className="flex flex-col gap-4 max-w-2xl"
      aria-label={`Name and broker of ${account.name}`}
      noValidate
    >
      {current && mine ? (
        <Conflict
          rows={compared(current, mine)}
          isBusy={save.isPending}
          onMine={() => {
            save.mutate({ ...mine, version: current.version });
          }}
          onTheirs={onTheirs}
        />
      ) : (
        error &&
        !isBesideField(error) && <ProblemNotice error={error} title="The account was not changed" />
      )}
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <AccountFields values={account} error={error} />
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-2 items-center">
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save"}
        </button>
        <p role="status" className="text-sm text-ink-2">
          {save.isSuccess && "Saved."}
        </p>
      </div>
    </form>
  );
}

const compared = (current: Change, mine: Change): [string, string, string][] => [
  ["Account name", current.name, mine.name],
  ["Broker", current.broker, mine.broker],
  ["Kind", kindName(current.kind), kindName(mine.kind)],
  ["Tax", taxName(current.tax_treatment), taxName(mine.tax_treatment)],
  ["Group", current.group_name, mine.group_name],
  ["Tags", current.tags.join(", "), mine.tags.join(", ")],
];
