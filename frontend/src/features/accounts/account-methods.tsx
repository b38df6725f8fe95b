import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { accountsKey } from "@/shared/api/accounts";
import { getLotMethods, setLotMethods } from "@/shared/api/gen/sdk.gen";
import type {
  AccountOut,
  LotMethodChange,
  LotMethodsIn,
  LotMethodsOut,
} from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError, unwrap } from "@/shared/api/problem";
import { asLotMethod, LOT_METHODS } from "@/shared/format/lot-methods";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";

const OVERSELL = [
  ["open_short", "opens a short position"],
  ["refuse", "is refused"],
] as const;

type Props = { account: AccountOut; onDone: () => void };

/** Which lots the account's sales take, and from which day on that changes. */
export function AccountMethods({ account, onDone }: Props) {
  const { data, error, refetch } = useQuery({
    queryKey: [...accountsKey, account.id, "lot-methods"],
    queryFn: ({ signal }) => unwrap(getLotMethods({ path: { account_id: account.id }, signal })),
    gcTime: 0,
  });
  if (data) return <MethodsForm account={account} stored={data} onDone={onDone} />;
  return error ? (
    <ProblemNotice
      error={error}
      onRetry={() => {
        void refetch();
      }}
    />
  ) : (
    <Skeleton label="Loading the lot methods" rows={2} height={44} />
  );
}

function useSave(account: AccountOut, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: LotMethodsIn) =>
      unwrap(setLotMethods({ path: { account_id: account.id }, body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: accountsKey });
      await queryClient.invalidateQueries({ queryKey: ["valuation"] });
      onDone();
    },
  });
}

function MethodsForm({ account, stored, onDone }: Props & { stored: LotMethodsOut }) {
  const [first, setFirst] = useState(stored.first);
  const [taxCurrency, setTaxCurrency] = useState(stored.tax_currency ?? "");
  const [oversell, setOversell] = useState(stored.oversell);
  const [changes, setChanges] = useState<LotMethodChange[]>(stored.changes);
  const save = useSave(account, onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const tax_currency = taxCurrency.trim().toUpperCase() || null;
    save.mutate({ version: stored.version, first, changes, tax_currency, oversell });
  };
  const change = (place: number, part: Partial<LotMethodChange>) => {
    setChanges(changes.map((entry, index) => (index === place ? { ...entry, ...part } : entry)));
  };
  return (
    <form
      onSubmit={submit}
      aria-label={`Lot methods of ${account.name}`}
      className="flex flex-col gap-4 mt-4 max-w-2xl"
      noValidate
    >
      {save.error && <Refused error={save.error} />}
      <SelectField
        label="Sales take"
        options={LOT_METHODS}
        value={first}
        onChange={(event) => {
          setFirst(asLotMethod(event.target.value));
        }}
        hint="Every lot and gain of the account is worked out again. A sale may still name its lots."
      />
      {changes.map((entry, place) => (
        <ChangeFields
          key={place}
          entry={entry}
          onChange={(part) => {
            change(place, part);
          }}
          onRemove={() => {
            setChanges(changes.filter((_, index) => index !== place));
          }}
        />
      ))}
      <TextField
        label="Tax currency"
        value={taxCurrency}
        maxLength={3}
        autoComplete="off"
        placeholder={account.base_currency}
        error={fieldError(save.error, "tax_currency") && "Three letters of a currency, such as EUR"}
        hint="What gains are reported in, at the rate of each day. Empty: the account's own."
        onChange={(event) => {
          setTaxCurrency(event.target.value);
        }}
      />
      <SelectField
        label="Selling more than is held"
        options={OVERSELL}
        value={oversell}
        hint="What is typed by hand. Files are kept whatever they say, and marked for review."
        onChange={(event) => {
          setOversell(event.target.value === "refuse" ? "refuse" : "open_short");
        }}
      />
      <button
        type="button"
        className="btn line self-start"
        onClick={() => {
          setChanges([...changes, { begins_on: "", lot_method: first }]);
        }}
      >
        Change it from a day on
      </button>
      <div className="flex gap-2">
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {save.isPending ? "Working it out…" : "Save"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Refused({ error }: { error: Error }) {
  const isStale = error instanceof ProblemError && error.problem.code === "stale_version";
  return (
    <ProblemNotice
      error={error}
      title={
        isStale
          ? "Somebody else changed this account meanwhile; close this and look again"
          : "The methods were not changed"
      }
    />
  );
}

type ChangeProps = {
  entry: LotMethodChange;
  onChange: (part: Partial<LotMethodChange>) => void;
  onRemove: () => void;
};

function ChangeFields({ entry, onChange, onRemove }: ChangeProps) {
  return (
    <div className="grid sm:grid-cols-[1fr_1fr_auto] gap-x-5 gap-y-2 items-end">
      <TextField
        label="From"
        type="date"
        required
        value={entry.begins_on}
        onChange={(event) => {
          onChange({ begins_on: event.target.value });
        }}
      />
      <SelectField
        label="sales take"
        options={LOT_METHODS}
        value={entry.lot_method}
        onChange={(event) => {
          onChange({ lot_method: asLotMethod(event.target.value) });
        }}
      />
      <button type="button" className="btn" onClick={onRemove}>
        Remove
      </button>
    </div>
  );
}
