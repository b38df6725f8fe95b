import { useEffect, useRef } from "react";
import { useEscape } from "@/shared/ui/use-escape";
import { TransactionDetail } from "../transaction-detail";
import { rowName } from "./grid-row";
import type { RowView } from "./rows";

type Props = { row: RowView; onReversed: () => void; onClose: () => void };

/** The record behind a row: the broker's own words, its history, and what the grid cannot say. */
export function DetailPanel({ row, onReversed, onClose }: Props) {
  const title = useRef<HTMLHeadingElement>(null);
  const part = useRef<HTMLElement>(null);
  useEscape(part, onClose);
  useEffect(() => {
    title.current?.focus();
    title.current?.scrollIntoView({ block: "nearest" });
  }, []);
  if (!row.record) return null;
  return (
    <section ref={part} className="sect mt-5" aria-label="Record">
      <header>
        <h2 ref={title} tabIndex={-1}>
          {rowName(row)}
        </h2>
        <button type="button" className="btn line" onClick={onClose}>
          Close
        </button>
      </header>
      <TransactionDetail
        id={row.record.id}
        onReversed={() => {
          onReversed();
          onClose();
        }}
      />
    </section>
  );
}
