import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Eye, EyeOff, LogOut, Moon, Plus, Sun } from "lucide-react";
import type { ReactNode } from "react";
import { Bell } from "@/features/alerts/bell";
import { accountsQuery } from "@/shared/api/accounts";
import { leave } from "@/shared/api/session";
import { usePreferences } from "@/shared/preferences/preferences";
import { Mark } from "@/shared/ui/mark";
import { usePageSearch } from "./use-search";

export function TopBar() {
  const [search] = usePageSearch();
  return (
    <header className="sticky top-0 z-30 bg-paper/92 backdrop-blur-md border-b border-rule">
      <div className="flex items-center gap-1.5 h-14 px-4 lg:px-10 max-w-[1320px]">
        <span className="lg:hidden mr-1">
          <Mark />
        </span>
        <AccountChoice />
        <div className="ml-auto flex items-center gap-0.5">
          <Bell />
          <Toggles />
          <IconButton
            label="Sign out"
            onPress={() => {
              void leave();
            }}
          >
            <LogOut aria-hidden="true" size={18} />
          </IconButton>
          <Link
            to="/transactions/new"
            search={search.account ? { account: search.account } : {}}
            className="btn primary ml-1 max-sm:w-9 max-sm:!px-0 justify-center"
          >
            <Plus aria-hidden="true" size={17} />
            <span className="max-sm:sr-only">Add transaction</span>
          </Link>
        </div>
      </div>
    </header>
  );
}

/** Which accounts the pages are about; the choice is in the URL. */
function AccountChoice() {
  const [search, change] = usePageSearch();
  const { data } = useQuery(accountsQuery);
  return (
    <label className="min-w-0">
      <span className="sr">Accounts shown</span>
      <select
        className="btn select !pl-2 font-semibold max-w-[36vw] lg:max-w-xs truncate"
        value={search.account ?? ""}
        onChange={(event) => {
          change({ account: event.target.value === "" ? undefined : event.target.value });
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
  );
}

function Toggles() {
  const { theme, setTheme, isHidden, setHidden } = usePreferences();
  const [Sight, Light] = [isHidden ? EyeOff : Eye, theme === "dark" ? Sun : Moon];
  return (
    <>
      <IconButton
        label="Hide amounts"
        isPressed={isHidden}
        onPress={() => {
          setHidden(!isHidden);
        }}
      >
        <Sight aria-hidden="true" size={18} />
      </IconButton>
      <IconButton
        label={theme === "dark" ? "Use light theme" : "Use dark theme"}
        onPress={() => {
          setTheme(theme === "dark" ? "light" : "dark");
        }}
      >
        <Light aria-hidden="true" size={18} />
      </IconButton>
    </>
  );
}

type IconProps = { label: string; isPressed?: boolean; onPress: () => void; children: ReactNode };

function IconButton({ label, isPressed, onPress, children }: IconProps) {
  return (
    <button
      type="button"
      className="btn icon"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
