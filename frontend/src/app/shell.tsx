import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import {
  ArrowLeftRight,
  Eye,
  EyeOff,
  Inbox,
  LayoutGrid,
  ListTree,
  LogOut,
  Moon,
  Sun,
  Wallet,
} from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { currentMe, leave, subscribeSession } from "@/shared/api/session";
import { usePreferences } from "@/shared/preferences/preferences";
import { accountsQuery } from "@/shared/api/accounts";
import { queryClient } from "./query-client";
import { usePageSearch } from "./use-search";

const PAGES = [
  ["Overview", LayoutGrid, "/"],
  ["Holdings", ListTree, "/holdings"],
  ["Transactions", ArrowLeftRight, "/transactions"],
  ["Import", Inbox, "/import"],
  ["Accounts", Wallet, "/accounts"],
] as const;

const isCurrent = (path: string, page: string): boolean =>
  page === "/" ? path === "/" : path.startsWith(page);

export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className="size-7">
      <rect width="32" height="32" rx="7" fill="var(--blue)" />
      <path
        d="M6 22.5 12.5 15l5 4L26 9"
        fill="none"
        stroke="var(--blue-ink)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M6 27h20" stroke="var(--blue-ink)" strokeOpacity=".55" strokeWidth="1.6" />
    </svg>
  );
}

export function Shell() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const navigate = useNavigate();
  const me = useSyncExternalStore(subscribeSession, currentMe);
  const isFirst = useRef(true);

  useEffect(() => {
    const title = PAGES.find(([, , page]) => isCurrent(path, page))?.[0] ?? "Truenav";
    document.title = `${title} · Truenav`;
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [path]);
  useEffect(() => {
    if (me === null) void navigate({ to: "/sign-in" });
  }, [me, navigate]);

  return (
    <div className="lg:grid lg:grid-cols-[208px_minmax(0,1fr)] min-h-dvh">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <aside className="hidden lg:flex flex-col border-r border-rule px-4 py-5 sticky top-0 h-dvh">
        <Link to="/" className="flex items-center gap-2.5 px-2 mb-7">
          <Mark />
          <span className="font-serif text-[1.1875rem] font-semibold tracking-[-.01em]">
            Truenav
          </span>
        </Link>
        <nav aria-label="Main">
          <ul className="flex flex-col gap-0.5">
            {PAGES.map(([label, Icon, page]) => (
              <li key={page}>
                <Link
                  to={page}
                  search={(before) => (before.account ? { account: before.account } : {})}
                  aria-current={isCurrent(path, page) ? "page" : undefined}
                  className={`flex items-center gap-3 h-9 px-2 rounded-md text-sm ${
                    isCurrent(path, page)
                      ? "font-semibold text-ink bg-sunk"
                      : "text-ink-2 hover:text-ink hover:bg-sunk/70"
                  }`}
                >
                  <Icon aria-hidden="true" size={17} strokeWidth={1.75} />
                  {label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <p className="mt-auto px-2 text-xs text-ink-2 break-words">
          {me?.user.is_demo ? "Demo portfolio" : me?.user.email}
        </p>
      </aside>
      <div className="min-w-0">
        <TopBar />
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="px-4 lg:px-10 pb-28 lg:pb-12 max-w-[1320px] outline-none"
        >
          <Outlet />
        </main>
      </div>
      <BottomBar path={path} />
    </div>
  );
}

function TopBar() {
  const { theme, setTheme, isHidden, setHidden } = usePreferences();
  const [search, change] = usePageSearch();
  const navigate = useNavigate();
  const { data } = useQuery(accountsQuery);
  const signOut = async () => {
    await leave();
    queryClient.clear();
    await navigate({ to: "/sign-in" });
  };
  return (
    <header className="sticky top-0 z-30 bg-paper/92 backdrop-blur-md border-b border-rule">
      <div className="flex items-center gap-1.5 h-14 px-4 lg:px-10 max-w-[1320px]">
        <span className="lg:hidden mr-1">
          <Mark />
        </span>
        <label className="min-w-0">
          <span className="sr">Accounts shown</span>
          <select
            className="btn !px-2 font-semibold max-w-[44vw] truncate bg-transparent"
            value={search.account ?? ""}
            onChange={(event) => {
              const account = event.target.value;
              change(account === "" ? { account: undefined } : { account });
            }}
          >
            <option value="">All accounts</option>
            {data?.items.map((account) => (
              <option key={account.id} value={account.id}>
                {account.name}
              </option>
            ))}
          </select>
        </label>
        <div className="ml-auto flex items-center gap-0.5">
          <button
            type="button"
            className="btn icon"
            aria-pressed={isHidden}
            aria-label="Hide amounts"
            onClick={() => {
              setHidden(!isHidden);
            }}
          >
            {isHidden ? (
              <EyeOff aria-hidden="true" size={18} />
            ) : (
              <Eye aria-hidden="true" size={18} />
            )}
          </button>
          <button
            type="button"
            className="btn icon"
            aria-label={theme === "dark" ? "Use light theme" : "Use dark theme"}
            onClick={() => {
              setTheme(theme === "dark" ? "light" : "dark");
            }}
          >
            {theme === "dark" ? (
              <Sun aria-hidden="true" size={18} />
            ) : (
              <Moon aria-hidden="true" size={18} />
            )}
          </button>
          <button
            type="button"
            className="btn icon"
            aria-label="Sign out"
            onClick={() => {
              void signOut();
            }}
          >
            <LogOut aria-hidden="true" size={18} />
          </button>
          <Link to="/import" className="btn primary ml-1 max-sm:hidden">
            Import a file
          </Link>
        </div>
      </div>
    </header>
  );
}

function BottomBar({ path }: { path: string }) {
  return (
    <nav
      aria-label="Main, compact"
      className="lg:hidden fixed bottom-0 inset-x-0 z-30 bg-sheet border-t border-rule-strong pb-[env(safe-area-inset-bottom)]"
    >
      <ul className="grid grid-cols-5">
        {PAGES.map(([label, Icon, page]) => (
          <li key={page}>
            <Link
              to={page}
              aria-current={isCurrent(path, page) ? "page" : undefined}
              className={`flex flex-col items-center justify-center gap-1 h-14 text-[.6875rem] ${
                isCurrent(path, page) ? "text-ink font-semibold" : "text-ink-2"
              }`}
            >
              <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
