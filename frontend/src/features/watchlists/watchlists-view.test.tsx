import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, test, vi } from "vitest";
import { live } from "@/shared/live/live";
import { api, refuse, server } from "@/shared/testing/server";
import { IBM, IDEAS, KO, MSFT, quoteOf, watched } from "@/shared/testing/watchlist-samples";
import {
  edits,
  given,
  listeners,
  open,
  OTHERS,
  row,
  symbols,
  tradesAre,
  watching,
} from "./view-harness";

watching();

describe("where there is no list", () => {
  test("one is made, and chosen", async () => {
    given.lists = [];
    const chosen = vi.fn();
    const sent = edits("post", "/watchlists", [OTHERS]);
    const { user } = open({ onChoose: chosen });
    expect(await screen.findByText("No watchlist yet")).toBeTruthy();
    await user.type(screen.getByLabelText("Name"), " Others ");
    await user.click(screen.getByRole("button", { name: "Make the list" }));
    expect(await screen.findByText("Nothing on this list yet")).toBeTruthy();
    expect(sent).toEqual([{ name: "Others" }]);
    expect(chosen).toHaveBeenCalledWith(OTHERS.id);
  });

  test("a name that is taken is told, and what was typed stays", async () => {
    given.lists = [];
    const taken = { code: "watchlist_name_taken", detail: "there is a watchlist of that name" };
    server.use(http.post(api("/watchlists"), () => refuse(409, taken)));
    const { user } = open();
    await user.type(await screen.findByLabelText("Name"), "Others");
    await user.click(screen.getByRole("button", { name: "Make the list" }));
    expect(await screen.findByText("there is a watchlist of that name")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Others");
  });

  test("a failure never looks like none, and is tried again", async () => {
    server.use(http.get(api("/watchlists"), () => refuse(503, { detail: "away" })));
    const { user } = open();
    expect(await screen.findByText("away")).toBeTruthy();
    expect(screen.queryByText("No watchlist yet")).toBeNull();
    server.use(http.get(api("/watchlists"), () => HttpResponse.json({ items: given.lists })));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await row("IBM")).toBeTruthy();
  });

  test("who may only look makes none", async () => {
    given.lists = [];
    open({ canChange: false });
    expect(await screen.findByText("No watchlist yet")).toBeTruthy();
    expect(screen.queryByLabelText("Name")).toBeNull();
  });
});

describe("what is on a list", () => {
  test("is shown with the last trade, its change, its source and its note", async () => {
    open();
    const ibm = within(await row("IBM"));
    expect(await ibm.findByText("$104.25")).toBeTruthy();
    expect(ibm.getByText("+4.25%")).toBeTruthy();
    expect(ibm.getByText("+$4.25")).toBeTruthy();
    expect(ibm.getByText("Yahoo, 15 min delayed")).toBeTruthy();
    expect(ibm.getByRole("link").getAttribute("href")).toBe(`/holdings/${IBM.instrument_id}`);
    expect(ibm.getByLabelText<HTMLInputElement>("Note on IBM").value).toBe("below 90");
    expect(symbols()).toEqual(["IBM", "MSFT", "KO"]);
    // all of them in one question
    expect(given.asked).toHaveLength(1);
    expect(new Set(given.asked[0])).toEqual(new Set(IDEAS.items.map((item) => item.instrument_id)));
  });

  test("what is not known says why", async () => {
    const stored = { price_date: "2026-03-04", as_of: null, source: "bundled" } as const;
    server.use(
      tradesAre((id) => {
        if (id === IBM.instrument_id)
          return quoteOf(IBM, { price: null, currency: null, reason: "no_provider" });
        if (id === MSFT.instrument_id) return quoteOf(MSFT, { previous_close: null });
        const closed = { session: "closed", is_stale: true, reason: "offline" } as const;
        return quoteOf(KO, { ...stored, ...closed, delay_minutes: null });
      }),
    );
    open();
    const [ibm, msft, ko] = [await row("IBM"), await row("MSFT"), await row("KO")];
    expect(await within(ibm).findByText("unknown: no provider tells of it")).toBeTruthy();
    expect(within(msft).getByText("unknown: no close before it is known")).toBeTruthy();
    expect(within(msft).getByText("$104.25")).toBeTruthy();
    expect(within(ko).getByText(/close of Mar 4, 2026/)).toBeTruthy();
    expect(within(ko).getByText(/this installation asks nobody/)).toBeTruthy();
  });

  test("moves as it is told, each by itself", async () => {
    vi.spyOn(live, "hears").mockReturnValue(true);
    open();
    const [ibm, ko] = [within(await row("IBM")), within(await row("KO"))];
    await ibm.findByText("$104.25");
    expect(ibm.getByText(/live/)).toBeTruthy();
    listeners.get(`instrument:${IBM.instrument_id}`)?.onData("quote", {
      ...quoteOf(IBM, { price: "99", as_of: "2026-03-05T16:00:20Z" }),
      fresh_until: "2026-03-05T16:01:00Z",
    });
    expect(await ibm.findByText("$99.00")).toBeTruthy();
    expect(ibm.getByText("−1.00%")).toBeTruthy();
    expect(ibm.getByText("−$1.00")).toBeTruthy();
    expect(ko.getByText("$104.25")).toBeTruthy();
  });

  test("where messages were lost of many, one question reads them anew", async () => {
    open();
    await within(await row("IBM")).findByText("$104.25");
    server.use(tradesAre((id) => quoteOf({ ...IBM, instrument_id: id }, { price: "101" })));
    for (const one of listeners.values()) one.onReload();
    expect(await within(await row("IBM")).findByText("$101.00")).toBeTruthy();
    expect(given.asked).toHaveLength(2);
  });

  test("trades that cannot be loaded leave the list there, and can be asked for again", async () => {
    server.use(http.get(api("/quotes"), () => refuse(503)));
    const { user } = open();
    expect(await screen.findByText("The last trades could not be loaded")).toBeTruthy();
    const ibm = within(await row("IBM"));
    expect(ibm.getByText("unknown: it could not be loaded")).toBeTruthy();
    server.use(tradesAre((id) => quoteOf({ ...IBM, instrument_id: id })));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await ibm.findByText("$104.25")).toBeTruthy();
  });

  test("trades of a while ago stay, and say so", async () => {
    const { queries } = open();
    await within(await row("IBM")).findByText("$104.25");
    server.use(http.get(api("/quotes"), () => refuse(503)));
    await queries.invalidateQueries({ queryKey: ["quotes"] });
    expect(await screen.findByText(/the last trades could not be refreshed/)).toBeTruthy();
    expect(within(await row("IBM")).getByText("$104.25")).toBeTruthy();
  });

  test("more than one question may name are asked for in two, and as many told as may be", async () => {
    const many = Array.from({ length: 201 }, (_, place) => ({
      ...watched(`T${String(place)}`, "00"),
      instrument_id: `0190a000-0000-7000-8000-${String(place).padStart(12, "0")}`,
    }));
    given.lists = [{ ...IDEAS, items: many }];
    vi.spyOn(live, "hears").mockReturnValue(true);
    open({ canChange: false });
    const last = await row("T200");
    expect(await within(last).findByText("$104.25")).toBeTruthy();
    expect(given.asked.map((ids) => ids.length).toSorted((a, b) => a - b)).toEqual([1, 200]);
    expect(listeners.size).toBe(190);
    expect(within(last).getByText(/refreshed now and then/)).toBeTruthy();
  });

  test("who may only look sees all of it, and nothing to change it by", async () => {
    open({ canChange: false });
    const ibm = within(await row("IBM"));
    expect(ibm.getByText("below 90")).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button", { name: /Move|Take|Remove|Pick/ })).toBeNull();
    expect(screen.queryByRole("radio", { name: "New" })).toBeNull();
  });
});
