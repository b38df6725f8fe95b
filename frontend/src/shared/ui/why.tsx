import { createContext, lazy, Suspense, use, useState, type ReactNode } from "react";
import type { ExplanationOut } from "@/shared/api/gen/types.gen";
import { knownPath, useKnown } from "./known";
import { slicePath, useSlice } from "./sliced";

const WhyPanel = lazy(() => import("./why-panel"));

const IsExplained = createContext(true);

/** Figures that move: by the time one was asked where it comes from it would be another. */
export const NotExplained = ({ children }: { children: ReactNode }) => (
  <IsExplained value={false}>{children}</IsExplained>
);

/** Where the API explains it, or the explanation itself where it came with the figure. */
type Source = string | ExplanationOut;
type Props = {
  /** What the figure is, as the panel and a screen reader name it: "Cost of AAPL". */
  figure: string;
  /** Null or undefined where there is none: the figure is then only shown. */
  path: Source | null | undefined;
  children: ReactNode;
  /** A mark beside the figure; in tables, where every figure has one, a dotted line is enough. */
  mark?: boolean;
};

/** A figure that can be asked where it comes from: pressed, it opens its explanation. */
export function Why({ figure, path, children, mark = false }: Props) {
  const [isOpen, setOpen] = useState(false);
  const isExplained = use(IsExplained);
  if (!isExplained || path === null || path === undefined) return children;
  return (
    <>
      <button
        type="button"
        className="why"
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true);
        }}
      >
        {/* one box: spaces between its parts stay, as in running text */}
        <span className="min-w-0">{children}</span>
        {mark ? (
          <svg role="img" aria-label={`Why: ${figure}`} viewBox="0 0 16 16" className="mark">
            <circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" strokeWidth="1.2" />
            <path
              d="M5.9 6.3a2.1 2.1 0 1 1 3.1 1.9c-.7.4-1 .8-1 1.5M8 11.6v.4"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.3"
              strokeLinecap="round"
            />
          </svg>
        ) : (
          <svg role="img" aria-label={`Why: ${figure}`} className="sr" />
        )}
      </button>
      {isOpen && (
        <WhyOpened
          figure={figure}
          path={path}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

type OpenedProps = { figure: string; path: Source; onClose: () => void };

/** The explanation itself, for a figure that is drawn: what was pressed opens it. */
export function WhyOpened({ figure, path, onClose }: OpenedProps) {
  const known = useKnown();
  const slice = useSlice();
  return (
    <Suspense fallback={<span role="status" aria-label="Loading the explanation" />}>
      <WhyPanel
        figure={figure}
        path={typeof path === "string" ? slicePath(knownPath(path, known), slice) : path}
        onClose={onClose}
      />
    </Suspense>
  );
}
