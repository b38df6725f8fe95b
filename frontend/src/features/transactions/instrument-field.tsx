import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import {
  Button,
  ComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from "react-aria-components";
import type { InstrumentOut } from "@/shared/api/gen/types.gen";
import { instrumentsQuery } from "@/shared/api/instruments";
import { AddInstrument } from "./add-instrument";
import type { EntryInstrument } from "./entry-kinds";

type Props = {
  label?: string | undefined;
  value: EntryInstrument | null;
  error: string | undefined;
  isOptional: boolean;
  /** Where adding one makes no sense: a filter, a comparison. */
  isKnownOnly?: boolean;
  /** What is chosen goes elsewhere at once: the field is empty again, for the next one. */
  isPassedOn?: boolean;
  onChange: (instrument: InstrumentOut | null) => void;
};

/** One instrument out of those the portfolio may know, found by symbol or name. */
export function InstrumentField(props: Props) {
  const {
    label,
    value,
    error,
    isOptional,
    isKnownOnly = false,
    isPassedOn = false,
    onChange,
  } = props;
  const [typed, setTyped] = useState(value?.symbol ?? "");
  // the field empties itself when it is left; who adds an instrument looked for these
  const [sought, setSought] = useState("");
  // what was passed on leaves a new field: one that is emptied would open its list again
  const [round, setRound] = useState(0);
  const choose = (next: InstrumentOut) => {
    setTyped(isPassedOn ? "" : next.symbol);
    if (isPassedOn) setRound(round + 1);
    onChange(next);
  };
  // what was chosen is not a search: its list would hold nothing else
  const words = typed === value?.symbol ? "" : typed.trim();
  const { data, isError, isFetching } = useQuery({
    ...instrumentsQuery(words),
    placeholderData: keepPreviousData,
  });
  const nothing = isError
    ? "The instruments could not be loaded."
    : isFetching
      ? "Looking…"
      : isKnownOnly
        ? "No such instrument."
        : "No such instrument. Add it below; one that a file names is known after its import.";
  return (
    <div>
      <ComboBox
        key={round}
        className="field"
        items={data?.items ?? []}
        inputValue={typed}
        onInputChange={(next) => {
          setTyped(next);
          if (next.trim() !== "") setSought(next.trim());
          if (value && next !== value.symbol) onChange(null);
        }}
        selectedKey={value?.id ?? null}
        onSelectionChange={(key) => {
          const found = data?.items.find((item) => item.id === key);
          if (found) choose(found);
        }}
        defaultFilter={() => true}
        menuTrigger={isPassedOn ? "input" : "focus"}
        allowsEmptyCollection
        isInvalid={error !== undefined}
      >
        <Label>{`${label ?? "Instrument"}${isOptional ? " (optional)" : ""}`}</Label>
        <div className="relative">
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it was there, in the field before */}
          <Input autoComplete="off" className="w-full" autoFocus={round > 0} />
          <Button className="absolute inset-y-0 right-0 w-10 grid place-items-center cursor-pointer">
            <ChevronDown aria-hidden="true" size={16} />
          </Button>
        </div>
        {error ? (
          <FieldError className="err">{error}</FieldError>
        ) : (
          <Text slot="description" className="hint">
            {value
              ? `${value.name}, ${value.currency}`
              : isOptional
                ? "Optional. Symbol or name"
                : "Symbol or name"}
          </Text>
        )}
        <Suggestions nothing={nothing} />
      </ComboBox>
      {!value && !isKnownOnly && (
        <AddInstrument className="lnk text-sm mt-1" words={sought} onAdded={choose}>
          Not there? Add an instrument
        </AddInstrument>
      )}
    </div>
  );
}

function Suggestions({ nothing }: { nothing: string }) {
  return (
    <Popover className="popover w-(--trigger-width) max-h-72 overflow-auto">
      <ListBox
        className="outline-none"
        renderEmptyState={() => <p className="px-2.5 py-2 text-sm text-ink-2">{nothing}</p>}
      >
        {(item: InstrumentOut) => (
          <ListBoxItem id={item.id} textValue={item.symbol}>
            <span className="font-semibold">{item.symbol}</span>{" "}
            <span className="text-ink-2 truncate min-w-0">{item.name}</span>{" "}
            <span className="text-ink-2 ml-auto">{item.currency}</span>
          </ListBoxItem>
        )}
      </ListBox>
    </Popover>
  );
}
