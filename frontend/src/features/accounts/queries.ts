import { queryOptions } from "@tanstack/react-query";
import { accountsKey } from "@/shared/api/accounts";
import { getAccount, getBulkPerformance, getLotMethods } from "@/shared/api/gen/sdk.gen";
import type { AccountOut, LotMethodsOut, ScopeOut } from "@/shared/api/gen/types.gen";
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

/** As many as one question may name. */
const AT_ONCE = 500;

/** What each account is worth and has earned this year, by its id; asked for all at once. */
export const yearQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["valuation", "accounts-this-year", ids],
    queryFn: async ({ signal }) => {
      const found: ScopeOut[] = [];
      let isBusy = false;
      for (let start = 0; start < ids.length; start += AT_ONCE) {
        const scopes = ids
          .slice(start, start + AT_ONCE)
          .map((id) => ({ ref: id, account_ids: [id], period: "YTD" as const }));
        const { items, is_recomputing } = await unwrap(
          getBulkPerformance({ body: { scopes }, signal }),
        );
        found.push(...items);
        isBusy ||= is_recomputing;
      }
      return { byId: new Map(found.map((one) => [one.ref ?? "", one])), isBusy };
    },
    enabled: ids.length > 0,
    refetchInterval: (query) => (query.state.data?.isBusy ? 1_000 : false),
  });
