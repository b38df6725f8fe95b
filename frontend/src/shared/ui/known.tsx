import { useSearch } from "@tanstack/react-router";
import { createContext, useContext, type ReactNode } from "react";
import { longDay } from "@/shared/format/format";
import { DayField } from "./moment-fields";

const Known = createContext<string | undefined>(undefined);

/** The day whose records a page shows: as they stood at its end; undefined for as they stand. */
export const useKnown = () => useContext(Known);

/** For links to pages that can show the same day. */
export const useKnownSearch = () => {
  const known = useKnown();
  return known === undefined ? {} : { known };
};

/** For links to pages that can be of the same account, too. */
export const useScopeSearch = (): { account?: string; known?: string } => {
  const { account }: { account?: string } = useSearch({ strict: false });
  return { ...useKnownSearch(), ...(account === undefined ? {} : { account }) };
};

/** The same as the API is asked. */
export const knownQuery = (known: string | undefined) => (known ? { as_known_on: known } : {});

/** A path of the API that asks for the same day, unless it names one itself. */
export const knownPath = (path: string, known: string | undefined): string =>
  known === undefined || path.includes("as_known_on=")
    ? path
    : `${path}${path.includes("?") ? "&" : "?"}as_known_on=${known}`;

type Props = {
  known: string | undefined;
  onChange: (change: { known: string | undefined }) => void;
  children: ReactNode;
};

/** A page whose every figure is of the records as they were known, with a note that says so. */
export function AsKnown({ known, onChange, children }: Props) {
  return (
    <Known value={known}>
      {known !== undefined && (
        <section
          aria-label="As known on a day"
          className="note mt-4 flex flex-wrap items-end gap-x-6 gap-y-3"
        >
          <p className="min-w-0 flex-[1_1_20rem]">
            <strong className="font-semibold">
              As the records stood at the end of {longDay(known)}.
            </strong>{" "}
            What was recorded, corrected or taken back later has not happened yet. Prices and rates
            are those known today.
          </p>
          <KnownField known={known} onChange={onChange} />
          <button
            type="button"
            className="btn line"
            onClick={() => {
              onChange({ known: undefined });
            }}
          >
            Back to today
          </button>
        </section>
      )}
      {children}
    </Known>
  );
}

type ControlProps = Omit<Props, "children">;

/** The way there, for the foot of a page that shows things as they stand. */
export function KnownControl({ known, onChange }: ControlProps) {
  if (known !== undefined) return null;
  return (
    <details className="text-sm mt-6">
      <summary className="lnk w-fit cursor-pointer">As it was known on a day</summary>
      <div className="mt-3 max-w-56">
        <KnownField known={known} onChange={onChange} />
      </div>
    </details>
  );
}

function KnownField({ known, onChange }: ControlProps) {
  return (
    <DayField
      label="As known on"
      value={known}
      onChange={(day) => {
        onChange({ known: day });
      }}
    />
  );
}
