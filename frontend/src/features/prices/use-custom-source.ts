import { useMutation, useQueryClient } from "@tanstack/react-query";
import { removeCustomSource, setCustomSource, tryCustomSource } from "@/shared/api/gen/sdk.gen";
import type { CustomSourceIn, CustomSourceTryIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

/** Tries, sets up and removes the URL that prices of one's own are fetched from. */
export function useCustomSource(instrumentId: string) {
  const queryClient = useQueryClient();
  const path = { instrument_id: instrumentId };
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: ["prices", "custom", instrumentId] });
  const attempt = useMutation({
    mutationFn: (body: CustomSourceTryIn) => unwrap(tryCustomSource({ path, body })),
  });
  const save = useMutation({
    mutationFn: (body: CustomSourceIn) => unwrap(setCustomSource({ path, body })),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (version: number) => unwrap(removeCustomSource({ path, query: { version } })),
    onSuccess: refresh,
  });
  return { attempt, save, remove };
}
