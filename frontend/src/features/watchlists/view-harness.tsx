import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, vi } from "vitest";
import type { QuoteOut, WatchlistOut } from "@/shared/api/gen/types.gen";
import type { Listener } from "@/shared/live/ladder";
import { live } from "@/shared/live/live";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import { IBM, IDEAS, quoteOf } from "@/shared/testing/watchlist-samples";
import { WatchlistsView } from "./watchlists-view";

/* The page of watchlists in a test: what the server has, what was asked of it, who listens. */

export const OTHERS: WatchlistOut = {
  ...IDEAS,
  id: "0190a000-0000-7000-8000-0000000000f2",
  name: "Others",
  version: 1,
  items: [],
};
export const MINE = "/watchlists/0190a000-0000-7000-8000-0000000000f1";
export const listeners = new Map<string, Listener>();
export const left = vi.fn();
export const given: { lists: WatchlistOut[]; asked: string[][] } = { lists: [], asked: [] };

/** For the tests of the file that calls it: files share their modules, and hooks belong to one. */
export function watching(): void {
  beforeEach(() => {
    given.lists = [IDEAS, OTHERS];
    given.asked = [];
    listeners.clear();
    left.mockReset();
    vi.spyOn(live, "listen").mockImplementation((topic, given) => {
      listeners.set(topic, given);
      return () => {
        left(topic);
      };
    });
    server.use(
      http.get(api("/watchlists"), () => HttpResponse.json({ items: given.lists })),
      tradesAre((id) => quoteOf({ ...IBM, instrument_id: id })),
    );
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

export function tradesAre(quote: (id: string) => QuoteOut) {
  return http.get(api("/quotes"), ({ request }) => {
    const ids = new URL(request.url).searchParams.get("instrument_ids")?.split(",") ?? [];
    given.asked.push(ids);
    return HttpResponse.json({ items: ids.map(quote) });
  });
}

export const open = (parts: { canChange?: boolean; chosen?: string; onChoose?: () => void } = {}) =>
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

export const row = (symbol: string) =>
  screen.findByRole("row", { name: new RegExp(`^${symbol} `) }, { timeout: 5_000 });
export const symbols = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((one) => within(one).getByRole("link").textContent.split(" ")[0]);

/** Answers an edit with a list, and keeps what was sent. */
export function edits(
  method: "post" | "put" | "patch" | "delete",
  path: string,
  made: WatchlistOut[],
) {
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
