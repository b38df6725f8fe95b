import type { ReactNode } from "react";

type Props = { label: string; sub?: ReactNode; children: ReactNode };

/** One figure of a page's headline, under its name; stands in a list of them. */
export function Stat({ label, sub, children }: Props) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{label}</dt>
      <dd className="mt-1 text-[1.25rem] leading-7 font-[540]">{children}</dd>
      {sub && <dd className="text-xs text-ink-2 mt-0.5">{sub}</dd>}
    </div>
  );
}
