import { Download, Image as Picture } from "lucide-react";
import type { RefObject } from "react";
import { saveCsv } from "../csv";
import { savePng } from "./png";

type Props = {
  /** Name of the file, without its ending. */
  file: string;
  rows: () => readonly (readonly (string | null)[])[];
  /** Where the chart stands; while it is not drawn no picture is offered. */
  chart?: { box: RefObject<HTMLElement | null>; heading: string } | undefined;
  className?: string;
};

/** The figures as a file, and the chart as a picture. */
export function SaveAs({ file, rows, chart, className = "" }: Props) {
  return (
    <span className={`no-print inline-flex flex-wrap gap-x-5 gap-y-1 ${className}`}>
      {chart && (
        <button
          type="button"
          className="lnk gap-1.5"
          onClick={() => {
            const svg = chart.box.current?.querySelector("svg");
            if (svg) void savePng(svg, file, chart.heading);
          }}
        >
          <Picture aria-hidden="true" size={14} />
          Save as PNG
        </button>
      )}
      <button
        type="button"
        className="lnk gap-1.5"
        onClick={() => {
          saveCsv(file, rows());
        }}
      >
        <Download aria-hidden="true" size={14} />
        Save as CSV
      </button>
    </span>
  );
}
