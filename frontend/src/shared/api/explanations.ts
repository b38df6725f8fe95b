import { queryOptions } from "@tanstack/react-query";
import { client } from "./gen/client.gen";
import type { ExplanationOut, KeyedExplanation } from "./gen/types.gen";
import { unwrap } from "./problem";

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Where the API explains a figure; what is undefined is left out, a list is named each. */
export function explainPath(endpoint: string, query: Query): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === "string" ? [value] : (value ?? [])) asked.append(name, one);
  return `/api/v1/explain/${endpoint}?${asked.toString()}`;
}

/** The explanation that came with an answer, of one of its figures. */
export const keptExplanation = (
  kept: readonly KeyedExplanation[],
  of: string,
  key: string,
): ExplanationOut | undefined =>
  kept.find((found) => found.of === of && found.key === key)?.explanation;

/**
 * The explanation behind a path: one of `explainPath`, or one that an explanation itself names.
 * The generated client has a function per endpoint; here the server says which one comes next.
 */
export const explanationQuery = (path: string) =>
  queryOptions({
    queryKey: ["valuation", "explain", path],
    queryFn: ({ signal }) =>
      unwrap(
        client.get<{ 200: ExplanationOut }>({
          url: path,
          security: [{ scheme: "bearer", type: "http" }],
          signal,
        }),
      ),
    enabled: path.startsWith("/api/v1/explain/"),
  });
