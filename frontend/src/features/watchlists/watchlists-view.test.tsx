import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { QuoteOut, WatchlistOut } from "@/shared/api/gen/types.gen";
import type { Listener } from "@/shared/live/ladder";
import { live } from "@/shared/live/live";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { IBM, IDEAS, KO, MSFT, quoteOf, watched } from "@/shared/testing/watchlist-samples";
import { WatchlistsView } from "./watchlists-view";

const OTHERS: WatchlistOut = {
  ...IDEAS,
  id: "0190a000-0000-7000-8000-0000000000f2",
  name: "Others",
  version: 1,
  items: [],
};
const MINE = "/watchlists/0190a000-0000-7000-8000-0000000000f1";
const listeners = new Map<string, Listener>();
const left = vi.fn();
let lists: WatchlistOut[] = [];
let asked: string[][] = [];

beforeEach(() => {
  lists = [IDEAS, OTHERS];
  asked = [];
  listeners.clear();
  left.mockReset();
  vi.spyOn(live, "listen").mockImplementation((topic, given) => {
    listeners.set(topic, given);
    return () => {
      left(topic);
    };
  });
  server.use(
    http.get(api("/watchlists"), () => HttpResponse.json({ items: lists })),
    tradesAre((id) => quoteOf({ ...IBM, instrument_id: id })),
  );
});
afterEach(() => {
  vi.restoreAllMocks();
});

function tradesAre(quote: (id: string) => QuoteOut) {
  return http.get(api("/quotes"), ({ request }) => {
    const ids = new URL(request.url).searchParams.get("instrument_ids")?.split(",") ?? [];
    asked.push(ids);
    return HttpResponse.json({ items: ids.map(quote) });
  });
}

const open = (parts: { canChange?: boolean; chosen?: string; onChoose?: () => void } = {}) =>
  show(() => (
    <WatchlistsView
      chosen={parts.chosen}
      onChoose={parts.onChoose ?? (() => {})}
      canChange={parts.canChange ?? true}
      pick={(onPicked) => (
        <button
          type="button"
          onClick={() => {
            onPicked(AAPL);
          }}
        >
          Pick
        </button>
      )}
    />
  ));

const row = (symbol: string) =>
  screen.findByRole("row", { name: new RegExp(`^${symbol} `) }, { timeout: 5_000 });
const symbols = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((one) => within(one).getByRole("link").textContent.split(" ")[0]);

/** Answers an edit with a list, and keeps what was sent. */
function edits(method: "post" | "put" | "patch" | "delete", path: string, made: WatchlistOut[]) {
  const sent: unknown[] = [];
  server.use(
    http[method](api(path), async ({ request }) => {
      const said: unknown =
        method === "delete" ? new URL(request.url).search : await request.json();
      const answer = made[sent.length];
      sent.push(said);
      return HttpResponse.json(answer ?? null);
    }),
  );
  return sent;
}

describe("where there is no list", () => {
  test("one is made, and chosen", async () => {
    lists = [];
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
    lists = [];
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
    server.use(http.get(api("/watchlists"), () => HttpResponse.json({ items: lists })));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await row("IBM")).toBeTruthy();
  });

  test("who may only look makes none", async () => {
    lists = [];
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
    expect(asked).toHaveLength(1);
    expect(new Set(asked[0])).toEqual(new Set(IDEAS.items.map((item) => item.instrument_id)));
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
    expect(asked).toHaveLength(2);
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
    lists = [{ ...IDEAS, items: many }];
    vi.spyOn(live, "hears").mockReturnValue(true);
    open({ canChange: false });
    const last = await row("T200");
    expect(await within(last).findByText("$104.25")).toBeTruthy();
    expect(asked.map((ids) => ids.length).toSorted((a, b) => a - b)).toEqual([1, 200]);
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

describe("changing a list", () => {
  test("an instrument is added at once, and only its line is new", async () => {
    const more = watched("AAPL", "aa");
    const after = { ...IDEAS, version: 5, items: [...IDEAS.items, more] };
    const sent = edits("post", `${MINE}/items`, [after]);
    const { user } = open();
    await row("IBM");
    await user.click(screen.getByRole("button", { name: "Pick" }));
    expect(await screen.findByText("AAPL is on Ideas")).toBeTruthy();
    expect(await row("AAPL")).toBeTruthy();
    expect(sent).toEqual([{ instrument_id: AAPL.id }]);
    await waitFor(() => {
      expect(listeners.has(`instrument:${more.instrument_id}`)).toBe(true);
    });
    expect(left).not.toHaveBeenCalled();
  });

  test("one that is there already is refused by name", async () => {
    const twice = { code: "already_watched", detail: "AAPL is on this list already" };
    server.use(http.post(api(`${MINE}/items`), () => refuse(409, twice)));
    const { user } = open();
    await row("IBM");
    await user.click(screen.getByRole("button", { name: "Pick" }));
    const alert = await screen.findByText("AAPL is on this list already");
    expect(alert.closest("[role=alert]")).not.toBeNull();
  });

  test("a note is saved with Enter and left with Escape", async () => {
    const noted = { ...MSFT, note: "after May" };
    const after = { ...IDEAS, version: 5, items: [IBM, noted, KO] };
    const sent = edits("patch", `${MINE}/items/${MSFT.instrument_id}`, [after]);
    const { user } = open();
    await row("IBM");
    await user.type(screen.getByLabelText("Note on MSFT"), " after May {Enter}");
    await waitFor(() => {
      expect(sent).toEqual([{ version: 4, note: "after May" }]);
    });
    const other = screen.getByLabelText<HTMLInputElement>("Note on IBM");
    await user.type(other, "0{Escape}");
    await user.tab();
    expect(other.value).toBe("below 90");
    expect(screen.getByLabelText<HTMLInputElement>("Note on MSFT").value).toBe("after May");
  });

  test("a note of somebody's own is not lost when somebody else was first", async () => {
    const stale = { code: "stale_version", detail: "somebody else changed this list" };
    server.use(http.patch(api(`${MINE}/items/${MSFT.instrument_id}`), () => refuse(409, stale)));
    const { user } = open();
    await row("IBM");
    lists = [{ ...IDEAS, version: 9, items: [KO, IBM, MSFT] }];
    await user.type(screen.getByLabelText("Note on MSFT"), "mine{Enter}");
    expect(await screen.findByText(/Somebody else changed it first/)).toBeTruthy();
    await waitFor(() => {
      expect(symbols()).toEqual(["KO", "IBM", "MSFT"]);
    });
    expect(screen.getByLabelText<HTMLInputElement>("Note on MSFT").value).toBe("mine");
  });

  test("rows move by button and by keyboard; quick moves are sent one after the other", async () => {
    const sent = edits("put", `${MINE}/order`, [
      { ...IDEAS, version: 5, items: [IBM, KO, MSFT] },
      { ...IDEAS, version: 6, items: [KO, IBM, MSFT] },
    ]);
    const { user } = open();
    await row("KO");
    const up = screen.getByRole("button", { name: "Move KO up" });
    await user.click(up);
    expect(symbols()).toEqual(["IBM", "KO", "MSFT"]);
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(symbols()).toEqual(["KO", "IBM", "MSFT"]);
    expect(screen.getByText("KO is now 1 of 3")).toBeTruthy();
    expect(document.activeElement).toBe(up);
    await waitFor(() => {
      expect(sent).toHaveLength(2);
    });
    const ids = (items: { instrument_id: string }[]) => items.map((item) => item.instrument_id);
    expect(sent).toEqual([
      { version: 4, instrument_ids: ids([IBM, KO, MSFT]) },
      { version: 5, instrument_ids: ids([KO, IBM, MSFT]) },
    ]);
    // the first cannot go further up, and says nothing
    await user.click(up);
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(symbols()).toEqual(["KO", "IBM", "MSFT"]);
    expect(sent).toHaveLength(2);
  });

  test("an order of what somebody else changed is not sent again over theirs", async () => {
    let sent = 0;
    let answer = () => {};
    const both = new Promise<void>((resolve) => {
      answer = resolve;
    });
    server.use(
      http.put(api(`${MINE}/order`), async () => {
        sent += 1;
        await both;
        return refuse(409, { code: "stale_version" });
      }),
    );
    const { user } = open();
    const down = within(await row("IBM")).getByRole("button", { name: "Move IBM down" });
    lists = [{ ...IDEAS, version: 9 }];
    await user.click(down);
    await user.click(down);
    expect(symbols()).toEqual(["MSFT", "KO", "IBM"]);
    answer();
    expect(await screen.findByText(/Somebody else changed it first/)).toBeTruthy();
    await waitFor(() => {
      expect(symbols()).toEqual(["IBM", "MSFT", "KO"]);
    });
    expect(sent).toBe(1);
  });

  test("what is taken away can be put back where it stood, with its note", async () => {
    const without = { ...IDEAS, version: 5, items: [MSFT, KO] };
    const taken = edits("delete", `${MINE}/items/${IBM.instrument_id}`, [without]);
    const back = edits("post", `${MINE}/items`, [{ ...IDEAS, version: 6 }]);
    const { user } = open();
    await row("IBM");
    await user.click(screen.getByRole("button", { name: "Take IBM away" }));
    expect(await screen.findByText("IBM was taken off Ideas")).toBeTruthy();
    expect(symbols()).toEqual(["MSFT", "KO"]);
    expect(taken).toEqual(["?version=4"]);
    expect(left).toHaveBeenCalledWith(`instrument:${IBM.instrument_id}`);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await row("IBM")).toBeTruthy();
    expect(back).toEqual([{ instrument_id: IBM.instrument_id, note: "below 90", place: 0 }]);
  });

  test("a list is renamed, moved among the others and removed", async () => {
    const renamed = { ...IDEAS, name: "Plans", version: 5 };
    const named = edits("patch", MINE, [renamed]);
    const moved: unknown[] = [];
    let gone = "";
    server.use(
      http.put(api("/watchlists/order"), async ({ request }) => {
        moved.push(await request.json());
        return HttpResponse.json({
          items: [
            { ...OTHERS, version: 2 },
            { ...renamed, version: 6 },
          ],
        });
      }),
      http.delete(api(MINE), ({ request }) => {
        gone = new URL(request.url).search;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { user } = open({ chosen: IDEAS.id });
    const called = await screen.findByLabelText("Called");
    await user.clear(called);
    await user.type(called, "Plans{Enter}");
    await screen.findByRole("radio", { name: "Plans" });
    expect(named).toEqual([{ version: 4, name: "Plans" }]);
    await user.click(screen.getByRole("button", { name: /^Move Plans behind/ }));
    await waitFor(() => {
      const names = screen.getAllByRole("radio").map((one) => one.textContent);
      expect(names).toEqual(["Others", "Plans", "New"]);
    });
    expect(moved).toEqual([
      {
        items: [
          { id: OTHERS.id, version: 1 },
          { id: IDEAS.id, version: 5 },
        ],
      },
    ]);
    await user.click(screen.getByRole("button", { name: "Remove: Plans" }));
    await user.click(await screen.findByRole("button", { name: "Remove it" }));
    expect(await screen.findByText("Plans was removed")).toBeTruthy();
    expect(gone).toBe("?version=6");
    expect(screen.queryByRole("radio", { name: "Plans" })).toBeNull();
  });
});
