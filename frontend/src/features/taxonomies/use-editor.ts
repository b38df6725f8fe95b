import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { replaceTaxonomy } from "@/shared/api/gen/sdk.gen";
import type { TaxonomyOut } from "@/shared/api/gen/types.gen";
import { ProblemError, unwrap } from "@/shared/api/problem";
import { taxonomiesKey } from "@/shared/api/taxonomies";
import { taxonomyQuery } from "./queries";

/** One edit: what it does in words, and the call that does it to the version that is seen. */
export type Edit = { said: string; call: (version: number) => Promise<TaxonomyOut> };

type Step = { said: string; before: TaxonomyOut; after: TaxonomyOut };
const MOST_STEPS = 50;

/** Somebody else changed it since it was seen. */
export const isStaleVersion = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === "stale_version";

const stateOf = ({ categories, assignments }: TaxonomyOut) => ({ categories, assignments });
const isSame = (one: TaxonomyOut, other: TaxonomyOut) =>
  JSON.stringify(stateOf(one)) === JSON.stringify(stateOf(other));

/**
 * Edits of one taxonomy, each naming the version it saw. A step back puts what stood there before
 * in the place of what stands there now; who changed it meanwhile is never overwritten.
 */
export function useEditor(data: TaxonomyOut) {
  const queryClient = useQueryClient();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const key = taxonomyQuery(data.id).queryKey;
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: [...taxonomiesKey, "list"] });
    void queryClient.invalidateQueries({ queryKey: ["valuation"] });
  };
  const keep = (made: TaxonomyOut) => {
    queryClient.setQueryData(key, made);
    refresh();
  };
  const edit = useMutation({
    mutationFn: ({ call }: Edit) => call(data.version),
    onSuccess: (made, { said }) => {
      setSteps((before) => [...before, { said, before: data, after: made }].slice(-MOST_STEPS));
      keep(made);
    },
  });
  const undo = useMutation({
    mutationFn: ({ before }: Step) =>
      unwrap(
        replaceTaxonomy({
          path: { taxonomy_id: data.id },
          body: { version: data.version, ...stateOf(before) },
        }),
      ),
    onSuccess: (made) => {
      setSteps((before) => before.slice(0, -1));
      keep(made);
    },
  });
  const error = edit.error ?? undo.error;
  const isStale = isStaleVersion(error);
  const last = steps.at(-1);
  return {
    edit: (said: string, call: Edit["call"]) => {
      undo.reset();
      edit.mutate({ said, call });
    },
    /** A taxonomy that came back from a call of its own, such as pasted lines. */
    take: (said: string, made: TaxonomyOut) => {
      setSteps((before) => [...before, { said, before: data, after: made }].slice(-MOST_STEPS));
      keep(made);
    },
    // where somebody else's edit came in between, a step back would undo theirs
    undo:
      last && isSame(data, last.after)
        ? {
            said: last.said,
            go: () => {
              edit.reset();
              undo.mutate(last);
            },
          }
        : null,
    isPending: edit.isPending || undo.isPending,
    error: isStale ? null : error,
    isStale,
    /** Look at what somebody else made of it; steps back would undo theirs. */
    reload: () => {
      edit.reset();
      undo.reset();
      setSteps([]);
      void queryClient.invalidateQueries({ queryKey: key });
      refresh();
    },
  };
}

export type Editor = ReturnType<typeof useEditor>;
