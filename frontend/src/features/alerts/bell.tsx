import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell as Sign } from "lucide-react";
import { unreadQuery } from "./queries";

/** The way to the alerts from everywhere, and how many nobody has read. */
export function Bell() {
  const { data } = useQuery(unreadQuery);
  const count = data?.unread_count ?? 0;
  const told = count === 0 ? "" : `${String(count)} unread`;
  return (
    <>
      <Link
        to="/alerts"
        className="btn icon relative"
        title="Alerts"
        aria-label={told === "" ? "Alerts on the bell" : `Alerts on the bell, ${told}`}
      >
        <Sign aria-hidden="true" size={18} />
        {count > 0 && (
          <span
            data-testid="unread"
            className="absolute top-0 right-0 text-[.6875rem] leading-4 font-semibold rounded-full bg-warn-wash text-warn px-1 min-w-4 text-center"
          >
            {count > 99 ? "99+" : count}
          </span>
        )}
      </Link>
      <span className="sr" role="status">
        {told === "" ? "" : `Alerts: ${told}`}
      </span>
    </>
  );
}
