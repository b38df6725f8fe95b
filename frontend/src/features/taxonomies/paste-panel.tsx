import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { classifyInstruments } from "@/shared/api/gen/sdk.gen";
import type { ClassifiedOut, TaxonomyOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { counted } from "@/shared/format/format";
import { Faults, PastedLines } from "@/shared/ui/pasted-lines";
import { ProblemNotice } from "@/shared/ui/states";
import { Theirs } from "./theirs";
import { type Editor, isStaleVersion } from "./use-editor";

type Props = { data: TaxonomyOut; editor: Editor };
type Sent = { version: number; isPreview: boolean };

/** Many instruments at once, as lines; looked at first, then all of them or none. */
export function PastePanel({ data, editor }: Props) {
  const [text, setText] = useState("");
  const send = useMutation({
    mutationFn: ({ version, isPreview }: Sent) =>
      unwrap(
        classifyInstruments({
          path: { taxonomy_id: data.id },
          body: { version, text, is_preview: isPreview },
        }),
      ),
    onSuccess: (found) => {
      if (found.is_done) editor.take("the pasted lines", found.taxonomy);
    },
  });
  const ask = (isPreview: boolean) => {
    send.mutate({ version: data.version, isPreview });
  };
  const change = (next: string) => {
    setText(next);
    send.reset();
  };
  return (
    <form
      className="flex flex-col gap-3 max-w-2xl"
      aria-label="Paste classifications"
      onSubmit={(event) => {
        event.preventDefault();
        ask(true);
      }}
    >
      <Refused
        error={send.error}
        isSeen={send.variables?.version !== data.version}
        onShow={() => {
          send.reset();
          editor.reload();
        }}
      />
      <PastedLines
        label="Instruments, categories and weights"
        hint="One line each, such as AAPL, Technology > Hardware, 100 %. Symbol or ISIN; categories that are missing are added; a weight left out is the whole."
        rows={6}
        value={text}
        onChange={change}
      />
      <label className="text-sm min-w-0 max-w-full">
        Or a CSV file
        <input
          type="file"
          className="block w-full min-w-0 mt-1"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => {
            void event.target.files?.[0]?.text().then(change);
          }}
        />
      </label>
      <Outcome found={send.data} />
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn line" disabled={!text.trim() || send.isPending}>
          Look at it first
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={
            !send.data || send.data.faults.length > 0 || send.data.is_done || send.isPending
          }
          onClick={() => {
            ask(false);
          }}
        >
          Classify
        </button>
      </div>
    </form>
  );
}

/** Why nothing was done; somebody else's change is told until it is seen, here or anywhere. */
function Refused({ error, isSeen, onShow }: RefusedProps) {
  if (error === null) return null;
  if (!isStaleVersion(error)) return <ProblemNotice error={error} title="Nothing was changed" />;
  return isSeen ? null : <Theirs onShow={onShow} />;
}

type RefusedProps = { error: Error | null; isSeen: boolean; onShow: () => void };

function Outcome({ found }: { found: ClassifiedOut | undefined }) {
  return (
    <div role="status" className="text-sm">
      {found && found.faults.length > 0 && (
        <>
          <p className="font-semibold">Nothing can be done with these lines yet:</p>
          <Faults faults={found.faults} />
        </>
      )}
      {found && found.faults.length === 0 && (
        <p>
          {found.is_done ? "Done: " : "This would put "}
          {counted(found.instrument_count, "instrument")}
          {found.new_category_count > 0 &&
            `, and add ${String(found.new_category_count)} to the categories`}
          .
        </p>
      )}
    </div>
  );
}
