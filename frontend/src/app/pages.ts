import {
  ArrowLeftRight,
  CalendarClock,
  Coins,
  Inbox,
  LayoutGrid,
  ListTree,
  Wallet,
} from "lucide-react";

/** Where one can go from everywhere. */
export const PAGES = [
  ["Overview", LayoutGrid, "/"],
  ["Holdings", ListTree, "/holdings"],
  ["Gains", Coins, "/gains"],
  ["Transactions", ArrowLeftRight, "/transactions"],
  ["Actions", CalendarClock, "/actions"],
  ["Import", Inbox, "/import"],
  ["Accounts", Wallet, "/accounts"],
] as const;

/** What a phone has room for; the others are reached from these. */
export const PHONE_PAGES = PAGES.filter(([, , page]) => page !== "/gains" && page !== "/actions");

export const isCurrent = (path: string, page: string): boolean =>
  page === "/" ? path === "/" : path.startsWith(page);
