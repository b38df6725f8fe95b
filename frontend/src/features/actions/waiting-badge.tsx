import { useQuery } from "@tanstack/react-query";
import { waitingQuery } from "./queries";

/** How many events wait for a decision; nothing while none does, or while it is not known. */
export function WaitingBadge() {
  const { data } = useQuery(waitingQuery);
  const count = data?.total_count ?? 0;
  if (count === 0) return null;
  return (
    <span className="ml-auto text-xs font-semibold rounded-full bg-warn-wash text-warn px-1.5 min-w-5 text-center">
      {count > 99 ? "99+" : count}
      <span className="sr"> to decide</span>
    </span>
  );
}
