import { useEffect, useRef, useState } from "react";
import { words } from "@/shared/format/format";
import { AccountCombo, InstrumentCombo } from "./cell-combo";
import { GRID_KINDS } from "./columns";
import { endOf, type EditorProps, type Onward } from "./ending";

export function CellEditor(props: EditorProps) {
  switch (props.column.editor) {
    case "kind":
      return <KindEditor {...props} />;
    case "instrument":
      return <InstrumentCombo {...props} />;
    case "account":
      return <AccountCombo {...props} />;
    default:
      return <TextEditor {...props} />;
  }
}

function useEnding(props: EditorProps) {
  const { begun, onCommit, onCancel } = props;
  const isOver = useRef(false);
  const end = (text: string, how: Onward | "cancel") => {
    if (isOver.current) return;
    isOver.current = true;
    if (how === "cancel") onCancel("stay");
    else if (text === props.text && begun === null) onCancel(how);
    else onCommit({ text }, how);
  };
  return end;
}

function TextEditor(props: EditorProps) {
  const { column, begun } = props;
  const [text, setText] = useState(begun ?? props.text);
  const end = useEnding(props);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    if (begun === null) field.current?.select();
  }, [begun]);
  return (
    <input
      ref={field}
      aria-label={column.label}
      className={`tg-input ${column.editor === "number" ? "num text-right" : ""}`}
      inputMode={column.editor === "number" ? "decimal" : "text"}
      maxLength={column.field === "note" ? 2000 : 60}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
      }}
      onBlur={() => {
        end(text, "away");
      }}
      onKeyDown={(event) => {
        const how = endOf(event);
        event.stopPropagation();
        if (how === null) return;
        event.preventDefault();
        end(text, how);
      }}
    />
  );
}

function KindEditor(props: EditorProps) {
  const options = GRID_KINDS.map((kind) => words(kind));
  const begins = (option: string) =>
    option.toLowerCase().startsWith(props.begun?.toLowerCase() ?? "\n");
  const [text, setText] = useState(options.find(begins) ?? props.text);
  const end = useEnding(props);
  const field = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  return (
    <select
      ref={field}
      aria-label={props.column.label}
      className="tg-input"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
      }}
      onBlur={() => {
        end(text, "away");
      }}
      onKeyDown={(event) => {
        const how = endOf(event);
        event.stopPropagation();
        if (how === null) return;
        event.preventDefault();
        end(text, how);
      }}
    >
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}
