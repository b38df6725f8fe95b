/** A short piece of a line for a legend: lines differ by dash and weight as well as by hue. */
export function LineKey({ color, dashes }: { color: string; dashes?: string | undefined }) {
  return (
    <svg aria-hidden="true" width="22" height="8" className="shrink-0">
      <path
        d="M1 4h20"
        stroke={color}
        strokeWidth={dashes ? 1.25 : 2}
        strokeDasharray={dashes}
        fill="none"
      />
    </svg>
  );
}
