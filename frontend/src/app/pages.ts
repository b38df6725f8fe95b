import {
  Activity,
  Archive,
  ArrowLeftRight,
  Banknote,
  Bell,
  CalendarClock,
  ChartPie,
  Coins,
  Eye,
  HandCoins,
  Inbox,
  LayoutGrid,
  ListChecks,
  ListTree,
  ShieldCheck,
  TrendingUp,
  Wallet,
} from "lucide-react";

/** Where one can go from everywhere. */
export const PAGES = [
  ["Overview", LayoutGrid, "/"],
  ["Performance", TrendingUp, "/performance"],
  ["Holdings", ListTree, "/holdings"],
  ["Allocation", ChartPie, "/allocation"],
  ["Watchlists", Eye, "/watchlists"],
  ["Alerts", Bell, "/alerts"],
  ["Cash", Banknote, "/cash"],
  ["Income", HandCoins, "/income"],
  ["Gains", Coins, "/gains"],
  ["Risk", Activity, "/risk"],
  ["Reports", Archive, "/reports"],
  ["Transactions", ArrowLeftRight, "/transactions"],
  ["Actions", CalendarClock, "/actions"],
  ["Import", Inbox, "/import"],
  ["Accounts", Wallet, "/accounts"],
] as const;

/** Where who looks after the installation can go besides. */
export const OPERATOR_PAGES = [
  ["Data quality", ShieldCheck, "/operations/data"],
  ["Jobs", ListChecks, "/operations/jobs"],
] as const;

/** What the bar of a phone has room for; the others stand behind its last button. */
const ON_PHONES: readonly string[] = ["/", "/performance", "/holdings", "/transactions"];
export const PHONE_PAGES = PAGES.filter(([, , page]) => ON_PHONES.includes(page));
export const MORE_PAGES = PAGES.filter(([, , page]) => !ON_PHONES.includes(page));

export const isCurrent = (path: string, page: string): boolean =>
  page === "/" ? path === "/" : path.startsWith(page);
