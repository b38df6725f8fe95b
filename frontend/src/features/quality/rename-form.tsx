import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { renameInstrument } from "@/shared/api/gen/sdk.gen";
import type { RenameIn } from "@/shared/api/gen/types.gen";
import { fieldError, unwrap } from "@/shared/api/problem";
import { day } from "@/shared/format/format";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";

/** Another ticker from a day on; the old one stays its name before it. */
export function RenameForm({ instrumentId }: { instrumentId: string }) {
  const queryClient = useQueryClient();
  const [missing, setMissing] = useState<string>();
  const rename = useMutation({
    mutationFn: (body: RenameIn) =>
      unwrap(renameInstrument({ path: { instrument_id: instrumentId }, body })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["operations", "data"] });
      void queryClient.invalidateQueries({ queryKey: ["instruments"] });
      void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const told = new FormData(event.currentTarget);
    const text = (name: string) => {
      const found = told.get(name);
      return typeof found === "string" ? found.trim() : "";
    };
    const body = { symbol: text("symbol").toUpperCase(), from_date: text("from_date") };
    setMissing(body.from_date ? undefined : "choose a day");
    if (body.from_date) rename.mutate(body);
  };
  const { error, variables, isSuccess } = rename;
  const beside = fieldError(error, "symbol") ?? fieldError(error, "from_date");
  return (
    <form
      onSubmit={submit}
      className="flex flex-col gap-4 max-w-xl mt-8"
      aria-label="Another ticker"
      noValidate
    >
      <h3 className="font-semibold">Another ticker</h3>
      {error && !beside && <ProblemNotice error={error} title="It was not renamed" />}
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <TextField
          label="New ticker"
          name="symbol"
          maxLength={40}
          spellCheck={false}
          autoComplete="off"
          error={fieldError(error, "symbol")}
        />
        <TextField
          label="From"
          name="from_date"
          type="date"
          error={missing ?? fieldError(error, "from_date")}
          hint="before it, the old one is its name"
        />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="btn line" disabled={rename.isPending}>
          {rename.isPending ? "Renaming…" : "Rename it"}
        </button>
        <span role="status" className="text-sm">
          {isSuccess && `It is ${variables.symbol} from ${day(variables.from_date)} on.`}
        </span>
      </div>
    </form>
  );
}
