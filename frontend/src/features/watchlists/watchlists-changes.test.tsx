import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, test } from "vitest";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { IBM, IDEAS, KO, MSFT, watched } from "@/shared/testing/watchlist-samples";
import {
  edits,
  given,
  left,
  listeners,
  MINE,
  open,
  OTHERS,
  row,
  symbols,
  watching,
} from "./view-harness";

watching();

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
    given.lists = [{ ...IDEAS, version: 9, items: [KO, IBM, MSFT] }];
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
    given.lists = [{ ...IDEAS, version: 9 }];
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
