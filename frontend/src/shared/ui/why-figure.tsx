import type { ExplainedOut } from "@/shared/api/gen/types.gen";
import { minorDigits, money, quantity } from "@/shared/format/format";
import { UNKNOWN_REASONS } from "@/shared/format/reasons";
import { Money, Unknown } from "./figures";

const CURRENCY = /^[A-Z]{3}$/;
const MOST = 6;
const EXACT = 18;

/** As many places as the value has, up to six; what would then be nothing keeps its first digits. */
export function places(value: string, least: number): number {
  const fraction = (value.split(".")[1] ?? "").replace(/0+$/, "");
  if (fraction.length <= MOST) return Math.max(least, fraction.length);
  const isSmall = !/[1-9]/.test(value.split(".")[0] ?? "") && /^0{4}/.test(fraction);
  if (!isSmall) return Math.max(least, MOST);
  return Math.min(EXACT, (/^0*/.exec(fraction)?.[0].length ?? 0) + 2);
}

export const isMoney = (unit: string): boolean => CURRENCY.test(unit);

export const reasonOfNode = (node: ExplainedOut): string =>
  node.unknown_reason === null
    ? "a part of it is not known"
    : (UNKNOWN_REASONS[node.unknown_reason] ?? node.unknown_reason.replaceAll("_", " "));

/** A figure of a tree, exact as far as anybody reads. */
export function NodeFigure({ node, className = "" }: { node: ExplainedOut; className?: string }) {
  const { value, unit } = node;
  if (value === null) return <Unknown reason={reasonOfNode(node)} />;
  if (isMoney(unit)) {
    const digits = places(value, minorDigits(unit));
    return <Money value={value} currency={unit} digits={digits} className={className} />;
  }
  return <span className={`num ${className}`}>{plainFigure(value, unit)}</span>;
}

export const plainFigure = (value: string, unit: string): string =>
  `${quantity(value, places(value, 0))}${unit === "units" ? " units" : ""}`;

/** The same as text, for the clipboard; hidden amounts stay hidden there. */
export function figureText(node: ExplainedOut, isHidden: boolean): string {
  const { value, unit } = node;
  if (value === null) return `unknown (${reasonOfNode(node)})`;
  if (!isMoney(unit)) return plainFigure(value, unit);
  if (isHidden) return "amount hidden";
  return money(value, unit, { digits: places(value, minorDigits(unit)) });
}

const SIGNS = { sum: "+", difference: "−", product: "×", quotient: "÷" } as const;
const SIGN_WORDS = { "+": "plus", "−": "minus", "×": "times", "÷": "over" } as const;

/** What stands before a part: nothing before the first, then what its whole does with it. */
export function signOf(kind: ExplainedOut["kind"], index: number): keyof typeof SIGN_WORDS | null {
  if (index === 0 || !(kind in SIGNS)) return null;
  return SIGNS[kind as keyof typeof SIGNS];
}

export const signWord = (sign: keyof typeof SIGN_WORDS): string => SIGN_WORDS[sign];

/** An explanation as indented lines. */
export function treeText(node: ExplainedOut, isHidden: boolean, depth = 0, sign = ""): string {
  const said = [
    `${"  ".repeat(depth)}${sign}${node.label}: ${figureText(node, isHidden)}`,
    node.formula && `[${node.formula}]`,
    node.ref?.source && `(${node.ref.source})`,
  ];
  const lines = node.children.map((child, index) => {
    const before = signOf(node.kind, index);
    return treeText(child, isHidden, depth + 1, before ? `${before} ` : "");
  });
  return [said.filter(Boolean).join(" "), ...lines].join("\n");
}
