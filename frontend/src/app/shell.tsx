import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useAlerts } from "@/shared/live/alerts";
import { useValuations } from "@/shared/live/valuations";
import { BottomBar, Rail, useMe } from "./navigation";
import { isCurrent, OPERATOR_PAGES, PAGES } from "./pages";
import { queryClient } from "./query-client";
import { TopBar } from "./top-bar";

export function Shell() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const main = useRef<HTMLElement>(null);
  const navigate = useNavigate();
  const me = useMe();
  const isFirst = useRef(true);

  useEffect(() => {
    const pages = [...PAGES, ...OPERATOR_PAGES];
    const title = pages.find(([, , page]) => isCurrent(path, page))?.[0] ?? "Truenav";
    document.title = `${title} · Truenav`;
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [path]);
  useEffect(() => {
    if (me !== null) return;
    // whoever signs in next must not see what the last one loaded
    queryClient.clear();
    void navigate({ to: "/sign-in" });
  }, [me, navigate]);

  return (
    <div className="lg:grid lg:grid-cols-[208px_minmax(0,1fr)] min-h-dvh">
      <a className="skip" href="#main">
        Skip to content
      </a>
      {me !== null && <Listening tenantId={me.tenant.id} />}
      <Rail path={path} />
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

/** Hears, while somebody is in, that values are other than before, and that a rule told. */
function Listening({ tenantId }: { tenantId: string }) {
  useValuations(tenantId);
  useAlerts(tenantId);
  return null;
}
