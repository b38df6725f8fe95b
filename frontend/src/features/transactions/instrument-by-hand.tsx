import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { addInstrument } from "@/shared/api/gen/sdk.gen";
import type { FoundOut, InstrumentIn, InstrumentOut } from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError, unwrap } from "@/shared/api/problem";
import { words } from "@/shared/format/format";
import { CURRENCY_OPTIONS, SelectField, TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

const CLASSES = ["equity", "fund", "bond", "crypto", "option", "cash", "other"] as const;
const CLASS_OPTIONS = CLASSES.map((name) => [name, words(name)] as const);
const FIELDS = ["symbol", "name", "exchange", "currency", "asset_class", "isin"];

type Props = {
  begun: Partial<FoundOut>;
  onAdded: (instrument: InstrumentOut) => void;
  onBack: () => void;
};

function bodyOf(form: HTMLFormElement): InstrumentIn {
  const told = new FormData(form);
  const text = (name: string) => {
    const found = told.get(name);
    return typeof found === "string" ? found.trim() : "";
  };
  const symbol = text("symbol");
  return {
    symbol,
    name: text("name") || symbol,
    exchange: text("exchange").toUpperCase() || null,
    currency: text("currency"),
    asset_class: CLASSES.find((name) => name === text("asset_class")) ?? "other",
    isin: text("isin").toUpperCase() || null,
  };
}

/** What an instrument is, in one's own words; nobody else sees it by that. */
export function InstrumentByHand({ begun, onAdded, onBack }: Props) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const add = useMutation({
    mutationFn: (body: InstrumentIn) =>
      unwrap(addInstrument({ body, headers: { "Idempotency-Key": attempt.keyFor(body) } })),
    onSuccess: (made) => {
      attempt.settle();
      void queryClient.invalidateQueries({ queryKey: ["instruments"] });
      onAdded(made);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation(); // a form this one was opened from is not meant
    add.mutate(bodyOf(event.currentTarget));
  };
  const { error } = add;
  const isBeside =
    error instanceof ProblemError && FIELDS.some((field) => fieldError(error, field) !== undefined);
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4"
      aria-label="An instrument by hand"
      noValidate
    >
      {error && !isBeside && <ProblemNotice error={error} title="It was not added" />}
      <Fields begun={begun} error={error} />
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn primary" disabled={add.isPending}>
          {add.isPending ? "Adding…" : "Add it"}
        </button>
        <button type="button" className="btn line" onClick={onBack}>
          Back to the search
        </button>
      </div>
    </form>
  );
}

function Fields({ begun, error }: { begun: Partial<FoundOut>; error: unknown }) {
  const of = (name: string) => ({ name, error: fieldError(error, name) });
  return (
    <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
      <TextField
        label="Symbol"
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        {...of("symbol")}
        defaultValue={begun.symbol}
        hint="or a short name of your own"
      />
      <TextField label="Name" maxLength={200} {...of("name")} defaultValue={begun.name} />
      <SelectField
        label="Currency"
        {...of("currency")}
        options={CURRENCY_OPTIONS}
        defaultValue={begun.currency ?? "USD"}
      />
      <SelectField
        label="Kind"
        {...of("asset_class")}
        options={CLASS_OPTIONS}
        defaultValue={begun.asset_class ?? "equity"}
      />
      <TextField
        label="Exchange (optional)"
        maxLength={12}
        spellCheck={false}
        {...of("exchange")}
        defaultValue={begun.exchange ?? ""}
        hint="such as XNAS"
      />
      <TextField
        label="ISIN (optional)"
        maxLength={12}
        spellCheck={false}
        {...of("isin")}
        hint="twelve signs; it names one instrument in the world"
      />
    </div>
  );
}
