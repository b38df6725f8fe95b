import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { QuoteOut } from "@/shared/api/gen/types.gen";
import type { Listener } from "@/shared/live/ladder";
import { live } from "@/shared/live/live";
import { QUOTE } from "@/shared/testing/quote-samples";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { LastTrade } from "./last-trade";

const ID = QUOTE.instrument_id;

const told = (price: string, as_of: string) => ({
  ...QUOTE,
  price,
  as_of,
  fresh_until: "2026-03-05T16:01:00Z",
});
let listener: Listener | undefined;
const left = vi.fn();

function answer(quote: QuoteOut): void {
  server.use(http.get(api(`/quotes/${ID}`), () => HttpResponse.json(quote)));
}

beforeEach(() => {
  left.mockReset();
  vi.spyOn(live, "listen").mockImplementation((topic, given) => {
    expect(topic).toBe(`instrument:${ID}`);
    listener = given;
    return left;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe("the last trade", () => {
  test("says what it is, from whom and how late", async () => {
    answer(QUOTE);
    show(() => <LastTrade instrumentId={ID} />);
    expect(await screen.findByText("$104.25")).toBeTruthy();
    expect(screen.getByText("+4.25%")).toBeTruthy();
    expect(screen.getByText("Yahoo, 15 min delayed")).toBeTruthy();
  });

  test("moves when it is told, and not back", async () => {
    answer(QUOTE);
    show(() => <LastTrade instrumentId={ID} />);
    await screen.findByText("$104.25");
    listener?.onData("quote", told("105.5", "2026-03-05T16:00:20Z"));
    expect(await screen.findByText("$105.50")).toBeTruthy();
    listener?.onData("quote", told("1", "2026-03-05T15:59:00Z"));
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
    expect(screen.getByText("$105.50")).toBeTruthy();
  });

  test("what was told while the answer was on its way is not lost", async () => {
    server.use(
      http.get(api(`/quotes/${ID}`), () => {
        listener?.onData("quote", told("106", "2026-03-05T16:00:40Z"));
        return HttpResponse.json(QUOTE);
      }),
    );
    show(() => <LastTrade instrumentId={ID} />);
    expect(await screen.findByText("$106.00")).toBeTruthy();
  });

  test("is live only while it is told, traded and fresh", async () => {
    vi.spyOn(live, "hears").mockReturnValue(true);
    answer(QUOTE);
    const { queries } = show(() => <LastTrade instrumentId={ID} />);
    expect(await screen.findByText(/^\s*live|●\s*live/)).toBeTruthy();
    for (const other of [
      { ...QUOTE, session: "closed" as const },
      { ...QUOTE, price_date: "2026-03-04" },
      { ...QUOTE, price: null, currency: null, reason: "price_missing" as const },
    ]) {
      answer(other);
      await queries.invalidateQueries();
      expect(await screen.findByText(/moves with the next trade/)).toBeTruthy();
    }
  });

  test("reads anew where messages were lost", async () => {
    answer(QUOTE);
    show(() => <LastTrade instrumentId={ID} />);
    await screen.findByText("$104.25");
    answer({ ...QUOTE, price: "99" });
    listener?.onReload();
    expect(await screen.findByText("$99.00")).toBeTruthy();
  });

  test("a stored close says its day and why there is nothing newer", async () => {
    answer({
      ...QUOTE,
      as_of: null,
      price_date: "2026-03-04",
      source: "bundled",
      delay_minutes: null,
      session: "closed",
      is_stale: true,
      reason: "offline",
    });
    show(() => <LastTrade instrumentId={ID} />);
    expect(await screen.findByText(/close of Mar 4, 2026/)).toBeTruthy();
    expect(screen.getByText(/this installation asks nobody/)).toBeTruthy();
  });

  test("what nobody knows is a dash that says why", async () => {
    answer({ ...QUOTE, price: null, currency: null, reason: "price_missing" });
    show(() => <LastTrade instrumentId={ID} />);
    expect(await screen.findByText(/unknown: no price is known/)).toBeTruthy();
  });

  test("a failure is told, and can be tried again", async () => {
    server.use(http.get(api(`/quotes/${ID}`), () => refuse(404)));
    const { user } = show(() => <LastTrade instrumentId={ID} />);
    const again = await screen.findByRole("button", { name: /try again/i });
    answer(QUOTE);
    await user.click(again);
    await waitFor(() => {
      expect(screen.getByText("$104.25")).toBeTruthy();
    });
  });
});
