import { useId, type FormEvent } from "react";
import { counted } from "@/shared/format/format";
import { ProblemNotice } from "@/shared/ui/states";
import { usePrices } from "./use-prices";

type Props = { instrumentId: string; currency: string; onDone: () => void };

/** Many prices at once, as lines of a day and a close; all are stored or none. */
export function PasteForm({ instrumentId, currency, onDone }: Props) {
  const { paste } = usePrices(instrumentId);
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get("text");
    if (typeof text === "string" && text.trim()) paste.mutate({ text, currency });
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
      <div className="field">
        <label htmlFor={id}>Days and prices in {currency}</label>
        <textarea
          id={id}
          name="text"
          rows={6}
          maxLength={400_000}
          aria-describedby={`${id}-hint`}
          className="num"
          spellCheck={false}
        />
        <p id={`${id}-hint`} className="hint">
          One line each, such as 2026-03-05,104.50; comma, semicolon or tab between them.
        </p>
      </div>
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
            <ul className="list-disc pl-5">
              {data.faults.map((fault) => (
                <li key={fault.line}>
                  line {fault.line}: {fault.message}
                </li>
              ))}
            </ul>
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
