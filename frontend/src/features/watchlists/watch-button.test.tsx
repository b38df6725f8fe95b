import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { WatchlistOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { IBM, IDEAS } from "@/shared/testing/watchlist-samples";
import { WatchButton } from "./watch-button";

const EMPTY: WatchlistOut = {
  ...IDEAS,
  id: "0190a000-0000-7000-8000-0000000000f2",
  name: "Others",
  version: 1,
  items: [],
};
let lists: WatchlistOut[] = [];
let sent: unknown[] = [];

beforeEach(() => {
  lists = [IDEAS, EMPTY];
  sent = [];
  server.use(
    http.get(api("/watchlists"), () => HttpResponse.json({ items: lists })),
    http.post(api("/watchlists"), async ({ request }) => {
      const { name } = (await request.json()) as { name: string };
      return HttpResponse.json({ ...EMPTY, name }, { status: 201 });
    }),
    http.post(api(`/watchlists/${EMPTY.id}/items`), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...EMPTY, version: 2, items: [IBM] }, { status: 201 });
    }),
  );
});

const open = () => show(() => <WatchButton instrumentId={IBM.instrument_id} symbol="IBM" />);

test("it goes on the list that is chosen; those it is on say so", async () => {
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Watched" }));
  const on = await screen.findByRole("menuitem", { name: /^Ideas/ });
  expect(on.getAttribute("aria-disabled")).toBe("true");
  expect(on.textContent).toContain("on it");
  await user.click(screen.getByRole("menuitem", { name: "Others" }));
  expect(await screen.findByText("IBM is on Others")).toBeTruthy();
  expect(sent).toEqual([{ instrument_id: IBM.instrument_id }]);
});

test("where there is no list, a first one is made for it", async () => {
  lists = [];
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Watch" }));
  await user.click(await screen.findByRole("menuitem", { name: /A first list, “Watchlist”/ }));
  expect(await screen.findByText("IBM is on Others")).toBeTruthy();
  expect(sent).toEqual([{ instrument_id: IBM.instrument_id }]);
  expect(await screen.findByRole("button", { name: "Watched" })).toBeTruthy();
});

test("a refusal is told", async () => {
  lists = [EMPTY];
  const full = { code: "watchlist_full", detail: "no more than 500 on a list" };
  server.use(http.post(api(`/watchlists/${EMPTY.id}/items`), () => refuse(409, full)));
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Watch" }));
  await user.click(await screen.findByRole("menuitem", { name: "Others" }));
  expect(await screen.findByText("no more than 500 on a list")).toBeTruthy();
});

test("lists that could not be loaded can be asked for again", async () => {
  server.use(http.get(api("/watchlists"), () => refuse(503)));
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Watch" }));
  const again = await screen.findByRole("menuitem", { name: /could not be loaded/ });
  server.use(http.get(api("/watchlists"), () => HttpResponse.json({ items: lists })));
  await user.click(again);
  expect(await screen.findByRole("button", { name: "Watched" })).toBeTruthy();
});
