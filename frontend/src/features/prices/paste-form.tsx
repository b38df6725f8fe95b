import { useState, type FormEvent } from "react";
import { counted } from "@/shared/format/format";
import { Faults, PastedLines } from "@/shared/ui/pasted-lines";
import { ProblemNotice } from "@/shared/ui/states";
import { usePrices } from "./use-prices";

type Props = { instrumentId: string; currency: string; onDone: () => void };

/** Many prices at once, as lines of a day and a close; all are stored or none. */
export function PasteForm({ instrumentId, currency, onDone }: Props) {
  const { paste } = usePrices(instrumentId);
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) paste.mutate({ text, currency });
  };
  const { data, error } = paste;
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-3 max-w-2xl mb-6"
      aria-label="Paste prices"
      noValidate
    >
      {error && <ProblemNotice error={error} title="Nothing was stored" />}
      <PastedLines
        label={`Days and prices in ${currency}`}
        hint="One line each, such as 2026-03-05,104.50; comma, semicolon or tab between them."
        rows={6}
        most={400_000}
        value={text}
        onChange={setText}
      />
      <div role="status" className="text-sm">
        {data && data.faults.length === 0 && (
          <p>
            {counted(data.stored_count, "price")} stored, {data.replaced_count} replaced,{" "}
            {data.unchanged_count} as before.
          </p>
        )}
        {data && data.faults.length > 0 && (
          <>
            <p className="font-semibold">Nothing was stored:</p>
            <Faults faults={data.faults} />
          </>
        )}
      </div>
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn primary" disabled={paste.isPending}>
          {paste.isPending ? "Storing…" : "Store all lines"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Close
        </button>
      </div>
    </form>
  );
}
