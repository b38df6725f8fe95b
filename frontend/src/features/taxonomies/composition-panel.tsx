import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { forgetComposition, readComposition, stateComposition } from "@/shared/api/gen/sdk.gen";
import type { CompositionOut, PartsOut, PastedPartsOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { counted, day, percent } from "@/shared/format/format";
import { Answered } from "@/shared/ui/answered";
import { SelectField, TextField } from "@/shared/ui/field";
import { Faults, PastedLines } from "@/shared/ui/pasted-lines";
import { ProblemNotice } from "@/shared/ui/states";
import { compositionQuery, fundsQuery } from "./queries";

/** What funds that are held are made of, so that the allocation can look through them. */
export function CompositionPanel() {
  const [chosen, setChosen] = useState("");
  return (
    <Answered query={useQuery(fundsQuery)} what="the funds" rows={2}>
      {(data) => <Funds data={data} chosen={chosen} onChoose={setChosen} />}
    </Answered>
  );
}

type FundsProps = { data: PartsOut; chosen: string; onChoose: (id: string) => void };

function Funds({ data, chosen, onChoose }: FundsProps) {
  const held = data.holdings.flatMap(({ instrument_id: id, label, name }) =>
    id === null ? [] : [[id, `${label}, ${name}`] as const],
  );
  return (
    <div className="flex flex-col gap-4 max-w-2xl">
      <p className="text-sm text-ink-2">
        State a fund’s parts, and its share of the portfolio is counted where they belong. Whatever
        no part covers stays with the fund.
      </p>
      <SelectField
        label="Fund"
        value={chosen}
        options={[["", "Choose a holding"], ...held]}
        onChange={(event) => {
          onChoose(event.target.value);
        }}
      />
      {chosen && <Composition key={chosen} instrumentId={chosen} asOf={data.as_of} />}
    </div>
  );
}

function Composition({ instrumentId, asOf }: { instrumentId: string; asOf: string }) {
  return (
    <Answered query={useQuery(compositionQuery(instrumentId))} what="its parts" rows={2}>
      {(data) => <Stated data={data} asOf={asOf} />}
    </Answered>
  );
}

function useComposition(data: CompositionOut) {
  const queryClient = useQueryClient();
  const path = { instrument_id: data.instrument_id };
  const { queryKey } = compositionQuery(data.instrument_id);
  const onSuccess = async () => {
    void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    await queryClient.invalidateQueries({ queryKey });
  };
  // what was refused for somebody else's change is tried again over theirs, once it is shown
  const onError = () => {
    void queryClient.invalidateQueries({ queryKey });
  };
  const read = useMutation({
    mutationFn: (text: string) => unwrap(readComposition({ path, body: { text } })),
  });
  const state = useMutation({
    mutationFn: ({ parts, asOf }: { parts: PastedPartsOut["parts"]; asOf: string }) =>
      unwrap(
        stateComposition({
          path,
          body: {
            version: data.version,
            as_of: asOf,
            parts: parts.map(({ instrument_id, weight_ratio }) => ({
              instrument_id,
              weight_ratio,
            })),
          },
        }),
      ),
    onSuccess,
    onError,
  });
  const forget = useMutation({
    mutationFn: (version: number) => unwrap(forgetComposition({ path, query: { version } })),
    onSuccess,
    onError,
  });
  return { read, state, forget };
}

function Stated({ data, asOf }: { data: CompositionOut; asOf: string }) {
  const { read, state, forget } = useComposition(data);
  const [when, setWhen] = useState(data.as_of ?? asOf);
  const [text, setText] = useState("");
  const { version } = data;
  const found = read.data;
  const isFit = found !== undefined && found.faults.length === 0 && found.parts.length > 0;
  const error = read.error ?? state.error ?? forget.error;
  const change = (next: string) => {
    setText(next);
    for (const call of [read, state, forget]) call.reset();
  };
  return (
    <form
      className="flex flex-col gap-3"
      aria-label={`Parts of ${data.symbol}`}
      onSubmit={(event) => {
        event.preventDefault();
        read.mutate(text);
      }}
    >
      {version !== null && data.as_of && (
        <p className="text-sm">
          {counted(data.parts.length, "part")} stated as of {day(data.as_of)};{" "}
          {percent(data.rest_ratio, 2)} stays with {data.symbol}.{" "}
          <button
            type="button"
            className="lnk"
            onClick={() => {
              forget.mutate(version, {
                onSuccess: () => {
                  setWhen(asOf);
                },
              });
            }}
          >
            Look through it no more
          </button>
        </p>
      )}
      <PastedLines
        label="Parts and weights"
        hint="One line each, such as AAPL, 5.2 %. Symbol or ISIN of an instrument known here."
        rows={5}
        value={text}
        onChange={change}
      />
      <div className="w-48">
        <TextField
          label="As of"
          type="date"
          value={when}
          onChange={(event) => {
            setWhen(event.target.value);
          }}
        />
      </div>
      {error && <ProblemNotice error={error} title="Nothing was changed" />}
      <Read found={found} />
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn line" disabled={!text.trim() || read.isPending}>
          Look at it first
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={!isFit || !when || state.isPending}
          onClick={() => {
            if (!found) return;
            state.mutate(
              { parts: found.parts, asOf: when },
              {
                onSuccess: () => {
                  change("");
                },
              },
            );
          }}
        >
          State these parts
        </button>
      </div>
    </form>
  );
}

function Read({ found }: { found: PastedPartsOut | undefined }) {
  return (
    <div role="status" className="text-sm">
      {found && found.faults.length > 0 && <Faults faults={found.faults} />}
      {found && found.parts.length > 0 && (
        <p>
          {counted(found.parts.length, "part")} read:{" "}
          {found.parts
            .slice(0, 5)
            .map((part) => `${part.symbol} ${percent(part.weight_ratio, 2)}`)
            .join(", ")}
          {found.parts.length > 5 && " and more"}.
        </p>
      )}
    </div>
  );
}
