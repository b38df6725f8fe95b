import { ArrowLeftRight, Inbox, LayoutGrid, ListTree, Wallet } from "lucide-react";

/** Where one can go from everywhere. */
export const PAGES = [
  ["Overview", LayoutGrid, "/"],
  ["Holdings", ListTree, "/holdings"],
  ["Transactions", ArrowLeftRight, "/transactions"],
  ["Import", Inbox, "/import"],
  ["Accounts", Wallet, "/accounts"],
] as const;

export const isCurrent = (path: string, page: string): boolean =>
  page === "/" ? path === "/" : path.startsWith(page);
