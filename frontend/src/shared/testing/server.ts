import { HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type { Problem } from "@/shared/api/gen/types.gen";

/** The network of component tests: whatever a test does not answer is an error. */
export const server = setupServer();

export const api = (path: string): string => `http://localhost/api/v1${path}`;

/** A refusal as the server writes it. */
export function refuse(status: number, parts: Partial<Problem> = {}) {
  const problem: Problem = {
    type: "about:blank",
    title: "Refused",
    status,
    detail: "it was refused",
    instance: "",
    code: "refused",
    params: {},
    errors: [],
    request_id: "r-1",
    current: null,
    ...parts,
  };
  return HttpResponse.json(problem, { status });
}

/** A page of a list; the last one unless it names the next. */
export const pageOf = <T>(items: readonly T[], next: string | null = null) => ({
  items,
  next_cursor: next,
  has_more: next !== null,
  total_count: null,
});
