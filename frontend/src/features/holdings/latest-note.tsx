import type { LatestOut } from "@/shared/api/gen/types.gen";
import { ago, instant } from "@/shared/format/format";
import { sourceInText } from "@/shared/format/sources";
import { useNow } from "@/shared/ui/quote";

type Props = { latest: LatestOut; of: number; isTold: boolean; notice: string | null };

/** How many positions are at a trade, how new, how late, from whom, and whether they move. */
export function LatestNote({ latest, of, isTold, notice }: Props) {
  const now = useNow();
  const isLive = isTold && latest.count > 0;
  const { newest_as_of: newest, delay_minutes: delay } = latest;
  return (
    <p className="mb-3 flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-xs text-ink-2">
      <span>
        <span aria-hidden="true" className={isLive ? "text-gain" : "text-ink-2"}>
          ●{" "}
        </span>
        {isTold ? "Moves with each trade" : (notice ?? "Refreshed now and then")}
      </span>
      <span>
        {latest.count === 0
          ? "No trade newer than the closes is known"
          : `${String(latest.count)} of ${String(of)} at a trade newer than the close`}
      </span>
      {newest !== null && (
        <span>
          newest{" "}
          <time dateTime={newest} title={instant(newest)}>
            {ago(newest, now)}
          </time>
          {delay !== null && delay > 0 && `, up to ${String(delay)} min delayed`},{" "}
          {latest.sources.map(sourceInText).join(", ")}
        </span>
      )}
    </p>
  );
}
