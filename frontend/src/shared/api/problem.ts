import type { Problem } from "./gen/types.gen";

export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === "object" && value !== null && "code" in value && "detail" in value;

/** Whatever came back, as a problem: a proxy's page or a dead network has one shape here too. */
export function problemOf(error: unknown, response: Response | undefined): Problem {
  const offline = response === undefined;
  const unexpected: Problem = {
    type: "about:blank",
    title: offline ? "No connection" : "Unexpected answer",
    status: response?.status ?? 0,
    detail: offline
      ? "The server does not answer. Check that it is running, then try again."
      : `The server answered with status ${String(response.status)}.`,
    instance: "",
    code: offline ? "offline" : "unexpected_answer",
    params: {},
    errors: [],
    request_id: response?.headers.get("X-Request-Id") ?? "",
    current: null,
  };
  // what stands before the server may say less than it does
  return isProblem(error) ? { ...unexpected, ...error } : unexpected;
}

type Answer<T> = { data?: T | undefined; error?: unknown; response?: Response };

/** The data of a call, or a thrown problem. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ProblemError(problemOf(error, undefined));
  }
  const { data, error, response } = answer;
  if (error !== undefined || response === undefined || !response.ok) {
    throw new ProblemError(problemOf(error, response));
  }
  return data as T;
}

/** The message for one field of a refused body, by the end of its JSON pointer. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return error.problem.errors.find((found) => found.pointer.endsWith(`/${field}`))?.detail;
}
