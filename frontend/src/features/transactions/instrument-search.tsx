import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Header, ListBox, ListBoxItem, ListBoxSection } from "react-aria-components";
import type { FoundOut, InstrumentOut, InstrumentSearchOut } from "@/shared/api/gen/types.gen";
import { sourceName } from "@/shared/format/sources";
import { TextField } from "@/shared/ui/field";
import { ProblemNotice, Skeleton } from "@/shared/ui/states";
import { searchQuery } from "./queries";

const PAUSE_MS = 250;

type Props = {
  words: string;
  onChosen: (instrument: InstrumentOut) => void;
  /** Goes on by hand, with what is known of it. */
  onTyping: (begun: Partial<FoundOut>) => void;
};

/** Looks among the instruments one may know as one types; at providers only when told to. */
export function InstrumentSearch({ words, onChosen, onTyping }: Props) {
  const [typed, setTyped] = useState(words);
  const [asked, setAsked] = useState("");
  const settled = useSettled(typed.trim());
  const isAsking = asked !== "" && asked === settled;
  const { data, error, refetch } = useQuery({
    ...searchQuery(settled, isAsking),
    enabled: settled !== "",
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <TextField
        label="Symbol or name"
        type="search"
        maxLength={80}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
      {error && (
        <ProblemNotice
          error={error}
          title="It could not be looked up"
          onRetry={() => {
            void refetch();
          }}
        />
      )}
      {settled !== "" && !data && !error && (
        <Skeleton label="Looking for it" rows={3} height={36} />
      )}
      {settled !== "" && data && (
        <>
          <Found data={data} onChosen={onChosen} onTyping={onTyping} />
          <p role="status" className="text-sm text-ink-2">
            {summary(data)}
          </p>
        </>
      )}
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          className="btn line"
          disabled={settled === "" || isAsking}
          onClick={() => {
            setAsked(settled);
          }}
        >
          Ask providers
        </button>
        <button
          type="button"
          className="btn line"
          onClick={() => {
            onTyping({ symbol: typed.trim().toUpperCase() });
          }}
        >
          Enter by hand
        </button>
      </div>
    </>
  );
}

/** What was typed, once the typing has paused. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(typed);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  return settled;
}

function summary({ items, found, asked, not_asked }: InstrumentSearchOut): string {
  const ours = items.length === 0 ? "None that you know is called so." : "";
  if (not_asked === "offline")
    return `${ours} This installation is offline: nobody else was asked.`;
  if (not_asked === "nobody") return `${ours} No provider that can search is set up.`;
  if (not_asked !== null) return ours;
  const silent = asked.filter(({ outcome }) => outcome !== "ok" && outcome !== "empty");
  const names = silent.map(({ source }) => sourceName(source)).join(", ");
  const theirs = found.length === 0 ? "Providers list none besides." : "";
  return [ours, theirs, names && `${names} could not tell.`].filter(Boolean).join(" ");
}

type FoundProps = Pick<Props, "onChosen" | "onTyping"> & { data: InstrumentSearchOut };

function Found({ data, onChosen, onTyping }: FoundProps) {
  const { items, found } = data;
  if (items.length + found.length === 0) return null;
  return (
    <ListBox
      aria-label="Instruments found"
      className="listing outline-none border border-rule rounded-md p-1.5 max-h-80 overflow-auto"
      onAction={(key) => {
        const ours = items.find(({ id }) => id === key);
        const theirs = found.find((one) => keyOf(one) === key);
        if (ours) onChosen(ours);
        if (theirs) onTyping(theirs);
      }}
    >
      {items.length > 0 && (
        <ListBoxSection>
          <Header className="block px-2.5 pt-1.5 text-xs text-ink-2">Known</Header>
          {items.map((item) => (
            <Line key={item.id} {...item} more={item.exchange} />
          ))}
        </ListBoxSection>
      )}
      {found.length > 0 && (
        <ListBoxSection>
          <Header className="block px-2.5 pt-1.5 text-xs text-ink-2">Listed by providers</Header>
          {found.map((one) => (
            <Line key={keyOf(one)} id={keyOf(one)} {...one} more={sourceName(one.source)} />
          ))}
        </ListBoxSection>
      )}
    </ListBox>
  );
}

const keyOf = ({ source, symbol, exchange, currency }: FoundOut): string =>
  [source, symbol, exchange, currency].join(" ");

type LineProps = {
  id: string;
  symbol: string;
  name: string;
  currency: string | null;
  more: string | null;
};

function Line({ id, symbol, name, currency, more }: LineProps) {
  return (
    <ListBoxItem id={id} textValue={symbol}>
      <span className="font-semibold">{symbol}</span>{" "}
      <span className="text-ink-2 truncate min-w-0">{name}</span>{" "}
      <span className="text-ink-2 ml-auto">
        {[more, currency].filter((part) => part !== null).join(", ")}
      </span>
    </ListBoxItem>
  );
}
