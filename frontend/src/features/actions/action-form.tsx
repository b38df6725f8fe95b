import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ComponentType, type FormEvent } from "react";
import { useAttempt } from "@/shared/api/attempt";
import { changeAction, createAction, removeAction } from "@/shared/api/gen/sdk.gen";
import type {
  ActionChangeIn,
  ActionKind,
  ActionOut,
  InstrumentOut,
} from "@/shared/api/gen/types.gen";
import { fieldError, ProblemError, unwrap } from "@/shared/api/problem";
import { SelectField } from "@/shared/ui/field";
import { ProblemNotice } from "@/shared/ui/states";
import type { InstrumentFieldProps } from "./instrument-choice";
import { KIND_NAMES } from "./phrases";
import { TermFields } from "./term-fields";
import { readTerms } from "./terms";

type Props = {
  /** The event whose terms are changed; without one a new event is made. */
  action?: ActionOut | undefined;
  /** What an instrument is found with; another feature's, so the page brings it. */
  InstrumentField: ComponentType<InstrumentFieldProps>;
  onDone: () => void;
};

const KINDS = Object.entries(KIND_NAMES) as [ActionKind, string][];

/** An instrument that an event names, as far as its field needs it. */
function known(id: string | null, symbol: string | null): InstrumentOut | null {
  if (id === null) return null;
  return {
    id,
    symbol: symbol ?? "",
    name: symbol ?? "",
    exchange: null,
    asset_class: "other",
    currency: "",
    multiplier: "1",
    is_listed: true,
  };
}

function useSave(action: ActionOut | undefined, onDone: () => void) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const refresh = async () => {
    attempt.settle();
    void queryClient.invalidateQueries({ queryKey: ["actions"] });
    await queryClient.invalidateQueries({ queryKey: ["valuation", "actions"] });
    onDone();
  };
  const save = useMutation({
    mutationFn: ({ version, ...body }: ActionChangeIn) => {
      const headers = { "Idempotency-Key": attempt.keyFor([action?.id, version, body]) };
      return unwrap(
        action
          ? changeAction({
              path: { action_id: action.id },
              body: { ...body, version: version ?? null },
              headers,
            })
          : createAction({ body, headers }),
      );
    },
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: () => unwrap(removeAction({ path: { action_id: action?.id ?? "" } })),
    onSuccess: refresh,
  });
  return { save, remove };
}

/** An event of one's own, or one's own terms for an event that a provider tells of. */
export function ActionForm({ action, InstrumentField, onDone }: Props) {
  const [kind, setKind] = useState<ActionKind>(action?.kind ?? "forward_split");
  const [instrument, setInstrument] = useState<InstrumentOut | null>(null);
  const [added, setAdded] = useState(() =>
    known(action?.new_instrument_id ?? null, action?.new_symbol ?? null),
  );
  const [other, setOther] = useState(() =>
    known(action?.alternate_instrument_id ?? null, action?.alternate_symbol ?? null),
  );
  const [missing, setMissing] = useState<string>();
  const { save, remove } = useSave(action, onDone);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const id = action?.instrument_id ?? instrument?.id;
    setMissing(id ? undefined : "choose an instrument");
    if (!id) return;
    const chosen = { instrument: id, added: added?.id ?? null, other: other?.id ?? null };
    save.mutate(
      readTerms(new FormData(event.currentTarget), kind, chosen, action?.version ?? null),
    );
  };
  const error = save.error ?? remove.error;
  const isBusy = save.isPending || remove.isPending;
  return (
    <form
      onSubmit={submit}
      className="note mt-3 flex flex-col gap-4 max-w-3xl"
      aria-label={action ? `Terms of ${action.symbol}` : "New corporate action"}
      noValidate
    >
      {error && <Refused error={error} />}
      <div className="grid sm:grid-cols-2 gap-x-5 gap-y-4 items-start">
        <SelectField
          label="What happens"
          value={kind}
          options={KINDS}
          onChange={(event) => {
            const next = KINDS.find(([name]) => name === event.target.value);
            if (next) setKind(next[0]);
          }}
        />
        {!action && (
          <InstrumentField
            label="Instrument"
            value={instrument}
            error={missing ?? fieldError(error, "instrument_id")}
            isOptional={false}
            onChange={setInstrument}
          />
        )}
        <TermFields
          kind={kind}
          action={action}
          error={error}
          added={added}
          other={other}
          onAdded={setAdded}
          onOther={setOther}
          InstrumentField={InstrumentField}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="btn primary" disabled={isBusy}>
          {save.isPending ? "Saving…" : "Save"}
        </button>
        <button type="button" className="btn line" onClick={onDone}>
          Cancel
        </button>
        {action?.version != null && (
          <button
            type="button"
            className="btn line"
            disabled={isBusy}
            onClick={() => {
              remove.mutate();
            }}
          >
            {action.is_own ? "Remove the event" : "Back to the published terms"}
          </button>
        )}
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
          ? "Somebody else changed these terms meanwhile: close this and open it again"
          : "The terms were not saved"
      }
    />
  );
}
