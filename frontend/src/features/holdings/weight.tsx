import { percent } from "@/shared/format/format";
import { Unknown } from "@/shared/ui/figures";

type WeightProps = { ratio: string | null; color: string; reason: string | undefined };

/** A part of the whole, as a bar and in percent. */
export function Weight({ ratio, color, reason }: WeightProps) {
  if (ratio === null) return <Unknown reason={reason} />;
  const width = `${String(Math.min(100, Math.max(0, Number(ratio) * 100)))}%`;
  return (
    <span className="inline-flex items-center gap-2.5">
      <i aria-hidden="true" className="relative h-1.5 w-14 rounded-full bg-sunk max-lg:hidden">
        <i
          className="absolute inset-y-0 left-0 rounded-full"
          style={{ width, background: color }}
        />
      </i>
      <span className="w-12">{percent(ratio, 1)}</span>
    </span>
  );
}
