import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Search } from "./search";

/** The URL's filters, and a way to change some of them. */
export function usePageSearch(): readonly [Search, (change: Search) => void] {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: Search) => {
    void navigate({ to: ".", search: (before: Search) => ({ ...before, ...next }), replace: true });
  };
  return [search, change] as const;
}
