import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ComboBox, Input, ListBox, ListBoxItem, Popover } from "react-aria-components";
import { instrumentsQuery } from "@/shared/api/instruments";
import { endOf, type EditorProps, type Onward } from "./ending";

type Choice = { id: string; text: string; more: string };
type ComboProps = EditorProps & {
  choices: readonly Choice[];
  nothing: string;
  onWords?: (words: string) => void;
  /** One of the choices; or none, and what was typed instead. */
  onChoice: (id: string | null, words: string, onward: Onward) => void;
};

/** A cell that takes one of many: words narrow the list, arrows and Enter choose. */
function CellCombo({ column, text, begun, choices, nothing, onWords, ...rest }: ComboProps) {
  const { onChoice, onCancel } = rest;
  const [words, setWords] = useState(begun ?? text);
  const [isOpen, setOpen] = useState(false);
  const isOver = useRef(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    if (begun === null) field.current?.select();
  }, [begun]);
  const end = (how: Onward | "cancel", id?: string | null) => {
    if (isOver.current) return;
    isOver.current = true;
    const typed = words.trim();
    if (how === "cancel" || (id === undefined && typed === text)) {
      onCancel(how === "cancel" ? "stay" : how);
      return;
    }
    // words that name one exactly need no choosing
    const named = choices.find((one) => one.text.toLowerCase() === typed.toLowerCase());
    onChoice(id ?? named?.id ?? null, typed, how);
  };
  return (
    <div
      role="presentation"
      className="contents"
      onKeyDownCapture={(event) => {
        const how = endOf(event);
        if (how === null) return;
        const isChoosing = isOpen && field.current?.getAttribute("aria-activedescendant");
        if (isChoosing && how !== "cancel") return; // the list takes Enter and Tab
        event.preventDefault();
        event.stopPropagation();
        end(how);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
      }}
    >
      <ComboBox
        className="tg-combo"
        aria-label={column.label}
        items={choices}
        inputValue={words}
        onInputChange={(next) => {
          setWords(next);
          onWords?.(next);
        }}
        onSelectionChange={(key) => {
          if (key !== null) end("right", String(key));
        }}
        onOpenChange={setOpen}
        defaultFilter={(option, typed) =>
          onWords !== undefined ||
          typed === text ||
          option.toLowerCase().includes(typed.toLowerCase())
        }
        menuTrigger="focus"
        allowsEmptyCollection
        onBlur={() => {
          end("away");
        }}
      >
        <Input ref={field} autoComplete="off" className="tg-input" />
        <Popover className="popover max-h-72 overflow-auto" placement="bottom start" offset={2}>
          <ListBox
            className="outline-none"
            renderEmptyState={() => <p className="px-2.5 py-2 text-sm text-ink-2">{nothing}</p>}
          >
            {(item: Choice) => (
              <ListBoxItem id={item.id} textValue={item.text}>
                <span className="font-semibold">{item.text}</span>{" "}
                <span className="text-ink-2 truncate min-w-0">{item.more}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </div>
  );
}

export function InstrumentCombo(props: EditorProps) {
  const [words, setWords] = useState(props.begun ?? "");
  const { data, isFetching } = useQuery({
    ...instrumentsQuery(words.trim()),
    placeholderData: keepPreviousData,
  });
  const items = data?.items ?? [];
  return (
    <CellCombo
      {...props}
      choices={items.map(({ id, symbol, name, currency }) => ({
        id,
        text: symbol,
        more: `${name}, ${currency}`,
      }))}
      nothing={isFetching ? "Looking…" : NO_INSTRUMENT}
      onWords={setWords}
      onChoice={(id, typed, onward) => {
        const instrument = items.find((item) => item.id === id);
        props.onCommit(
          instrument ? { text: instrument.symbol, instrument } : { text: typed },
          onward,
        );
      }}
    />
  );
}

const NO_INSTRUMENT =
  "No such instrument. Add it above the list; one that a file names is known after its import.";

export function AccountCombo(props: EditorProps) {
  return (
    <CellCombo
      {...props}
      choices={props.accounts.map(({ id, name, broker }) => ({ id, text: name, more: broker }))}
      nothing="No account has this name."
      onChoice={(id, typed, onward) => {
        props.onCommit({ text: id ?? typed }, onward);
      }}
    />
  );
}
