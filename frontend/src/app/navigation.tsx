import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { WaitingBadge } from "@/features/actions/waiting-badge";
import { currentMe, subscribeSession } from "@/shared/api/session";
import { Mark } from "@/shared/ui/mark";
import { isCurrent, MORE_PAGES, OPERATOR_PAGES, PAGES, PHONE_PAGES } from "./pages";
import { keptOn } from "./search";

/** Who is signed in; null once the session has ended. */
export const useMe = () => useSyncExternalStore(subscribeSession, currentMe);

export function Rail({ path }: { path: string }) {
  const me = useMe();
  const isOperator = me !== null && me.operator_access !== "none";
  const pages = isOperator ? [...PAGES, ...OPERATOR_PAGES] : PAGES;
  return (
    <aside className="hidden lg:flex flex-col border-r border-rule px-4 py-5 sticky top-0 h-dvh">
      <Link to="/" className="flex items-center gap-2.5 px-2 mb-7">
        <Mark />
        <span className="font-serif text-[1.1875rem] font-semibold tracking-[-.01em]">Truenav</span>
      </Link>
      <nav aria-label="Main">
        <ul className="flex flex-col gap-0.5">
          {pages.map(([label, Icon, page]) => (
            <li key={page}>
              <Link
                to={page}
                search={keptOn(page, path)}
                aria-current={isCurrent(path, page) ? "page" : undefined}
                className={`flex items-center gap-3 h-9 px-2 rounded-md text-sm ${
                  isCurrent(path, page)
                    ? "font-semibold text-ink bg-sunk"
                    : "text-ink-2 hover:text-ink hover:bg-sunk/70"
                }`}
              >
                <Icon aria-hidden="true" size={17} strokeWidth={1.75} />
                {label}
                {page === "/actions" && <WaitingBadge />}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <p
        className="mt-auto px-2 text-xs text-ink-2 truncate"
        title={me?.user.is_demo ? undefined : me?.user.email}
      >
        {me?.user.is_demo ? "Demo portfolio" : me?.user.email}
      </p>
    </aside>
  );
}

export function BottomBar({ path }: { path: string }) {
  return (
    <nav
      aria-label="Main, compact"
      className="lg:hidden fixed bottom-0 inset-x-0 z-30 bg-sheet border-t border-rule-strong pb-[env(safe-area-inset-bottom)]"
    >
      <ul className="grid grid-cols-5">
        {PHONE_PAGES.map(([label, Icon, page]) => (
          <li key={page}>
            <Link
              to={page}
              search={keptOn(page, path)}
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
        <li>
          <More path={path} />
        </li>
      </ul>
    </nav>
  );
}

/** Every other page, behind one button. */
function More({ path }: { path: string }) {
  const me = useMe();
  const navigate = useNavigate();
  const isOperator = me !== null && me.operator_access !== "none";
  const pages = isOperator ? [...MORE_PAGES, ...OPERATOR_PAGES] : MORE_PAGES;
  const isHere = pages.some(([, , page]) => isCurrent(path, page));
  return (
    <MenuTrigger>
      <Button
        className={`flex flex-col items-center justify-center gap-1 h-14 w-full text-[.6875rem] ${
          isHere ? "text-ink font-semibold" : "text-ink-2"
        }`}
      >
        <Ellipsis aria-hidden="true" size={20} strokeWidth={1.75} />
        More
      </Button>
      <Popover className="popover max-h-[70dvh] overflow-auto" placement="top end">
        <Menu
          aria-label="More pages"
          className="outline-none min-w-48"
          onAction={(page) => {
            void navigate({ to: String(page), search: keptOn(String(page), path) });
          }}
        >
          {pages.map(([label, Icon, page]) => (
            <MenuItem key={page} id={page} textValue={label}>
              <Icon aria-hidden="true" size={17} strokeWidth={1.75} />
              {label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
