import { isId, leaves } from "./figures";
import { fieldOf, inOrder } from "./places";

export type Line = Readonly<Record<string, unknown>>;

const isLine = (one: unknown): one is Line =>
  typeof one === "object" && one !== null && !Array.isArray(one);

/** The lists of lines an answer holds, by their places; those within lines are left to the file. */
export function listsOf(value: unknown, place = ""): (readonly [string, readonly Line[]])[] {
  if (Array.isArray(value)) {
    const lines = value.filter(isLine);
    return lines.length > 0 && lines.length === value.length ? [[place, lines]] : [];
  }
  if (!isLine(value)) return [];
  return Object.entries(value).flatMap(([key, inside]) => listsOf(inside, `${place}/${key}`));
}

const LEFT_OUT =
  /^\/(key|asset_class|formula|rule|inputs|records|record_count|basis|unit|is_remainder)$|^\/holding_test\//;

/** Fields that some line says something in, as columns of a table. */
export function columnsOf(lines: readonly Line[]): string[] {
  const found = new Set(lines.flatMap((line) => leaves(line).map(([place]) => place)));
  const columns = [...found]
    .filter((place) => !isId(place) && !LEFT_OUT.test(place))
    .filter((place) => !/^(is|has)_/.test(fieldOf(place)) || saysYes(lines, place))
    .toSorted(inOrder);
  // cash has no name but its currency
  const named = columns.some((place) => NAMES.test(place)) ? [] : ["/currency"];
  const others = columns.filter((place) => !named.includes(place));
  return [...named.filter((place) => columns.includes(place)), ...others];
}

const NAMES = /^\/(symbol|label|name|as_of|month|bar|paid_on|day)$/;

const saysYes = (lines: readonly Line[], place: string): boolean =>
  lines.some((line) => leaves(line).some(([of, value]) => of === place && value === "yes"));

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
