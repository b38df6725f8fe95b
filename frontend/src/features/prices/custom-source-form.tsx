import { useRef, type FormEvent } from "react";
import type { CustomSourceOut, CustomSourceTryIn } from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError } from "@/shared/api/problem";
import { day } from "@/shared/format/format";
import { TextField } from "@/shared/ui/field";
import { Money } from "@/shared/ui/figures";
import { ProblemNotice } from "@/shared/ui/states";
import { useCustomSource } from "./use-custom-source";

type Props = {
  instrumentId: string;
  currency: string;
  source: CustomSourceOut | null;
  onDone: () => void;
};

const FIELDS = ["url", "price_path", "date_path", "currency", "currency_path", "factor"];

function bodyOf(form: HTMLFormElement): CustomSourceTryIn {
  const told = new FormData(form);
  const text = (name: string) => {
    const found = told.get(name);
    return typeof found === "string" ? found.trim() : "";
  };
  const currencyPath = text("currency_path") || null;
  return {
    url: text("url"),
    price_path: text("price_path"),
    date_path: text("date_path") || null,
    currency_path: currencyPath,
    currency: currencyPath ? null : text("currency") || null,
    factor: text("factor") || "1",
  };
}

/** A URL and where in its document the price stands; tried before it is kept. */
export function CustomSourceForm({ instrumentId, currency, source, onDone }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { attempt, save } = useCustomSource(instrumentId);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    attempt.reset();
    const body = { ...bodyOf(event.currentTarget), version: source?.version ?? null };
    save.mutate(body, { onSuccess: onDone });
  };
  const attemptNow = () => {
    if (!form.current) return;
    save.reset();
    attempt.mutate(bodyOf(form.current));
  };
  const error = attempt.error ?? save.error;
  const isBeside =
    error instanceof ProblemError && FIELDS.some((field) => fieldError(error, field) !== undefined);
  return (
    <form
      ref={form}
      onSubmit={submit}
      className="flex flex-col gap-4 max-w-2xl mb-6"
      aria-label="Prices fetched from a URL"
      noValidate
    >
      {error && !isBeside && (
        <ProblemNotice
          error={error}
          title={attempt.error ? "Nothing was read" : "It was not saved"}
        />
      )}
      <Fields source={source} currency={currency} error={error} />
      <p role="status" className="text-sm">
        {attempt.data && (
          <>
            It reads <Money value={attempt.data.price} currency={attempt.data.currency} />, of{" "}
            {day(attempt.data.price_date)}.
          </>
        )}
      </p>
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          className="btn line"
          onClick={attemptNow}
          disabled={attempt.isPending}
        >
          {attempt.isPending ? "Trying…" : "Try"}
        </button>
        <button type="submit" className="btn primary" disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save the source"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

type FieldsProps = { source: CustomSourceOut | null; currency: string; error: unknown };

function Fields({ source, currency, error }: FieldsProps) {
  const of = (name: string) => ({ name, error: fieldError(error, name), spellCheck: false });
  return (
    <>
      <TextField
        label="URL"
        type="url"
        {...of("url")}
        defaultValue={source?.url}
        hint="https only; whoever sees this portfolio sees it, keys in it too"
      />
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <TextField
          label="Where the price stands"
          {...of("price_path")}
          defaultValue={source?.price_path}
          hint="such as data.quotes[0].price"
        />
        <TextField
          label="Where its day stands"
          {...of("date_path")}
          defaultValue={source?.date_path ?? ""}
          hint="empty: the day it is fetched"
        />
        <TextField
          label="Currency"
          maxLength={3}
          {...of("currency")}
          defaultValue={source ? (source.currency ?? "") : currency}
          hint={`${currency}, or a hundredth of it such as GBp`}
        />
        <TextField
          label="Where the currency stands"
          {...of("currency_path")}
          defaultValue={source?.currency_path ?? ""}
          hint="instead of a fixed one"
        />
        <TextField
          label="Times"
          inputMode="decimal"
          {...of("factor")}
          defaultValue={source?.factor ?? "1"}
          hint="what stands there is multiplied by it"
        />
      </div>
    </>
  );
}
