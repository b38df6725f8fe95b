import type { GetPerformanceData } from "@/shared/api/gen/types.gen";

type ReturnVersion = NonNullable<NonNullable<GetPerformanceData["query"]>["calculation_version"]>;

/** Earlier meanings of the time-weighted return that can be asked for; the present one is shown. */
export const EARLIER_RETURNS = ["2026.1", "2026.2"] as const satisfies readonly ReturnVersion[];
export type EarlierReturn = (typeof EARLIER_RETURNS)[number];
