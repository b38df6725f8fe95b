import type { ReactNode } from "react";

type Props = { label: string; height: number; children: ReactNode };

/** The table that takes a chart's place, as tall as it was; the keyboard reaches and scrolls it. */
export function DataRegion({ label, height, children }: Props) {
  return (
    <div className="overflow-auto" style={{ height }} tabIndex={0} role="region" aria-label={label}>
      <table className="tbl">{children}</table>
    </div>
  );
}
