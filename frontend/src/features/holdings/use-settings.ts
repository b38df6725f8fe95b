import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getInstrumentSettings, setInstrumentSettings } from "@/shared/api/gen/sdk.gen";
import type { InstrumentDetailOut, InstrumentSettingsIn } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

export type Sayable = Pick<InstrumentDetailOut, "id" | "asset_class" | "currency">;

/** What of an instrument can be said: whether a share is preferred, what a bond pays. */
export const isShare = ({ asset_class: kind }: Sayable) => kind === "equity" || kind === "other";
/** A share is common until it is said to be preferred; of another thing nothing is taken for granted. */
export const usualKind = ({ asset_class: kind }: Sayable) => (kind === "equity" ? "common" : null);
export const isBond = ({ asset_class: kind }: Sayable) => kind === "bond" || kind === "other";

export const settingsQuery = (instrumentId: string) =>
  queryOptions({
    queryKey: ["instruments", instrumentId, "settings"],
    queryFn: ({ signal }) =>
      unwrap(getInstrumentSettings({ path: { instrument_id: instrumentId }, signal })),
  });

/** Says what an instrument is; what is expected of it is asked for again. */
export function useSettings(instrumentId: string) {
  const queryClient = useQueryClient();
  const { queryKey } = settingsQuery(instrumentId);
  return useMutation({
    mutationFn: (body: InstrumentSettingsIn) =>
      unwrap(setInstrumentSettings({ path: { instrument_id: instrumentId }, body })),
    onSuccess: (data) => {
      queryClient.setQueryData(queryKey, data);
    },
    // a refusal means somebody else said something meanwhile: it is shown as it stands
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey }),
        queryClient.invalidateQueries({ queryKey: ["valuation"] }),
      ]),
  });
}
