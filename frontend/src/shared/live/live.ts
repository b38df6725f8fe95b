import { useSyncExternalStore } from "react";
import { renewSession } from "@/shared/api/session";
import { Ladder, type LiveState } from "./ladder";
import { openEvents, openSocket } from "./ways";

/** The connection of this tab. */
export const live = new Ladder({ socket: openSocket, events: openEvents, renew: renewSession });

window.addEventListener("online", () => {
  live.wake();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.wake();
});

export const useLive = (): LiveState => useSyncExternalStore(live.watch, live.snapshot);
