type Props = { label: string; done: number; total: number };

const shareOf = (done: number, total: number): number =>
  Math.floor((Math.min(done, total) / total) * 100);

/** So many of so many, as a bar and in percent. Never "100 %" before the last one is done. */
export function ProgressBar({ label, done, total }: Props) {
  if (total <= 0) return null;
  return (
    <span className="flex items-center gap-2.5 max-w-xs">
      <progress className="bar" aria-label={label} max={total} value={Math.min(done, total)} />
      <span className="num text-xs text-ink-2 w-9 shrink-0">{shareOf(done, total)}%</span>
    </span>
  );
}
