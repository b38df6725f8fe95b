import { queryOptions } from "@tanstack/react-query";
import {
  getIncome,
  getIncomeCalendar,
  getIncomeProjection,
  getIncomeYields,
  listIncomePreferences,
} from "@/shared/api/gen/sdk.gen";
import type { GetIncomeData } from "@/shared/api/gen/types.gen";
import { unwrap } from "@/shared/api/problem";
import { sliceQuery, type Slice } from "@/shared/slice";
import { knownQuery } from "@/shared/ui/known";

export type IncomePeriod = NonNullable<NonNullable<GetIncomeData["query"]>["period"]>;

/** What the address says the page of income is about. */
export type IncomeFilter = {
  account?: string | undefined;
  known?: string | undefined;
  slice?: Slice;
  period: IncomePeriod;
};

const scope = ({ account, known, slice }: Omit<IncomeFilter, "period">) => ({
  ...knownQuery(known),
  ...sliceQuery(account, slice),
});

// what is posted or priced anew changes all of it: the keys are of the values that follow
export const incomeQuery = (filter: IncomeFilter) =>
  queryOptions({
    queryKey: ["valuation", "income", filter],
    queryFn: ({ signal }) =>
      unwrap(getIncome({ query: { ...scope(filter), period: filter.period }, signal })),
  });

export const calendarQuery = ({ account, known, slice }: IncomeFilter) =>
  queryOptions({
    queryKey: ["valuation", "income-calendar", account, known, slice],
    queryFn: ({ signal }) =>
      unwrap(getIncomeCalendar({ query: scope({ account, known, slice }), signal })),
  });

export const projectionQuery = ({ account, known, slice }: IncomeFilter) =>
  queryOptions({
    queryKey: ["valuation", "income-projection", account, known, slice],
    queryFn: ({ signal }) =>
      unwrap(getIncomeProjection({ query: scope({ account, known, slice }), signal })),
  });

export const yieldsQuery = ({ account, known, slice }: IncomeFilter) =>
  queryOptions({
    queryKey: ["valuation", "income-yields", account, known, slice],
    queryFn: ({ signal }) =>
      unwrap(getIncomeYields({ query: scope({ account, known, slice }), signal })),
  });

export const preferencesKey = ["valuation", "income-preferences"] as const;

export const preferencesQuery = queryOptions({
  queryKey: preferencesKey,
  queryFn: ({ signal }) => unwrap(listIncomePreferences({ signal })),
});
