import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { SaveAs } from "@/shared/charts/save-as";
import { isNarrowed } from "@/shared/slice";
import { useScopeSearch } from "@/shared/ui/known";
import { explainPath } from "@/shared/api/explanations";
import type { PartsOut } from "@/shared/api/gen/types.gen";
import { counted, day } from "@/shared/format/format";
import { Choice } from "@/shared/ui/choice";
import { NothingOfPart } from "@/shared/ui/sliced";
import { EmptyState, ProblemNotice, Section, Skeleton, StaleNotice } from "@/shared/ui/states";
import { Breadcrumb } from "./breadcrumb";
import { isDrawn, levelOf, nodeOf, pathTo, type Part } from "./level";
import { PartsTable } from "./parts-table";
import { partsQuery, type PartsFilter } from "./queries";
import { RingView } from "./ring-view";
import { Treemap } from "./treemap";

export type Look = "map" | "ring" | "table";
const LOOKS = [
  ["map", "Map"],
  ["ring", "Ring"],
  ["table", "Table"],
] as const;

type Props = {
  filter: PartsFilter;
  look: Look;
  node: string | undefined;
  onChange: (change: { node?: string | undefined; look?: Look }) => void;
};

/** What is held by one cut, a level at a time. */
export function AllocationView({ filter, look, node, onChange }: Props) {
  const { data, error, refetch } = useQuery(partsQuery(filter));
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} />
    ) : (
      <Skeleton label="Loading the allocation" rows={8} height={40} />
    );
  }
  if (data.nodes.length === 0) {
    return isNarrowed(filter.slice) ? (
      <NothingOfPart />
    ) : (
      <EmptyState title="Nothing is held">
        <p>Once there are holdings or cash, this page shows what they are parts of.</p>
      </EmptyState>
    );
  }
  return (
    <>
      {error && <StaleNotice what="the allocation" onRetry={retry} />}
      <NotKnown data={data} />
      <Level data={data} filter={filter} look={look} node={node} onChange={onChange} />
    </>
  );
}

function Level({ data, filter, look, node, onChange }: Props & { data: PartsOut }) {
  const picture = useRef<HTMLDivElement>(null);
  const at = nodeOf(data, node);
  const parts = levelOf(data, at);
  const drawn = parts.filter(isDrawn);
  const open = (key: string) => {
    onChange({ node: key });
  };
  const reason = data.unknowns[0]?.message ?? "the whole is not known";
  const label = at ? `${data.name}: ${at.label}` : data.name;
  return (
    <Section
      id="parts"
      title={at?.label ?? `By ${data.name.toLowerCase()}`}
      aside={
        <span className="flex flex-wrap items-center gap-x-4">
          <Choice
            label="Show as"
            look="quiet"
            value={look}
            options={LOOKS}
            onChange={(next) => {
              onChange({ look: next });
            }}
          />
          <SaveAs
            file="allocation"
            rows={() => csvOf(data, parts)}
            chart={
              look !== "table" && drawn.length > 0
                ? { box: picture, heading: headingOf(data, label, parts) }
                : undefined
            }
          />
        </span>
      }
    >
      <Breadcrumb top={data.name} path={pathTo(data, at)} onOpen={onChange} />
      <div
        className={
          look === "table"
            ? ""
            : "grid lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)] gap-x-10 gap-y-6 items-start"
        }
      >
        {look === "map" && (
          <Treemap
            parts={drawn}
            label={`${label}, map`}
            reason={reason}
            picture={picture}
            onOpen={open}
          />
        )}
        {look === "ring" && (
          <RingView
            parts={drawn}
            label={`${label}, ring`}
            reason={reason}
            picture={picture}
            onOpen={open}
          />
        )}
        <PartsTable
          parts={parts}
          caption={`${label}, in ${data.currency}`}
          currency={data.currency}
          whyOf={(part, figure) => whyOf(filter, part, figure)}
          onOpen={open}
        />
      </div>
      <Undrawn parts={parts} look={look} />
      <LookedThrough data={data} />
      <Conventions data={data} />
    </Section>
  );
}

function whyOf(
  { by, account, isDirect }: PartsFilter,
  { node, holding }: Part,
  figure: "value" | "weight_ratio",
): string | undefined {
  if (node) {
    return explainPath("allocation/node", {
      by,
      key: node.key,
      figure,
      account_id: account,
      look_through: isDirect ? "false" : undefined,
    });
  }
  if (!holding?.instrument_id || holding.share_ratio !== "1" || holding.account_id)
    return undefined;
  return explainPath(`holdings/${holding.instrument_id}`, {
    figure: figure === "value" ? "market_value" : figure,
    account_id: account,
  });
}

const owedOf = (parts: readonly Part[]): Part[] =>
  parts.filter((part) => part.value !== null && Number(part.value) < 0);

/** A picture stands alone: it says of which day it is, and what it leaves out. */
function headingOf(data: PartsOut, label: string, parts: readonly Part[]): string {
  const names = owedOf(parts).map((part) => part.label);
  const left = names.length > 0 ? `; not drawn, because it is owed: ${names.join(", ")}` : "";
  const unknown = data.nav === null ? "; the whole is not known" : "";
  return `${label}, ${day(data.as_of)}${unknown}${left}`;
}

const csvOf = (data: PartsOut, parts: readonly Part[]) => [
  ["part", "name", `value_${data.currency}`, "share", "owed"],
  ...parts.map((part) => [part.label, part.name, part.value, part.weight, part.negative]),
];

/** A missing price makes the whole unknown: which, and where to mend it. */
function NotKnown({ data }: { data: PartsOut }) {
  const search = useScopeSearch();
  if (data.nav !== null) return null;
  return (
    <div className="note warn mb-5" role="status">
      <p className="font-semibold">The whole is not known, so no share is</p>
      <p className="mt-1">
        {counted(data.unknown_count, "holding")} without a value. The picture shows the others.
      </p>
      <ul className="mt-1.5 list-disc pl-5">
        {data.unknowns.map((unknown) => (
          <li key={`${unknown.reason_code} ${unknown.message}`}>
            {unknown.message}
            {unknown.reason_code === "price_missing" && unknown.instrument_id && (
              <>
                {" "}
                <Link
                  to="/holdings/$instrumentId"
                  params={{ instrumentId: unknown.instrument_id }}
                  search={search}
                  hash="own-prices"
                  className="lnk"
                >
                  Set a price of {unknown.symbol}
                </Link>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What has no area: shown in words, so that the picture is not taken for all. */
function Undrawn({ parts, look }: { parts: readonly Part[]; look: Look }) {
  const owed = owedOf(parts);
  const names = owed.map((part) => part.label).join(", ");
  if (look === "table" || names === "") return null;
  return (
    <p className="text-sm text-ink-2 mt-3">
      Not drawn, because it is owed: {names}. The table has {owed.length === 1 ? "it" : "them"}.
    </p>
  );
}

/** How its figures were made, as every page of figures says it. */
function Conventions({ data: { conventions: how, as_of } }: { data: PartsOut }) {
  return (
    <p className="text-xs text-ink-2 mt-3 max-w-[72ch]">
      Prices: {how.prices}; rates: {how.rates}. Weights {how.weights}; short positions are{" "}
      {how.short_positions}. Calculation {how.calculation_version}, as of {day(as_of)}.
    </p>
  );
}

function LookedThrough({ data }: { data: PartsOut }) {
  if (data.looked_through_count === 0) return null;
  return (
    <p className="text-sm text-ink-2 mt-3">
      {counted(data.looked_through_count, "fund")} shared out over the parts stated for{" "}
      {data.looked_through_count === 1 ? "it" : "them"}; what no part covers stays with the fund.
    </p>
  );
}
