const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const PARTS = /^(\d{1,4})[./\s-]+(\d{1,2})[./\s-]+(\d{1,4})\.?$/;
const NAMED = /^(?:(\d{1,2})\.?\s+)?([a-z]{3,9})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})$/i;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

type Part = "day" | "month" | "year";

/** In which order people of a locale write a day. */
function orderOf(locale: string): Part[] {
  const parts = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "numeric",
    year: "numeric",
    calendar: "gregory",
    timeZone: "UTC",
  }).formatToParts(new Date(0));
  return parts.flatMap(({ type }) =>
    type === "day" || type === "month" || type === "year" ? [type] : [],
  );
}

/** "2013-01-10", "1/10/2013" as the locale orders it, or "Jan 10, 2013", as an ISO day; else null. */
export function readDay(typed: string, locale: string): string | null {
  const text = typed.trim();
  const iso = ISO.exec(text);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const named = NAMED.exec(text);
  if (named) {
    const month = MONTHS.indexOf((named[2] ?? "").slice(0, 3).toLowerCase()) + 1;
    const day = named[1] ?? named[3];
    return day === undefined || (named[1] && named[3])
      ? null
      : dayOf(Number(named[4]), month, Number(day));
  }
  const plain = PARTS.exec(text);
  if (!plain) return null;
  const numbers = plain.slice(1).map((part) => ({ length: part.length, value: Number(part) }));
  // a year of four digits in front leaves no choice
  const order = numbers[0]?.length === 4 ? (["year", "month", "day"] as const) : orderOf(locale);
  const value = (part: Part) => numbers[order.indexOf(part)];
  const year = value("year");
  if (!year || (year.length !== 4 && year.length !== 2)) return null;
  const full = year.length === 2 ? century(year.value) : year.value;
  return dayOf(full, value("month")?.value ?? 0, value("day")?.value ?? 0);
}

/** Two digits are this century, unless that were years ahead: what is recorded has happened. */
const century = (short: number): number => (short <= 68 ? 2000 + short : 1900 + short);

function dayOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal =
    year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0;
  return isReal ? date.toISOString().slice(0, 10) : null;
}
