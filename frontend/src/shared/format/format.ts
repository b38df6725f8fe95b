/** Decimal text in, text for people out. Amounts never become JavaScript numbers on the way. */
export type DecimalText = string;

const MINUS = "\u2212";
const cache = new Map<string, Intl.NumberFormat>();

function formatter(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const found = cache.get(key);
  if (found) return found;
  const made = new Intl.NumberFormat("en-US", options);
  cache.set(key, made);
  return made;
}

/** Intl reads decimal strings exactly; TypeScript only knows about template literals. */
const exact = (value: DecimalText): `${number}` => value as `${number}`;
const trueMinus = (text: string): string => text.replaceAll("-", MINUS);

/** Digits after the point that a currency's cash amounts have. */
export function minorDigits(currency: string): number {
  const key = `minor ${currency}`;
  return (
    formatter(key, { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

export type MoneyOptions = {
  digits?: number | undefined;
  /** Digits beyond the minor unit that are shown where there are any: parts of a lot's cost. */
  upTo?: number | undefined;
  signed?: boolean | undefined;
};

type Digits = { digits: number; most?: number; signed?: boolean | undefined };

function moneyFormatter(currency: string, { digits, most = digits, signed }: Digits) {
  return formatter(`money ${currency} ${String(digits)} ${String(most)} ${String(signed)}`, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: most,
    signDisplay: signed ? "exceptZero" : "auto",
  });
}

export function money(value: DecimalText, currency: string, options: MoneyOptions = {}): string {
  const digits = options.digits ?? minorDigits(currency);
  const most = Math.max(digits, options.upTo ?? 0);
  const rounded = isZeroAt(value, most) ? "0" : value;
  const { signed } = options;
  return trueMinus(moneyFormatter(currency, { digits, most, signed }).format(exact(rounded)));
}

/** Lots' costs are parts of a purchase and end where they end: so that proceeds less cost is gain. */
export const LOT_DIGITS = 4;

export type MoneyPart = { text: string; isMain: boolean };

/** An amount in parts: what a large figure prints large, and the sign and cents beside it. */
export function moneyParts(value: DecimalText, currency: string): MoneyPart[] {
  const digits = minorDigits(currency);
  const rounded = isZeroAt(value, digits) ? "0" : value;
  return moneyFormatter(currency, { digits, signed: false })
    .formatToParts(exact(rounded))
    .map(({ type, value: text }) => ({
      text: trueMinus(text),
      isMain: type === "integer" || type === "group" || type === "minusSign",
    }));
}

/** Whether a value prints as zero: "-0.00 %" and "+0.00 %" are both wrong. */
export function isZeroAt(value: DecimalText, digits: number): boolean {
  const plain = value.replace("-", "");
  const [whole = "0", fraction = ""] = plain.split(".");
  if (/[1-9]/.test(whole)) return false;
  const kept = fraction.padEnd(digits + 1, "0");
  return !/[1-9]/.test(kept.slice(0, digits)) && Number(kept[digits] ?? "0") < 5;
}

export function percent(ratio: DecimalText, digits = 2, signed = false): string {
  const rounded = isZeroAt(ratio, digits + 2) ? "0" : ratio;
  return trueMinus(
    formatter(`percent ${String(digits)} ${String(signed)}`, {
      style: "percent",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: signed ? "exceptZero" : "auto",
    }).format(exact(rounded)),
  );
}

export function quantity(value: DecimalText, digits = 6): string {
  return trueMinus(
    formatter(`quantity ${String(digits)}`, { maximumFractionDigits: digits }).format(exact(value)),
  );
}

/** An exchange rate, with the four places people compare. */
export function rate(value: DecimalText): string {
  return formatter("rate", { minimumFractionDigits: 4, maximumFractionDigits: 4 }).format(
    exact(value),
  );
}

/** "$1.2M" for axes; the one place where a rounded number is enough. */
export function compactMoney(value: number, currency: string): string {
  return trueMinus(
    formatter(`compact ${currency}`, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      notation: "compact",
      maximumSignificantDigits: 3,
    }).format(value),
  );
}

/** -1, 0 or 1 of decimal text, as it prints with `digits` places. */
export function direction(value: DecimalText, digits = 2): -1 | 0 | 1 {
  if (isZeroAt(value, digits)) return 0;
  return value.startsWith("-") ? -1 : 1;
}

const DAY: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
};

/** A calendar day, without any zone moving it. */
export function day(date: string, options: Intl.DateTimeFormatOptions = DAY): string {
  return new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

export const longDay = (date: string): string => day(date, { ...DAY, weekday: "short" });

/** An instant, in the viewer's own zone. */
export function instant(iso: string): string {
  return new Intl.DateTimeFormat("en-US", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).format(new Date(iso));
}

/** The time of day of an instant, in the viewer's own zone. */
export const time = (iso: string): string =>
  new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" }).format(new Date(iso));

/** "capital_gain_distribution" as words. */
export const words = (code: string): string => {
  const plain = code.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

/** "1 transaction", "2 transactions". */
export const counted = (count: number, one: string): string =>
  `${String(count)} ${one}${count === 1 ? "" : "s"}`;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY_SECONDS = 24 * HOUR;

/** How long before `now` an instant was, in words; what is older than a day by its date. */
export function ago(iso: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000);
  if (seconds < MINUTE) return "just now";
  if (seconds < HOUR) return `${counted(Math.floor(seconds / MINUTE), "minute")} ago`;
  if (seconds < DAY_SECONDS) return `${counted(Math.floor(seconds / HOUR), "hour")} ago`;
  return instant(iso);
}

/** How long after `now` an instant will be, in words; what is further off than an hour by its date. */
export function ahead(iso: string, now: number): string {
  const seconds = Math.ceil((Date.parse(iso) - now) / 1000);
  if (seconds <= 0) return "any moment now";
  if (seconds < 2 * MINUTE) return `in ${counted(seconds, "second")}`;
  if (seconds < HOUR) return `in ${counted(Math.floor(seconds / MINUTE), "minute")}`;
  return instant(iso);
}
