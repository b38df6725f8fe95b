import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { accountsQuery } from "@/shared/api/accounts";
import { useAttempt } from "@/shared/api/attempt";
import { createAlertRule } from "@/shared/api/gen/sdk.gen";
import type { AlertRuleIn, InstrumentOut } from "@/shared/api/gen/types.gen";
import { fieldError, unwrap } from "@/shared/api/problem";
import { ratioOf } from "@/shared/format/percent";
import { alertsKey } from "@/shared/live/alerts";
import { SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import type { Tell } from "@/shared/ui/toast";
import {
  HAS_DAYS,
  IS_AMOUNT,
  IS_RATIO,
  KINDS,
  NEEDS_INSTRUMENT,
  OF_INSTRUMENTS,
} from "./sentences";

export type Picked = Pick<InstrumentOut, "id" | "symbol" | "name" | "currency" | "multiplier">;
/** A field for an instrument, which may be optional; null while none is chosen. */
export type PickInstrument = (field: {
  value: Picked | null;
  error: string | undefined;
  isOptional: boolean;
  onChange: (picked: Picked | null) => void;
}) => ReactNode;

type Draft = {
  kind: AlertRuleIn["kind"];
  instrument: Picked | null;
  account: string;
  direction: "above" | "below";
  threshold: string;
  days: string;
  pause: string;
};

const PLAIN = /^\d{1,15}(\.\d{1,8})?$/;
const FEW = /^[1-9]\d{0,2}$/;
const PAUSES = [
  ["0", "At once"],
  ["60", "After an hour"],
  ["1440", "After a day"],
  ["10080", "After a week"],
] as const;
const NAMED = ["instrument_id", "account_id", "threshold", "window_days"];

function bodyOf(draft: Draft): AlertRuleIn {
  const { kind, direction } = draft;
  const isOfInstruments = OF_INSTRUMENTS.includes(kind);
  const watches = IS_AMOUNT.includes(kind) || IS_RATIO.includes(kind);
  const sign = direction === "below" ? "-" : "";
  const ratio = IS_RATIO.includes(kind) ? `${sign}${ratioOf(draft.threshold)}` : draft.threshold;
  return {
    kind,
    instrument_id: isOfInstruments ? (draft.instrument?.id ?? null) : null,
    account_id: isOfInstruments || draft.account === "" ? null : draft.account,
    direction: watches ? direction : null,
    threshold: watches ? ratio : null,
    window_days: HAS_DAYS.includes(kind) ? Number(draft.days) : null,
    cool_down_minutes: Number(draft.pause),
  };
}

function isReady({ kind, instrument, threshold, days }: Draft): boolean {
  const watches = IS_AMOUNT.includes(kind) || IS_RATIO.includes(kind);
  return (
    (!NEEDS_INSTRUMENT.includes(kind) || instrument !== null) &&
    (!watches || PLAIN.test(threshold)) &&
    (!HAS_DAYS.includes(kind) || FEW.test(days))
  );
}

function useMaking(tell: Tell, onMade: () => void) {
  const queries = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: (body: AlertRuleIn) => {
      const headers = { "Idempotency-Key": attempt.keyFor(body) };
      return unwrap(createAlertRule({ body, headers }));
    },
    onSuccess: ({ side }) => {
      attempt.settle();
      const past = "It is past that now: the rule tells the next time it gets there.";
      tell({ text: side === "past" ? past : "The rule is on", isRefused: false });
      onMade();
      return queries.invalidateQueries({ queryKey: alertsKey });
    },
  });
}

type Props = { instrument: Picked | null; pick: PickInstrument; tell: Tell };

/** What to be told of, in a line or two. */
export function RuleForm({ instrument, pick, tell }: Props) {
  const [draft, setDraft] = useState<Draft>({
    kind: "price",
    instrument,
    account: "",
    direction: "above",
    threshold: "",
    days: "1",
    pause: "60",
  });
  const set = (parts: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...parts }));
  };
  const make = useMaking(tell, () => {
    set({ threshold: "" });
  });
  const isNamed = NAMED.some((name) => fieldError(make.error, name) !== undefined);
  return (
    <form
      aria-label="New rule"
      className="mb-8"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady(draft)) make.mutate(bodyOf(draft));
      }}
    >
      {make.error && !isNamed && (
        <div className="mb-3">
          <ProblemNotice error={make.error} title="The rule was not made" />
        </div>
      )}
      <div className="grid sm:grid-cols-2 lg:grid-cols-3 gap-3 items-start">
        <SelectField
          label="Tell me when"
          value={draft.kind}
          options={KINDS}
          onChange={({ target }) => {
            const found = KINDS.find(([kind]) => kind === target.value);
            if (found) set({ kind: found[0] });
          }}
        />
        <About draft={draft} set={set} error={make.error} pick={pick} />
        <Line draft={draft} set={set} error={make.error} />
      </div>
      <button
        type="submit"
        className="btn primary mt-3"
        disabled={make.isPending || !isReady(draft)}
      >
        Make the rule
      </button>
    </form>
  );
}

type PartProps = { draft: Draft; set: (parts: Partial<Draft>) => void; error: unknown };

function About({ draft, set, error, pick }: PartProps & { pick: PickInstrument }) {
  const { data } = useQuery(accountsQuery);
  if (OF_INSTRUMENTS.includes(draft.kind)) {
    return pick({
      value: draft.instrument,
      error: fieldError(error, "instrument_id"),
      isOptional: !NEEDS_INSTRUMENT.includes(draft.kind),
      onChange: (instrument) => {
        set({ instrument });
      },
    });
  }
  const accounts = data?.items.map(({ id, name }) => [id, name] as const) ?? [];
  return (
    <SelectField
      label="Of"
      value={draft.account}
      options={[["", "All accounts"], ...accounts]}
      error={fieldError(error, "account_id")}
      onChange={({ target }) => {
        set({ account: target.value });
      }}
    />
  );
}

function Line({ draft, set, error }: PartProps) {
  const { kind, threshold, days } = draft;
  const isRatio = IS_RATIO.includes(kind);
  const watches = isRatio || IS_AMOUNT.includes(kind);
  const unit = kind === "price" ? (draft.instrument?.currency ?? "amount") : "amount";
  return (
    <>
      {watches && (
        <>
          <SelectField
            label="Which way"
            value={draft.direction}
            options={[
              ["above", isRatio ? "It rises by" : "It rises to"],
              ["below", isRatio ? "It falls by" : "It falls to"],
            ]}
            onChange={({ target }) => {
              set({ direction: target.value === "below" ? "below" : "above" });
            }}
          />
          <TextField
            label={isRatio ? "Percent" : `How far, ${unit}`}
            inputMode="decimal"
            autoComplete="off"
            value={threshold}
            error={
              threshold !== "" && !PLAIN.test(threshold)
                ? "A plain number, such as 120.50"
                : fieldError(error, "threshold")
            }
            onChange={({ target }) => {
              set({ threshold: target.value.trim() });
            }}
          />
        </>
      )}
      {HAS_DAYS.includes(kind) && (
        <TextField
          label={kind === "stale_price" ? "Days without a price" : "Within how many days"}
          inputMode="numeric"
          autoComplete="off"
          value={days}
          error={FEW.test(days) ? fieldError(error, "window_days") : "A number of days, 1 to 366"}
          onChange={({ target }) => {
            set({ days: target.value.trim() });
          }}
        />
      )}
      {watches && (
        <SelectField
          label="Tell again at the earliest"
          value={draft.pause}
          options={PAUSES}
          onChange={({ target }) => {
            set({ pause: target.value });
          }}
        />
      )}
    </>
  );
}
