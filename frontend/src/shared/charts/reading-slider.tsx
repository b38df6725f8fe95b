import { useId } from "react";

type Props = {
  label: string;
  /** What the arrow keys move through, and where the same values are listed. */
  help: string;
  count: number;
  at: number;
  /** What a screen reader says of the place it is at; undefined where there is none. */
  spoken: string | undefined;
  onMove: (place: number) => void;
  onLeave: () => void;
  onFocus?: () => void;
  /** Where a place can be opened. */
  onEnter?: () => void;
};

/** A drawing read by arrow keys, spoken; the ring around the drawing shows where the keys go. */
export function ReadingSlider({ label, help, count, at, spoken, ...on }: Props) {
  const helpId = useId();
  return (
    <>
      <input
        type="range"
        className="peer sr"
        aria-label={label}
        aria-describedby={helpId}
        min={0}
        max={Math.max(count - 1, 0)}
        value={at}
        aria-valuetext={spoken ?? "no data"}
        onFocus={on.onFocus}
        onChange={(event) => {
          on.onMove(Number(event.target.value));
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") on.onEnter?.();
        }}
        onBlur={on.onLeave}
      />
      <p id={helpId} className="sr">
        {help}
      </p>
      <div className="no-print pointer-events-none absolute -inset-2 rounded-md peer-focus-visible:outline-2 peer-focus-visible:outline-(--focus)" />
    </>
  );
}
