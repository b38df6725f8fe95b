import { usePreferences } from "@/shared/preferences/preferences";
import {
  direction,
  minorDigits,
  money,
  moneyParts,
  percent,
  type DecimalText,
  type MoneyOptions,
} from "@/shared/format/format";

/** An unknown figure is a dash that says why, never a zero. */
export function Unknown({ reason }: { reason?: string | undefined }) {
  const why = reason ?? "not known";
  return (
    <span className="text-ink-2" title={why}>
      <span aria-hidden="true">—</span>
      <span className="sr">unknown: {why}</span>
    </span>
  );
}

type MoneyProps = MoneyOptions & {
  value: DecimalText | null;
  currency: string;
  reason?: string | undefined;
  className?: string | undefined;
};

/** An amount; hidden amounts are replaced in the page, not blurred over it. */
export function Money({ value, currency, reason, className = "", ...options }: MoneyProps) {
  const { isHidden } = usePreferences();
  if (value === null) return <Unknown reason={reason} />;
  if (isHidden) {
    return (
      <span className={`num ${className}`}>
        <span aria-hidden="true">••••••</span>
        <span className="sr">amount hidden</span>
      </span>
    );
  }
  return <span className={`num ${className}`}>{money(value, currency, options)}</span>;
}

/** The one figure of a page: currency sign and cents step back behind the amount. */
export function LargeMoney({ value, currency, reason }: MoneyProps) {
  const { isHidden } = usePreferences();
  if (value === null || isHidden) {
    return <Money value={value} currency={currency} reason={reason} />;
  }
  return (
    <span className="num">
      {moneyParts(value, currency).map((part, index) => (
        <span key={index} className={part.isMain ? "" : "text-[.62em] text-ink-2"}>
          {part.text}
        </span>
      ))}
    </span>
  );
}

const TONES = { [-1]: "text-loss", 0: "text-ink-2", 1: "text-gain" } as const;

export function tone(value: DecimalText | null, digits = 2): string {
  return value === null ? "text-ink-2" : TONES[direction(value, digits)];
}

/** Direction is said three times: glyph, sign and color. */
export function Arrow({ value, digits = 2 }: { value: DecimalText; digits?: number }) {
  const way = direction(value, digits);
  const shapes = { [-1]: "M5 9 .4 1h9.2Z", 0: "M0 4h10v2H0Z", 1: "M5 1 9.6 9H.4Z" } as const;
  return (
    <svg aria-hidden="true" viewBox="0 0 10 10" className="inline-block size-[.62em] shrink-0">
      <path d={shapes[way]} fill="currentColor" />
    </svg>
  );
}

type PercentProps = {
  ratio: DecimalText | null;
  digits?: number;
  reason?: string | undefined;
  className?: string;
  arrow?: boolean;
};

export function SignedPercent({
  ratio,
  digits = 2,
  reason,
  className = "",
  arrow = true,
}: PercentProps) {
  if (ratio === null) return <Unknown reason={reason} />;
  const color = tone(ratio, digits + 2);
  return (
    <span className={`num inline-flex items-center gap-[.35em] ${color} ${className}`}>
      {arrow && <Arrow value={ratio} digits={digits + 2} />}
      {percent(ratio, digits, true)}
    </span>
  );
}

export function Change({ value, currency, ratio, reason }: MoneyProps & { ratio: string | null }) {
  if (value === null) return <Unknown reason={reason} />;
  return (
    <span className={`inline-flex items-center gap-2 ${tone(value, minorDigits(currency))}`}>
      <Arrow value={value} digits={minorDigits(currency)} />
      <Money value={value} currency={currency} signed />
      {ratio !== null && <span className="num">({percent(ratio, 2, true)})</span>}
    </span>
  );
}
