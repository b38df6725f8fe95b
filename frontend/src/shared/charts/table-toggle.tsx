import { Table2 } from "lucide-react";

type Props = { isTable: boolean; onChange: (isTable: boolean) => void; className?: string };

/** Between a chart and the same values as a table. */
export function TableToggle({ isTable, onChange, className = "" }: Props) {
  return (
    <button
      type="button"
      className={`no-print lnk gap-1.5 ${className}`}
      aria-pressed={isTable}
      onClick={() => {
        onChange(!isTable);
      }}
    >
      <Table2 aria-hidden="true" size={14} />
      {isTable ? "Show chart" : "Show as table"}
    </button>
  );
}
