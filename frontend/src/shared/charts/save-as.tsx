import { Download, Image as Picture } from "lucide-react";
import { useState, type ReactNode, type RefObject } from "react";
import { saveCsv } from "../csv";
import { usePreferences } from "../preferences/preferences";
import { saveJson } from "../save-file";
import { savePng } from "./png";

export type Rows = readonly (readonly (string | null)[])[];

type Props = {
  /** Name of the file, without its ending. */
  file: string;
  /** A promise of them, where they have to be asked for. */
  rows?: () => Rows | Promise<Rows>;
  /** A whole document, where it is no table. */
  json?: () => unknown;
  /** Where the chart stands; while it is not drawn no picture is offered. */
  chart?: { box: RefObject<HTMLElement | null>; heading: string } | undefined;
  className?: string;
};

/**
 * The figures as a file, and the chart as a picture. A file has the figures in full, so there is none
 * while amounts are hidden; a picture shows what the page shows.
 */
export function SaveAs({ file, rows, json, chart, className = "" }: Props) {
  const { isHidden } = usePreferences();
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const save = async (made: Promise<Rows>): Promise<void> => {
    setState("busy");
    try {
      saveCsv(file, await made);
      setState("idle");
    } catch {
      setState("failed");
    }
  };
  return (
    <span className={`no-print inline-flex flex-wrap gap-x-5 gap-y-1 ${className}`}>
      {chart && (
        <Save
          icon={<Picture aria-hidden="true" size={14} />}
          label="Save as PNG"
          onSave={() => {
            const svg = chart.box.current?.querySelector("svg");
            if (svg) void savePng(svg, file, chart.heading);
          }}
        />
      )}
      {isHidden && <span className="text-ink-2">No file while amounts are hidden</span>}
      {!isHidden && rows && (
        <Save
          icon={<Download aria-hidden="true" size={14} />}
          label="Save as CSV"
          isBusy={state === "busy"}
          onSave={() => {
            const made = rows();
            if (made instanceof Promise) void save(made);
            else saveCsv(file, made);
          }}
        />
      )}
      {state === "failed" && (
        <span role="alert" className="text-warn">
          The file could not be made; try again
        </span>
      )}
      {!isHidden && json && (
        <Save
          icon={<Download aria-hidden="true" size={14} />}
          label="Save all of it as JSON"
          onSave={() => {
            saveJson(file, json());
          }}
        />
      )}
    </span>
  );
}

type SaveProps = { icon: ReactNode; label: string; isBusy?: boolean; onSave: () => void };

const Save = ({ icon, label, isBusy = false, onSave }: SaveProps) => (
  <button
    type="button"
    className="lnk gap-1.5"
    aria-busy={isBusy}
    disabled={isBusy}
    onClick={onSave}
  >
    {icon}
    {label}
  </button>
);
