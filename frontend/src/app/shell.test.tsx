import { act, screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { currentMe, enter } from "@/shared/api/session";
import { live } from "@/shared/live/live";
import { show } from "@/shared/testing/render";
import { ACCOUNT, SESSION } from "@/shared/testing/samples";
import { api, pageOf, server } from "@/shared/testing/server";
import { queryClient } from "./query-client";
import { readSearch } from "./search";
import { Shell } from "./shell";

afterEach(() => {
  vi.unstubAllGlobals();
});

beforeEach(async () => {
  localStorage.clear();
  document.documentElement.dataset["theme"] = "light";
  vi.spyOn(live, "listen").mockImplementation((topic) => {
    const { id } = SESSION.me.tenant;
    expect([`valuation:${id}`, `alerts:${id}`]).toContain(topic);
    return () => undefined;
  });
  server.use(
    http.post(api("/auth/log-in"), () => HttpResponse.json(SESSION)),
    http.post(api("/auth/log-out"), () => new HttpResponse(null, { status: 204 })),
    http.get(api("/accounts"), () => HttpResponse.json(pageOf([ACCOUNT]))),
    http.get(api("/alerts/unread"), () => HttpResponse.json({ unread_count: 3 })),
    http.get(api("/corporate-actions"), () => HttpResponse.json(pageOf([]))),
  );
  await enter({ email: "ann@example.com", password: "x" });
});

const open = (at = "/") => show(() => <Shell />, { at, validateSearch: readSearch });

test("signing out leads to the door and leaves nothing for the next person to see", async () => {
  queryClient.setQueryData(["valuation", "overview", "all"], { nav: "12186.32" });
  const { user, router } = open();
  await user.click(await screen.findByRole("button", { name: "Sign out" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/sign-in");
  });
  expect(currentMe()).toBeNull();
  expect(queryClient.getQueryCache().getAll()).toEqual([]);
});

test("the account chosen is in the address and goes along to the other pages", async () => {
  const { user, router } = open();
  await screen.findByRole("option", { name: "Schwab" });
  await user.selectOptions(screen.getByLabelText("Accounts shown"), "Schwab");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ account: ACCOUNT.id });
  });
  for (const link of screen.getAllByRole("link", { name: "Holdings" })) {
    expect(link.getAttribute("href")).toBe(`/holdings?account=${ACCOUNT.id}`);
  }
  const add = screen.getByRole("link", { name: "Add transaction" });
  expect(add.getAttribute("href")).toBe(`/transactions/new?account=${ACCOUNT.id}`);
  await user.selectOptions(screen.getByLabelText("Accounts shown"), "All accounts");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({});
  });
});

test("the part a page is of goes along to the others that can be of one", async () => {
  open("/?classes=bond&base=EUR");
  const main = within(await screen.findByRole("navigation", { name: "Main" }));
  expect(main.getByRole("link", { name: "Risk" }).getAttribute("href")).toBe(
    "/risk?classes=bond&base=EUR",
  );
  expect(main.getByRole("link", { name: "Cash" }).getAttribute("href")).toBe(
    "/cash?classes=bond&base=EUR",
  );
});

test("theme and hidden amounts are remembered", async () => {
  const { user } = open();
  const hide = await screen.findByRole("button", { name: "Hide amounts" });
  await user.click(hide);
  expect(hide.getAttribute("aria-pressed")).toBe("true");
  await user.click(screen.getByRole("button", { name: "Use dark theme" }));
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  expect(screen.getByRole("button", { name: "Use light theme" })).toBeDefined();
  expect([localStorage.getItem("truenav.hidden"), localStorage.getItem("truenav.theme")]).toEqual([
    "1",
    "dark",
  ]);
});

test("the system's theme is followed until one is chosen", async () => {
  const listeners = new Set<(event: { matches: boolean }) => void>();
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: false,
    addEventListener: (_: string, told: (event: { matches: boolean }) => void) => {
      if (query.includes("color-scheme")) listeners.add(told);
    },
    removeEventListener: (_: string, told: (event: { matches: boolean }) => void) => {
      listeners.delete(told);
    },
  }));
  const system = (matches: boolean): void => {
    act(() => {
      listeners.forEach((told) => {
        told({ matches });
      });
    });
  };
  const { user } = open();
  await screen.findByRole("button", { name: "Use dark theme" });
  system(true);
  expect(document.documentElement.dataset["theme"]).toBe("dark");
  await user.click(screen.getByRole("button", { name: "Use light theme" }));
  system(true);
  expect(document.documentElement.dataset["theme"]).toBe("light");
});

test("who operates the installation has its pages beside their own, and their names in the title", async () => {
  open("/operations/jobs");
  const main = within(await screen.findByRole("navigation", { name: "Main" }));
  expect(main.getByRole("link", { name: "Data quality" }).getAttribute("href")).toBe(
    "/operations/data",
  );
  expect(main.getByRole("link", { name: "Jobs" }).getAttribute("aria-current")).toBe("page");
  expect(document.title).toBe("Jobs · Truenav");
});
