import { useState, type FormEvent } from "react";
import type { ManualPriceOut } from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError } from "@/shared/api/problem";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import { usePrices } from "./use-prices";

type Props = {
  instrumentId: string;
  currency: string;
  /** The price that is changed; without one a new one is set. */
  price?: ManualPriceOut | undefined;
  onDone: () => void;
};

const FIELDS = ["close", "price_date", "note"];

/** One price of one's own: a day, a close, and where it comes from. */
export function PriceForm({ instrumentId, currency, price, onDone }: Props) {
  const { set } = usePrices(instrumentId);
  const [missing, setMissing] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const found = form.get(name);
      return typeof found === "string" ? found.trim() : "";
    };
    const day = price?.price_date ?? text("price_date");
    setMissing(day ? undefined : "choose a day");
    if (!day) return;
    const body = { close: text("close"), currency, note: text("note") || null };
    set.mutate({ day, body: { ...body, version: price?.version ?? null } }, { onSuccess: onDone });
  };
  const { error } = set;
  const isBeside =
    error instanceof ProblemError && FIELDS.some((field) => fieldError(error, field) !== undefined);
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4 max-w-2xl mb-6"
      aria-label="A price of your own"
      noValidate
    >
      {error && !isBeside && <ProblemNotice error={error} title="The price was not set" />}
      <div className="grid sm:grid-cols-3 gap-x-5 gap-y-4 items-start">
        <TextField
          label="Day"
          name="price_date"
          type="date"
          defaultValue={price?.price_date}
          disabled={price !== undefined}
          error={missing ?? fieldError(error, "price_date")}
        />
        <TextField
          label={`Price in ${currency}`}
          name="close"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={price?.close}
          hint="of one unit"
          error={fieldError(error, "close")}
        />
        <TextField
          label="Note"
          name="note"
          maxLength={500}
          defaultValue={price?.note ?? ""}
          hint="where it comes from"
          error={fieldError(error, "note")}
        />
      </div>
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn primary" disabled={set.isPending}>
          {set.isPending ? "Saving…" : "Save the price"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
