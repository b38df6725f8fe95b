import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { explanationQuery } from "@/shared/api/explanations";
import type { ExplanationOut } from "@/shared/api/gen/types.gen";
import { usePreferences } from "@/shared/preferences/preferences";
import { SidePanel } from "./side-panel";
import { ProblemNotice, Skeleton, StaleNotice } from "./states";
import { figureText, NodeFigure, treeText } from "./why-figure";
import { recordOf, WhyAbout, WhyParts } from "./why-tree";

type Props = { figure: string; path: string | ExplanationOut; onClose: () => void };

/** Where a figure comes from, beside the page it stands on; on a phone in its place. */
export default function WhyPanel({ figure, path, onClose }: Props) {
  useCloseOnNavigation(onClose);
  return (
    <SidePanel title={`Why: ${figure}`} onClose={onClose}>
      {typeof path === "string" ? (
        <Asked path={path} figure={figure} />
      ) : (
        <Told data={path} figure={figure} />
      )}
    </SidePanel>
  );
}

function Asked({ path, figure }: { path: string; figure: string }) {
  const { data, error, refetch } = useQuery(explanationQuery(path));
  const retry = () => {
    void refetch();
  };
  if (!data) {
    return error ? (
      <ProblemNotice error={error} onRetry={retry} title="This could not be explained" />
    ) : (
      <Skeleton label="Loading the explanation" rows={6} height={28} />
    );
  }
  return (
    <>
      {error && <StaleNotice what="the explanation" onRetry={retry} />}
      <Told data={data} figure={figure} />
    </>
  );
}

/** A link in the panel leads to another page; the panel does not come along. */
function useCloseOnNavigation(onClose: () => void): void {
  const href = useRouterState({ select: (state) => state.location.href });
  const opened = useRef(href);
  useEffect(() => {
    if (href !== opened.current) onClose();
  }, [href, onClose]);
}

function Told({ data, figure }: { data: ExplanationOut; figure: string }) {
  const { root } = data;
  const page = root.page && `docs/calculations/${root.page}.md`;
  return (
    <>
      <p className="font-serif text-[1.75rem] leading-9" data-testid="why-value">
        <NodeFigure node={root} />
      </p>
      <WhyAbout node={root} record={null} />
      {!data.is_equal && (
        <p className="note warn" role="status">
          The page shows another figure than this one, which was worked out just now. It may be
          older, or be recomputed at this moment.
        </p>
      )}
      {root.children.length > 0 ? (
        <WhyParts node={root} record={recordOf(root, null)} />
      ) : (
        <p className="note">There is nothing behind it: no record made it.</p>
      )}
      <footer className="flex flex-wrap items-center justify-between gap-3 border-t border-rule pt-3">
        <CopyText data={data} figure={figure} />
        {page && (
          <span className="text-xs text-ink-2">
            Formula and conventions: <code>{page}</code>
          </span>
        )}
      </footer>
    </>
  );
}

function CopyText({ data, figure }: { data: ExplanationOut; figure: string }) {
  const { isHidden } = usePreferences();
  const [state, setState] = useState<"ready" | "done" | "refused">("ready");
  const copy = async () => {
    const text = `${figure}: ${figureText(data.root, isHidden)}\n${treeText(data.root, isHidden)}`;
    try {
      await navigator.clipboard.writeText(text);
      setState("done");
    } catch {
      setState("refused"); // a browser may refuse the clipboard
    }
  };
  const said = { ready: "Copy as text", done: "Copied", refused: "The browser refused to copy" };
  const Icon = state === "done" ? Check : Copy;
  return (
    <button
      type="button"
      className="btn line"
      onClick={() => {
        void copy();
      }}
    >
      <Icon aria-hidden="true" size={16} />
      <span role="status">{said[state]}</span>
    </button>
  );
}
