import type { Problem, TransactionOut } from "@/shared/api/gen/types.gen";
import { ProblemError } from "@/shared/api/problem";
import { refusals } from "../entry";
import type { EntryErrors, EntryKind } from "../entry-kinds";

export type RowRefusal = { errors: EntryErrors; rest: string[] };
export type Refused =
  | { kind: "rows"; rows: Map<number, RowRefusal> }
  | { kind: "stale"; chain: string; theirs: TransactionOut | null }
  /** The server did not say which; `isFinal` is false where trying again may help. */
  | { kind: "all"; detail: string; code: string; isFinal: boolean };

const PLACE = /^\/body\/operations\/(\d+)(?:\/body)?(?=\/|$)/;

/** What a refused call says of each of its operations. */
export function readRefusal(error: unknown, kinds: readonly EntryKind[]): Refused {
  if (!(error instanceof ProblemError)) {
    return { kind: "all", detail: "It could not be sent", code: "", isFinal: false };
  }
  const { problem } = error;
  const stale = staleOf(problem);
  if (stale) return stale;
  const rows = new Map<number, RowRefusal>();
  const byPlace = new Map<number, Problem["errors"]>();
  for (const found of problem.errors) {
    const place = PLACE.exec(found.pointer);
    if (!place) continue;
    const row = Number(place[1]);
    const pointer = `/body${found.pointer.slice(place[0].length)}`;
    byPlace.set(row, [...(byPlace.get(row) ?? []), { ...found, pointer }]);
  }
  for (const [row, errors] of byPlace) {
    rows.set(row, refusals(new ProblemError({ ...problem, errors }), kinds[row] ?? "buy"));
  }
  if (rows.size > 0) return { kind: "rows", rows };
  const isFinal = problem.status >= 400 && problem.status < 500 && problem.status !== 429;
  return { kind: "all", detail: problem.detail, code: problem.code, isFinal };
}

/** Somebody else was first: the record that counts now, or none if it was deleted. */
function staleOf({ code, current }: Problem): Refused | null {
  const chain = current?.["chain_id"];
  if (code !== "stale_version" || typeof chain !== "string") return null;
  const theirs = current?.["id"] === null ? null : (current as unknown as TransactionOut);
  return { kind: "stale", chain, theirs };
}
