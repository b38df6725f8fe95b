import { Link } from "@tanstack/react-router";
import { counted, percent } from "@/shared/format/format";
import { Money, Unknown } from "@/shared/ui/figures";
import { useScopeSearch } from "@/shared/ui/known";
import { Why } from "@/shared/ui/why";
import type { Part } from "./level";

type Props = {
  parts: readonly Part[];
  caption: string;
  currency: string;
  whyOf: (part: Part, figure: "value" | "weight_ratio") => string | undefined;
  onOpen: (key: string) => void;
};

/** Every part of a level, with what is owed and what is not known. */
export function PartsTable({ parts, caption, currency, whyOf, onOpen }: Props) {
  return (
    <div className="tablewrap">
      <table className="tbl stack" data-testid="parts">
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Value</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <Row key={part.key} part={part} currency={currency} whyOf={whyOf} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = Omit<Props, "parts" | "caption"> & { part: Part };

function Row({ part, currency, whyOf, onOpen }: RowProps) {
  const reason =
    part.unknownCount > 0 ? `${counted(part.unknownCount, "holding")} not valued` : undefined;
  return (
    <tr>
      <td>
        <span className="inline-flex items-center gap-2 min-w-0">
          <i
            aria-hidden="true"
            className="size-2.5 rounded-[2px] shrink-0"
            style={{ background: part.color }}
          />
          <Name part={part} onOpen={onOpen} />
        </span>
        {part.negative !== "0" && part.node && (
          <span className="block text-xs text-ink-2">
            <Money value={part.negative} currency={currency} digits={0} /> of it is owed
          </span>
        )}
      </td>
      <td>
        <Why figure={`Value of ${part.label}`} path={whyOf(part, "value")}>
          <Money value={part.value} currency={currency} digits={0} reason={reason} />
        </Why>
      </td>
      <td className="num max-md:col-start-2 max-md:!text-right">
        {part.weight === null ? (
          <Unknown reason={reason ?? "the whole is not known"} />
        ) : (
          <Why figure={`Share of ${part.label}`} path={whyOf(part, "weight_ratio")}>
            {percent(part.weight, 1)}
          </Why>
        )}
      </td>
    </tr>
  );
}

function Name({ part, onOpen }: { part: Part; onOpen: (key: string) => void }) {
  const search = useScopeSearch();
  if (part.node) {
    const { key } = part.node;
    return (
      <button
        type="button"
        className="said lnk !text-ink text-left"
        onClick={() => {
          onOpen(key);
        }}
      >
        {part.label}
      </button>
    );
  }
  const held = part.holding;
  if (!held?.instrument_id) return <span>{part.label}</span>;
  const isPart = held.share_ratio !== "1";
  return (
    <span className="min-w-0">
      <Link
        to="/holdings/$instrumentId"
        params={{ instrumentId: held.instrument_id }}
        search={search}
        className="lnk !text-ink"
      >
        {part.label}
      </Link>{" "}
      <span className="text-xs text-ink-2">
        {part.name}
        {isPart && `, ${percent(held.share_ratio, 2)} of it`}
        {isPart && held.is_looked_through && " by its parts"}
      </span>
    </span>
  );
}
