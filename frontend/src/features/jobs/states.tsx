import {
  Ban,
  Check,
  CircleDashed,
  LoaderCircle,
  OctagonAlert,
  RotateCw,
  Scissors,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { BackfillOut } from "@/shared/api/gen/types.gen";
import type { JobState } from "./kinds";

type Look = readonly [words: string, Icon: LucideIcon, color: string];

export const JOB_LOOKS: Record<JobState, Look> = {
  running: ["Running", LoaderCircle, "text-blue"],
  waiting: ["Waiting", CircleDashed, "text-ink-2"],
  retrying: ["Retrying", RotateCw, "text-warn"],
  parked: ["Given up", OctagonAlert, "text-loss"],
  cancelled: ["Cancelled", Ban, "text-ink-2"],
  done: ["Done", Check, "text-gain"],
};

const BACKFILL_LOOKS: Record<BackfillOut["state"], Look> = {
  splitting: ["Being split into parts", Scissors, "text-ink-2"],
  running: ["Running", LoaderCircle, "text-blue"],
  done: ["Done", Check, "text-gain"],
  done_with_gaps: ["Done, with gaps", TriangleAlert, "text-warn"],
  cancelled: ["Cancelled", Ban, "text-ink-2"],
};

/** In the order they are offered as filters. */
export const JOB_STATES: readonly JobState[] = [
  "running",
  "waiting",
  "retrying",
  "parked",
  "cancelled",
  "done",
];

function Mark({ look: [words, Icon, color] }: { look: Look }) {
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-[540] ${color}`}>
      <Icon aria-hidden="true" size={15} className="shrink-0" />
      {words}
    </span>
  );
}

export const JobMark = ({ state }: { state: JobState }) => <Mark look={JOB_LOOKS[state]} />;

export const BackfillMark = ({ state }: { state: BackfillOut["state"] }) => (
  <Mark look={BACKFILL_LOOKS[state]} />
);
