import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useAttempt } from "@/shared/api/attempt";
import {
  applyAction,
  dismissAction,
  reverseAction,
  undismissAction,
} from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";

const VERBS = {
  apply: applyAction,
  reverse: reverseAction,
  dismiss: dismissAction,
  undismiss: undismissAction,
} as const;
export type Verb = keyof typeof VERBS;
/** Account → the price at which its dividend bought units. */
export type Prices = Readonly<Record<string, string>>;
type Decision = { verb: Verb; accounts: readonly string[]; prices?: Prices | undefined };

/** Decides of one event; pressing twice, or retrying after a lost answer, acts once. */
export function useDecision(id: string) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  return useMutation({
    mutationFn: ({ verb, accounts, prices = {} }: Decision) =>
      unwrap(
        VERBS[verb]({
          path: { action_id: id },
          body: {
            accounts: accounts.map((account_id) => ({
              account_id,
              ...(prices[account_id] ? { reinvest_price: prices[account_id] } : {}),
            })),
          },
          headers: { "Idempotency-Key": attempt.keyFor([id, verb, accounts, prices]) },
        }),
      ),
    onSuccess: async () => {
      attempt.settle();
      void queryClient.invalidateQueries({ queryKey: ["transactions"] });
      void queryClient.invalidateQueries({ queryKey: ["actions"] });
      await queryClient.invalidateQueries({ queryKey: ["valuation"] });
    },
    onError: () => {
      // most refusals say that the list is old
      void queryClient.invalidateQueries({ queryKey: ["valuation", "actions"] });
    },
  });
}
