import { leaves, type Leaf } from "./figures";
import { listsOf, type Line } from "./lists";
import { inOrder } from "./places";

/** A part of what a report said: an answer of its own, or all there is. */
export type Said = {
  /** Where it stands; nothing of an answer that is one. */
  place: string;
  figures: readonly Leaf[];
  lists: readonly (readonly [string, readonly Line[]])[];
};

/** Told with what it was made from, or of no use to who reads a report. */
const LEFT_OUT = /\/slice\/|\/(is_recomputing|is_decimated|key)$|(^|_|\/)ids?$/;
const HOW = /\/conventions\//;
const OF_REPORT = /^\/(as_of|currency)$/;

const isAnswer = (one: unknown): one is Line =>
  typeof one === "object" && one !== null && "as_of" in one && "currency" in one;

/** The parts of an answer: some are several answers beside each other. */
export function saidOf(answer: unknown): Said[] {
  const inside = typeof answer === "object" && answer !== null ? Object.entries(answer) : [];
  const answers = inside.filter(([, one]) => isAnswer(one));
  if (answers.length === 0) return [partOf("", answer)];
  return answers
    .map(([key, one]) => partOf(`/${key}`, one))
    .toSorted((one, other) => inOrder(one.place, other.place));
}

function partOf(place: string, answer: unknown): Said {
  const lists = listsOf(answer).toSorted(([one], [other]) => inOrder(one, other));
  const listed = new Set(lists.map(([of]) => of));
  const figures = leaves(answer).filter(
    ([of]) => !LEFT_OUT.test(of) && !HOW.test(of) && !OF_REPORT.test(of) && !listed.has(of),
  );
  return { place, figures: figures.toSorted(([one], [other]) => inOrder(one, other)), lists };
}

/** How it was worked out, once where several parts say the same. */
export function howOf(answer: unknown): Leaf[] {
  const found = leaves(answer).filter(([place]) => HOW.test(place));
  const told = new Map(
    found.map(([place, value]) => {
      const of = place.slice(place.indexOf("/conventions/") + "/conventions".length);
      return [`${of} ${value}`, [of, value]] as const;
    }),
  );
  return [...told.values()].toSorted(([one], [other]) => inOrder(one, other));
}
