import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { accountsKey } from "@/shared/api/accounts";
import { getLotMethods, setLotMethods } from "@/shared/api/gen/sdk.gen";
import type { AccountOut, LotMethodsIn, LotMethodsOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { day } from "@/shared/format/format";
import { lotMethodName } from "@/shared/format/lot-methods";
import { ProblemNotice } from "@/shared/ui/states";
import { Conflict, isStale } from "./conflict";
import { MethodFields, oversellName, type Choice } from "./method-fields";

type Props = {
  account: AccountOut;
  stored: LotMethodsOut;
  /** The account's version as this person saw it last. */
  version: number;
  onSaved: (version: number) => void;
  onTheirs: () => void;
};

function useSave(account: AccountOut, onSaved: (version: number) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: LotMethodsIn) =>
      unwrap(setLotMethods({ path: { account_id: account.id }, body })),
    onSuccess: async (saved) => {
      onSaved(saved.version);
      await queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
  });
}

/** Which lots the account's sales take, from which day on, and in which currencies it counts. */
export function AccountMethods({ account, stored, version, onSaved, onTheirs }: Props) {
  const [mine, setMine] = useState<Choice>(stored);
  const save = useSave(account, onSaved);
  const put = (over: number) => {
    const { first, changes, oversell, base_currency } = mine;
    const tax_currency = mine.tax_currency?.trim().toUpperCase() || null;
    save.mutate({ version: over, first, changes, oversell, base_currency, tax_currency });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put(version);
  };
  const { error } = save;
  return (
    <form
      onSubmit={submit}
      aria-label={`Currencies and lots of ${account.name}`}
      className="flex flex-col gap-4 max-w-2xl"
      noValidate
    >
      {isStale(error) ? (
        <MethodsConflict
          account={account}
          mine={mine}
          isBusy={save.isPending}
          onMine={put}
          onTheirs={onTheirs}
        />
      ) : (
        error && <ProblemNotice error={error} title="Nothing was changed" />
      )}
      <div className="text-sm text-ink-2 flex flex-col gap-2">
        <p>
          A method says which lots a sale takes. Changing it works every lot and every realized gain
          of this account out again, those of past years too. The transactions stay as they are, and
          so does the gain once everything is sold; how much of it counts in which year changes.
        </p>
        <p>For past years to stay as they were, change the method from a day on instead.</p>
      </div>
      <MethodFields
        choice={mine}
        hasRecords={stored.has_records}
        error={error}
        onChange={(part) => {
          if (save.isSuccess) save.reset();
          setMine({ ...mine, ...part });
        }}
      />
      <div className="flex flex-wrap gap-x-4 gap-y-2 items-center">
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {save.isPending ? "Working it out…" : "Save and work it out again"}
        </button>
        <p role="status" className="text-sm text-ink-2">
          {save.isPending && "Every lot and gain is being worked out again."}
          {save.isSuccess && "Saved. Every lot and gain was worked out again."}
        </p>
      </div>
    </form>
  );
}

type ConflictProps = {
  account: AccountOut;
  mine: Choice;
  isBusy: boolean;
  onMine: (version: number) => void;
  onTheirs: () => void;
};

/** Their whole choice is asked for: the refusal names the account only, not its changes by day. */
function MethodsConflict({ account, mine, isBusy, onMine, onTheirs }: ConflictProps) {
  const theirs = useQuery({
    queryKey: [...accountsKey, account.id, "lot-methods"],
    queryFn: ({ signal }) => unwrap(getLotMethods({ path: { account_id: account.id }, signal })),
    gcTime: 0,
  });
  if (!theirs.data) {
    return theirs.error ? (
      <ProblemNotice
        error={theirs.error}
        title="Somebody else changed this account; what they chose could not be loaded"
        onRetry={() => {
          void theirs.refetch();
        }}
      />
    ) : (
      <p role="status" className="note warn">
        Somebody else changed this account; loading what they chose…
      </p>
    );
  }
  const { version } = theirs.data;
  return (
    <Conflict
      rows={compared(theirs.data, mine)}
      isBusy={isBusy}
      onMine={() => {
        onMine(version);
      }}
      onTheirs={onTheirs}
    />
  );
}

const inWords = (changes: Choice["changes"]): string =>
  changes
    .map((change) =>
      change.begins_on ? `${day(change.begins_on)}: ${lotMethodName(change.lot_method)}` : "",
    )
    .filter(Boolean)
    .join("; ");

const compared = (theirs: Choice, mine: Choice): [string, string, string][] => [
  ["Sales take", lotMethodName(theirs.first), lotMethodName(mine.first)],
  ["From a day on", inWords(theirs.changes), inWords(mine.changes)],
  ["Currency", theirs.base_currency, mine.base_currency],
  ["Tax currency", theirs.tax_currency ?? "", mine.tax_currency?.trim().toUpperCase() ?? ""],
  ["Selling too much", oversellName(theirs.oversell), oversellName(mine.oversell)],
];
