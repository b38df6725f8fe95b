import { useMutation, useQueryClient } from "@tanstack/react-query";
import { setIncomePreference } from "@/shared/api/gen/sdk.gen";
import type { PreferenceIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { preferencesKey } from "./queries";

/** Says what is done with income; what is expected is asked for again. */
export function usePreference() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: PreferenceIn) => unwrap(setIncomePreference({ body })),
    onSuccess: (data) => {
      queryClient.setQueryData(preferencesKey, data);
    },
    // a refusal means somebody else said something meanwhile: it is shown as it stands
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["valuation"] }),
  });
}
