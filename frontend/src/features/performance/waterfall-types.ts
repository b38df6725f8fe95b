import type { WaterfallOut as Answer } from "@/shared/api/gen/types.gen";

export type WaterfallOut = Answer;
export type ValueBar = Answer["bars"][number];
export type BarRecordOut = ValueBar["records"][number];
