import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import type { ReactNode } from "react";
import type { WatchedOut } from "@/shared/api/gen/types.gen";
import { Mover } from "@/shared/ui/mover";
import { NoteField } from "./note-field";

type Props = {
  item: WatchedOut;
  place: number;
  count: number;
  canChange: boolean;
  /** Its last trade: three cells. */
  children: ReactNode;
  onMove: (item: WatchedOut, by: 1 | -1) => void;
  onNote: (item: WatchedOut, note: string) => void;
  onTakeAway: (item: WatchedOut, place: number) => void;
};

const WHOLE = "max-md:col-span-2";

/** An instrument on a list; Alt with an arrow moves it from anywhere in its row. */
export function WatchedRow({ item, canChange, children, onMove, onNote, ...more }: Props) {
  return (
    <tr
      onKeyDown={(event) => {
        const by = ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key];
        if (!canChange || !event.altKey || by === undefined) return;
        event.preventDefault();
        onMove(item, by);
      }}
    >
      <td>
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: item.instrument_id }}
          className="max-md:flex max-md:items-baseline max-md:gap-2 block min-h-6 min-w-0"
        >
          <span className="font-semibold">{item.symbol}</span>{" "}
          <span className="md:block text-xs text-ink-2 md:max-w-[30ch] truncate" title={item.name}>
            {item.name}
          </span>
        </Link>
      </td>
      {children}
      <td className={`!text-left md:w-[32%] ${WHOLE}`}>
        {canChange ? (
          <NoteField
            symbol={item.symbol}
            note={item.note}
            onSave={(note) => {
              onNote(item, note);
            }}
          />
        ) : (
          item.note
        )}
      </td>
      {canChange && <Controls item={item} onMove={onMove} {...more} />}
    </tr>
  );
}

type ControlsProps = Pick<Props, "item" | "place" | "count" | "onMove" | "onTakeAway">;

function Controls({ item, place, count, onMove, onTakeAway }: ControlsProps) {
  return (
    <td className={`whitespace-nowrap max-md:-ml-2.5 ${WHOLE}`}>
      <Mover
        label={`Move ${item.symbol} up`}
        isOff={place === 0}
        onPress={() => {
          onMove(item, -1);
        }}
      >
        <ArrowUp aria-hidden="true" size={16} />
      </Mover>
      <Mover
        label={`Move ${item.symbol} down`}
        isOff={place === count - 1}
        onPress={() => {
          onMove(item, 1);
        }}
      >
        <ArrowDown aria-hidden="true" size={16} />
      </Mover>
      <button
        type="button"
        className="btn icon"
        aria-label={`Take ${item.symbol} away`}
        title={`Take ${item.symbol} away`}
        onClick={() => {
          onTakeAway(item, place);
        }}
      >
        <X aria-hidden="true" size={16} />
      </button>
    </td>
  );
}
