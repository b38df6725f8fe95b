import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useAttempt } from "@/shared/api/attempt";
import { pasteManualPrices, removeManualPrice, setManualPrice } from "@/shared/api/gen/sdk.gen";
import type { ManualPastedIn, ManualPriceIn, ManualPriceOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

type Change = { day: string; body: ManualPriceIn };

/** Changes prices of one's own; what they value is asked for again. */
export function usePrices(instrumentId: string) {
  const queryClient = useQueryClient();
  const attempt = useAttempt();
  const path = { instrument_id: instrumentId };
  const refresh = async () => {
    attempt.settle();
    void queryClient.invalidateQueries({ queryKey: ["valuation"] });
    await queryClient.invalidateQueries({ queryKey: ["prices"] });
  };
  const set = useMutation({
    mutationFn: ({ day, body }: Change) =>
      unwrap(setManualPrice({ path: { ...path, price_date: day }, body })),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: ({ price_date, version }: ManualPriceOut) =>
      unwrap(removeManualPrice({ path: { ...path, price_date }, query: { version } })),
    onSuccess: refresh,
  });
  const paste = useMutation({
    mutationFn: (body: ManualPastedIn) =>
      unwrap(
        pasteManualPrices({
          path,
          body,
          headers: { "Idempotency-Key": attempt.keyFor([instrumentId, body]) },
        }),
      ),
    onSuccess: refresh,
  });
  return { set, remove, paste };
}
