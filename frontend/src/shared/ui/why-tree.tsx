import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Clock3 } from "lucide-react";
import { useId, useState } from "react";
import { explanationQuery } from "@/shared/api/explanations";
import type { ExplainedOut } from "@/shared/api/gen/types.gen";
import { day } from "@/shared/format/format";
import { sourceInText } from "@/shared/format/sources";
import { usePreferences } from "@/shared/preferences/preferences";
import { ProblemNotice, Skeleton } from "./states";
import { NodeFigure, reasonOfNode, signOf, signWord } from "./why-figure";

type PartsProps = { node: ExplainedOut; record: string | null };

/** The parts of a figure, each of which can be opened in turn; `record` is linked above already. */
export function WhyParts({ node, record }: PartsProps) {
  return (
    <ul className="why-parts">
      {node.children.map((child, index) => (
        <WhyPart
          key={`${String(index)} ${child.label}`}
          node={child}
          of={node.kind}
          index={index}
          record={record}
        />
      ))}
    </ul>
  );
}

type PartProps = {
  node: ExplainedOut;
  of: ExplainedOut["kind"];
  index: number;
  record: string | null;
};

/** The record a node or what it is part of is about. */
export const recordOf = (node: ExplainedOut, above: string | null): string | null =>
  node.ref?.transaction_id ?? above;

function WhyPart({ node, of, index, record }: PartProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const sign = signOf(of, index);
  const canOpen = node.children.length > 0 || node.more !== null;
  const line = (
    <>
      <span className="min-w-0 break-words">
        {sign && (
          <>
            <span aria-hidden="true" className="sign">
              {sign}
            </span>
            <span className="sr">{signWord(sign)}</span>{" "}
          </>
        )}
        {node.label}
        {node.is_stale && (
          <span className="chip ml-2 text-warn">
            <Clock3 aria-hidden="true" size={12} />
            stale
          </span>
        )}
      </span>{" "}
      <NodeFigure node={node} className={node.kind === "rounding" ? "text-ink-2" : ""} />
    </>
  );
  return (
    <li>
      {canOpen ? (
        <button
          type="button"
          className="why-line"
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <ChevronRight aria-hidden="true" size={16} className={isOpen ? "rotate-90" : ""} />
          {line}
        </button>
      ) : (
        <div className="why-line">
          <span />
          {line}
        </div>
      )}
      <WhyAbout node={node} record={record} />
      {isOpen && (
        <div id={id}>
          {node.children.length > 0 ? (
            <WhyParts node={node} record={recordOf(node, record)} />
          ) : (
            <WhyMore path={node.more ?? ""} record={recordOf(node, record)} />
          )}
        </div>
      )}
    </li>
  );
}

/** What the server tells when it is asked further. */
function WhyMore({ path, record }: { path: string; record: string | null }) {
  const { data, error, refetch } = useQuery(explanationQuery(path));
  if (!data) {
    return error ? (
      <ProblemNotice
        error={error}
        onRetry={() => {
          void refetch();
        }}
      />
    ) : (
      <div className="py-2 pl-6">
        <Skeleton label="Loading what it comes from" rows={2} height={18} />
      </div>
    );
  }
  if (data.root.children.length > 0) {
    return (
      <>
        <WhyAbout node={data.root} record={record} />
        <WhyParts node={data.root} record={recordOf(data.root, record)} />
      </>
    );
  }
  return (
    <ul className="why-parts">
      <WhyPart node={{ ...data.root, more: null }} of="sum" index={0} record={record} />
    </ul>
  );
}

/** How it was worked out, why it is not known, and where to look: record, holding, source. */
export function WhyAbout({ node, record }: PartsProps) {
  const { isHidden } = usePreferences();
  const said = [
    node.formula,
    node.value === null ? reasonOfNode(node) : "",
    // a note may tell an amount
    isHidden ? "" : node.note,
    node.ref?.source ? `source: ${sourceInText(node.ref.source)}` : "",
    node.kind === "rate" && node.ref?.day ? `of ${day(node.ref.day)}` : "",
  ].filter(Boolean);
  const link = "lnk !text-xs !py-0";
  return (
    <p className="why-about">
      {said.length > 0 && <span>{said.join(" · ")}</span>}
      {node.ref?.transaction_id && node.ref.transaction_id !== record && (
        <Link
          to="/transactions/$transactionId"
          params={{ transactionId: node.ref.transaction_id }}
          className={link}
          aria-label={`Transaction: ${node.label}`}
        >
          Transaction
        </Link>
      )}
      {node.ref?.instrument_id && !node.ref.transaction_id && (
        <Link
          to="/holdings/$instrumentId"
          params={{ instrumentId: node.ref.instrument_id }}
          className={link}
          aria-label={`Holding: ${node.label}`}
        >
          Holding
        </Link>
      )}
    </p>
  );
}
