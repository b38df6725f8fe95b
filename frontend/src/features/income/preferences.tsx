import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accountsQuery } from "@/shared/api/accounts";
import type { AccountOut, PreferenceOut, PreferencesOut } from "@/shared/api/gen/types.gen";
import { Choice } from "@/shared/ui/choice";
import { SelectField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import type { IncomeFilter } from "./queries";
import { usePreference } from "./use-preference";

type Handling = PreferenceOut["handling"];
export type Known = readonly (readonly [string, string])[];
type Props = { data: PreferencesOut; instruments: Known; filter: IncomeFilter };

const HANDLINGS = [
  ["cash", "Cash"],
  ["reinvest", "Reinvest"],
] as const;

/** Whether income stays cash or buys more, per account and per instrument in it. */
export function Preferences({ data, instruments, filter }: Props) {
  const accounts = useQuery(accountsQuery).data?.items ?? [];
  const change = usePreference();
  const shown = accounts.filter(({ id }) => !filter.account || id === filter.account);
  return (
    <>
      <p className="text-sm text-ink-2 mb-3 max-w-[72ch]">
        What is reinvested is expected to buy more units at today’s price, and is offered so when a
        declared dividend is recorded. Nothing is bought by choosing it here.
      </p>
      {change.error && (
        <div className="mb-3">
          <ProblemNotice error={change.error} title="This was not kept" />
        </div>
      )}
      <ul className="flex flex-col gap-4">
        {shown.map((account) => (
          <Account
            key={account.id}
            account={account}
            said={data.items.filter(({ account_id }) => account_id === account.id)}
            instruments={instruments}
            onSay={(instrument, handling, version) => {
              change.mutate({
                account_id: account.id,
                instrument_id: instrument,
                handling,
                version,
              });
            }}
          />
        ))}
      </ul>
    </>
  );
}

type AccountProps = {
  account: AccountOut;
  said: readonly PreferenceOut[];
  instruments: Known;
  onSay: (instrument: string | null, handling: Handling | null, version: number | null) => void;
};

function Account({ account, said, instruments, onSay }: AccountProps) {
  const own = said.find(({ instrument_id }) => instrument_id === null);
  const others = said.filter(({ instrument_id }) => instrument_id !== null);
  const free = instruments.filter(([id]) => !others.some((one) => one.instrument_id === id));
  return (
    <li className="border-t border-rule pt-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <span className="text-sm font-semibold">{account.name}</span>
        <Choice
          label={`Income of ${account.name}`}
          value={own?.handling ?? "cash"}
          options={HANDLINGS}
          onChange={(handling) => {
            onSay(null, handling, own?.version ?? null);
          }}
        />
      </div>
      {others.map((one) => (
        <div
          key={one.instrument_id}
          className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 mt-2 pl-4"
        >
          <span className="text-sm">{one.symbol}</span>
          <span className="flex items-center gap-3">
            <Choice
              label={`Income of ${one.symbol ?? ""} in ${account.name}`}
              value={one.handling}
              options={HANDLINGS}
              onChange={(handling) => {
                onSay(one.instrument_id, handling, one.version);
              }}
            />
            <button
              type="button"
              className="lnk text-xs"
              aria-label={`As the account: ${one.symbol ?? ""} in ${account.name}`}
              onClick={() => {
                onSay(one.instrument_id, null, one.version);
              }}
            >
              As the account
            </button>
          </span>
        </div>
      ))}
      <Another
        account={account}
        free={free}
        onChoose={(id) => {
          onSay(id, own?.handling === "reinvest" ? "cash" : "reinvest", null);
        }}
      />
    </li>
  );
}

type AnotherProps = { account: AccountOut; free: Known; onChoose: (id: string) => void };

/** An instrument that is to be treated otherwise than the account. */
function Another({ account, free, onChoose }: AnotherProps) {
  const [isOpen, setOpen] = useState(false);
  if (free.length === 0) return null;
  if (!isOpen) {
    return (
      <button
        type="button"
        className="lnk text-xs mt-2"
        aria-label={`Another word for one instrument in ${account.name}`}
        onClick={() => {
          setOpen(true);
        }}
      >
        Another word for one instrument
      </button>
    );
  }
  return (
    <div className="mt-2 max-w-72">
      <SelectField
        label={`Instrument in ${account.name}`}
        value=""
        options={[["", "Choose one"], ...free]}
        onChange={(event) => {
          if (event.target.value) onChoose(event.target.value);
          setOpen(false);
        }}
      />
    </div>
  );
}
