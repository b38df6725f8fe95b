import { queryOptions } from "@tanstack/react-query";
import { accountsKey } from "@/shared/api/accounts";
import { getAccount, getLotMethods } from "@/shared/api/gen/sdk.gen";
import type { AccountOut, LotMethodsOut } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";

export type Settings = { account: AccountOut; methods: LotMethodsOut };

/**
 * Everything one may set of an account, all of one version. Asked for once: what a person is
 * editing must not change under their hands, and somebody else's change is told when they save.
 */
export const settingsQuery = (id: string) =>
  queryOptions({
    queryKey: [...accountsKey, id, "settings"],
    queryFn: async ({ signal }): Promise<Settings> => {
      const ask = { path: { account_id: id }, signal };
      let account = await unwrap(getAccount(ask));
      const methods = await unwrap(getLotMethods(ask));
      if (account.version !== methods.version) account = await unwrap(getAccount(ask));
      return { account, methods };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
