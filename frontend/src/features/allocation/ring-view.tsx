import { Link } from "@tanstack/react-router";
import { useState, type RefObject } from "react";
import { Ring } from "@/shared/charts/ring";
import { RingDrawing } from "@/shared/charts/ring-drawing";
import { percent } from "@/shared/format/format";
import { Unknown } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import type { Part } from "./level";

type Props = {
  parts: readonly Part[];
  label: string;
  /** Why shares are not known, where they are not. */
  reason: string | undefined;
  /** Where the ring and its list stand as one drawing, for a picture of them. */
  picture: RefObject<HTMLDivElement | null>;
  onOpen: (key: string) => void;
};

/** The same as a ring, with the list it is a picture of. */
export function RingView({ parts, label, reason, picture, onOpen }: Props) {
  const [active, setActive] = useState<string | null>(null);
  const slices = parts.map(({ key, label: name, value, weight, color }) => ({
    key,
    label: name,
    weight: Number(value),
    share: weight === null ? "—" : percent(weight, 1),
    color,
  }));
  return (
    <div className="grid sm:grid-cols-[minmax(0,240px)_minmax(0,1fr)] gap-x-8 gap-y-4 items-center">
      <div ref={picture} hidden>
        <RingDrawing slices={slices} />
      </div>
      <Ring slices={slices} active={active} />
      <ul aria-label={label} className="text-sm max-h-80 overflow-y-auto">
        {parts.map((part) => (
          <li key={part.key} className="border-b border-rule">
            <Entry part={part} reason={reason} onOpen={onOpen} onActive={setActive} />
          </li>
        ))}
      </ul>
    </div>
  );
}

type EntryProps = {
  part: Part;
  reason: string | undefined;
  onOpen: (key: string) => void;
  onActive: (key: string | null) => void;
};

function Entry({ part, reason, onOpen, onActive }: EntryProps) {
  const search = useScopeSearch();
  const look = "w-full flex items-center gap-2.5 min-h-9 py-1 text-left hover:bg-sunk";
  const enter = () => {
    onActive(part.key);
  };
  const leave = () => {
    onActive(null);
  };
  const told = { onPointerEnter: enter, onPointerLeave: leave, onFocus: enter, onBlur: leave };
  const body = (
    <>
      <i
        aria-hidden="true"
        className="size-3 rounded-[2px] shrink-0"
        style={{ background: part.color }}
      />
      <span className="min-w-0 truncate">{part.label}</span>
      <span className="num ml-auto">
        {part.weight === null ? <Unknown reason={reason} /> : percent(part.weight, 1)}
      </span>
    </>
  );
  if (part.node) {
    const { key } = part.node;
    return (
      <button
        type="button"
        className={`${look} said cursor-pointer`}
        {...told}
        onClick={() => {
          onOpen(key);
        }}
      >
        {body}
      </button>
    );
  }
  return part.holding?.instrument_id ? (
    <Link
      to="/holdings/$instrumentId"
      params={{ instrumentId: part.holding.instrument_id }}
      search={search}
      className={look}
      {...told}
    >
      {body}
    </Link>
  ) : (
    <div className={look}>{body}</div>
  );
}
