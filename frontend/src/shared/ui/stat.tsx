import type { ReactNode } from "react";

type Props = {
  label: string;
  sub?: ReactNode;
  children: ReactNode;
  /** In a row of them with a rule before each. */
  isRuled?: boolean;
};

/** One figure of a page's headline, under its name; stands in a list of them. */
export function Stat({ label, sub, children, isRuled = false }: Props) {
  return (
    <div className={`min-w-0 ${isRuled ? "py-3 lg:py-0 lg:pl-5 lg:border-l border-rule" : ""}`}>
      <dt className="eyebrow">{label}</dt>
      <dd className="mt-1 text-[1.25rem] leading-7 font-[540]">{children}</dd>
      {sub && <dd className="text-xs text-ink-2 mt-0.5">{sub}</dd>}
    </div>
  );
}
