import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { OverviewOut, PerformanceOut } from "@/shared/api/gen/types.gen";
import { live } from "@/shared/live/live";
import { keptBy } from "@/shared/testing/keeping";
import { show } from "@/shared/testing/render";
import { savedFiles } from "@/shared/testing/saved";
import { ACCOUNT, NAV_SERIES, OVERVIEW, PERFORMANCE } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { OverviewPage } from "./overview";

const NO_HOLDINGS = {
  as_of: OVERVIEW.as_of,
  currency: "USD",
  items: [],
  cash: [],
  receivables: [],
  total_receivable: "0",
  receivable_weight_ratio: "0",
  total_market_value: "0",
  total_cash: "0",
  nav: "0",
  total_unrealized_gain: "0",
  total_day_change: "0",
  valued_count: 0,
  unknowns: [],
  is_recomputing: false,
};

const overview = (parts: Partial<OverviewOut> = {}) =>
  http.get(api("/overview"), () => HttpResponse.json({ ...OVERVIEW, ...parts }));
const performance = (parts: Partial<PerformanceOut> = {}) =>
  http.get(api("/performance"), () => HttpResponse.json({ ...PERFORMANCE, ...parts }));

beforeEach(() => {
  vi.spyOn(live, "listen").mockReturnValue(() => undefined);
  server.use(
    overview(),
    performance(),
    http.get(api("/nav"), () => HttpResponse.json(NAV_SERIES)),
    http.get(api("/holdings"), () => HttpResponse.json(NO_HOLDINGS)),
  );
});

const open = (at = "/") => show(() => <OverviewPage />, { at, validateSearch: readSearch });
const nav = () => screen.findByTestId("nav");

test("waiting is said once, without a number that is not known yet", async () => {
  server.use(http.get(api("/overview"), () => new Promise<never>(() => {})));
  open();
  expect(await screen.findByRole("status", { name: "Loading the overview" })).toBeDefined();
  expect(screen.queryByTestId("nav")).toBeNull();
});

test("an empty portfolio says what fills it", async () => {
  server.use(overview({ is_empty: true, nav: null }));
  open();
  expect(await screen.findByText("Your portfolio is empty")).toBeDefined();
  expect(screen.getByRole("link", { name: "Import a file" })).toBeDefined();
  expect(screen.getByRole("link", { name: "Add a transaction" })).toBeDefined();
  expect((await nav()).textContent).toBe("—");
});

test("an empty account is not an empty portfolio, and keeps its account on the way", async () => {
  server.use(overview({ is_empty: true, nav: null }));
  open(`/?account=${ACCOUNT.id}`);
  expect(await screen.findByText("This account is empty")).toBeDefined();
  expect(screen.getByRole("link", { name: "Import a file" }).getAttribute("href")).toBe(
    `/import?account=${ACCOUNT.id}`,
  );
});

test("a part of unknown value is told as unknown, and not as nothing held", async () => {
  const part = { day_change_ratio: null, asset_class: "equity", weight_ratio: null };
  server.use(
    overview({
      nav: null,
      allocation_by_instrument: [
        { ...part, key: "cash", label: "Cash", value: "893", unknown_count: 0 },
        { ...part, key: ACCOUNT.id, label: "QZX", value: null, unknown_count: 1 },
      ],
    }),
  );
  open();
  const row = await screen.findByRole("row", { name: /QZX/ });
  expect(within(row).getAllByText("unknown: 1 holding not valued")).toHaveLength(2);
  expect(screen.getByText(/1 part without a known value/)).toBeDefined();
  expect(screen.queryByText("Nothing is held.")).toBeNull();
  expect(
    within(screen.getByRole("list", { name: "Allocation map" })).queryByText("QZX"),
  ).toBeNull();
});

test("a failure says so, with its request, and can be tried again", async () => {
  server.use(http.get(api("/overview"), () => refuse(503, { detail: "the database is away" })));
  const { user } = open();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("the database is away");
  expect(alert.textContent).toContain("Request r-1");
  server.use(overview());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect((await nav()).textContent).toBe("$12,186.32");
});

test("the figures stand with their sign, their day and their source", async () => {
  open();
  expect((await nav()).textContent).toBe("$12,186.32");
  // -65.58 on the 12,251.90 of the day before is -0.54 %
  expect(screen.getByText("(−0.54%)")).toBeDefined();
  expect(screen.getByText("since Feb 28, 2013")).toBeDefined();
  expect(screen.getByText("Newest price: close of Mar 1, 2013, bundled data")).toBeDefined();
  expect(screen.getByText("+$2,186")).toBeDefined();
});

test("when a refresh fails the earlier figures stay and are marked as such", async () => {
  const { queries, user } = open();
  await nav();
  server.use(http.get(api("/overview"), () => refuse(503)));
  await queries.invalidateQueries({ queryKey: ["valuation", "overview"] });
  expect(await screen.findByText(/earlier figures: the overview could not be/)).toBeDefined();
  expect((await nav()).textContent).toBe("$12,186.32");
  server.use(overview({ nav: "12200" }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(async () => {
    expect((await nav()).textContent).toBe("$12,200.00");
  });
  expect(screen.queryByText(/earlier figures/)).toBeNull();
});

test("a figure that is not known is a dash that says why, never a zero", async () => {
  const message = "no price is known for OBSCURE";
  server.use(
    overview({
      nav: null,
      day_change: null,
      ytd_return_ratio: null,
      total_gain: null,
      allocation_by_instrument: OVERVIEW.allocation_by_instrument.map((item) => ({
        ...item,
        weight_ratio: null,
      })),
      unknowns: [
        { reason_code: "price_missing", message, instrument_id: null, symbol: null, count: 1 },
      ],
    }),
  );
  open();
  const figure = await nav();
  expect(figure.textContent).toContain(`unknown: ${message}`);
  expect(figure.textContent).not.toContain("$0");
  const look = screen.getByRole("region", { name: "Needs a look" });
  expect(within(look).getByText(message)).toBeDefined();
  expect(screen.getAllByTitle(message).length).toBeGreaterThanOrEqual(4);
  const allocation = within(screen.getByRole("region", { name: "Allocation" }));
  const [, first] = allocation.getAllByRole("row");
  expect(first?.textContent).toContain(`unknown: ${message}`);
  const map = within(allocation.getByRole("list", { name: "Allocation map" }));
  expect(map.getAllByText(`unknown: ${message}`).length).toBeGreaterThan(0);
});

test("old and missing prices are counted where the age of the figures stands", async () => {
  const freshness = {
    ...OVERVIEW.freshness,
    instrument_count: 5,
    stale_count: 1,
    missing_count: 2,
  };
  server.use(overview({ freshness, review_count: 1 }));
  open(`/?account=${ACCOUNT.id}`);
  expect(await screen.findByText(/1 of 5 prices is stale/)).toBeDefined();
  expect(screen.getByText(/2 of 5 without a price/)).toBeDefined();
  expect(screen.getByText(/1 record could not be fully interpreted/)).toBeDefined();
  expect(screen.getByRole("link", { name: "Review" }).getAttribute("href")).toBe(
    `/transactions?account=${ACCOUNT.id}&review=true`,
  );
});

test("a return that is not known says why in words", async () => {
  const { user, router } = open();
  expect((await screen.findByTestId("return")).textContent).toContain("−0.54%");
  await user.click(screen.getByRole("radio", { name: "Money-weighted" }));
  await waitFor(() => {
    expect(screen.getByTestId("return").textContent).toContain(
      "unknown: the value on a day of this span is not known",
    );
  });
  expect(router.state.location.search).toEqual({ method: "mwr" });
});

test("over one year the yearly return is not told twice", async () => {
  const yearly = { ...PERFORMANCE.time_weighted, annualized_ratio: "-0.0053526" };
  server.use(performance({ time_weighted: yearly }));
  const { queries } = open();
  expect((await screen.findByTestId("return")).textContent).not.toContain("a year");
  server.use(performance({ time_weighted: { ...yearly, annualized_ratio: "-0.02" } }));
  await queries.invalidateQueries({ queryKey: ["valuation", "performance"] });
  expect((await screen.findByText("−2.00% a year")).closest("p")).toBe(
    screen.getByTestId("return"),
  );
});

test("the performance fails by itself; the rest of the page stays", async () => {
  server.use(http.get(api("/performance"), () => refuse(500, { detail: "a bug" })));
  open();
  expect((await screen.findByRole("alert")).textContent).toContain("a bug");
  expect((await nav()).textContent).toBe("$12,186.32");
});

test("the chart's values can be read as a table", async () => {
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Show as table" }));
  const rows = within(screen.getByRole("region", { name: "Chart data" })).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual([
    "DateValue",
    "Fri, Mar 1, 2013$12,186.32",
    "Thu, Feb 28, 2013$12,251.90",
  ]);
});

test("every point that is drawn is listed and saved, with its figure in full", async () => {
  const from = Date.UTC(2011, 0, 1);
  const items = Array.from({ length: 1000 }, (_, place) => ({
    as_of: new Date(from + place * 86_400_000).toISOString().slice(0, 10),
    nav: `${String(10_000 + place)}.123456789`,
    external_flow: "0",
    net_contributions: "10000",
  }));
  server.use(
    http.get(api("/nav"), () =>
      HttpResponse.json({ ...NAV_SERIES, items, point_count: 4000, is_decimated: true }),
    ),
  );
  const saved = savedFiles();
  const { user } = open();
  const panel = within(await screen.findByRole("region", { name: "Performance" }));
  expect(await panel.findByText(/^1000 points .* drawn, listed and saved/)).toBeDefined();
  await user.click(panel.getByRole("button", { name: "Save as CSV" }));
  const lines = (await saved[0]?.text())?.trim().split(/\r?\n/) ?? [];
  expect(lines).toHaveLength(1001);
  expect(lines[0]).toMatch(/Date,Value in USD,Net contributions in USD$/);
  expect(lines[1]).toBe("2011-01-01,10000.123456789,10000");
  expect(lines[1000]).toBe("2013-09-26,10999.123456789,10000");
  await user.click(panel.getByRole("button", { name: "Show as table" }));
  const table = within(panel.getByRole("region", { name: "Chart data" }));
  // getAllByRole asks of every one of thousands whether it can be seen
  expect(table.getAllByText(/^[A-Z][a-z]{2}, [A-Z]/)).toHaveLength(1000);
});

test("the values of the chart are kept from the day it begins with", async () => {
  const { user } = open("/?period=YTD");
  // the last close of the year before the day of the figures
  expect(await keptBy(user, "Keep these values")).toEqual({
    name: "Values, YTD",
    parameters: { kind: "nav", account_id: null, from_date: "2012-12-31", max_points: 1200 },
  });
});

test("at the latest trades it says what all is worth, how many were traded, and how late", async () => {
  const latest = {
    count: 7,
    newest_as_of: "2026-03-05T16:00:30Z",
    oldest_as_of: "2026-03-05T15:00:00Z",
    delay_minutes: 15,
    sources: ["yahoo"],
  };
  const asked: (string | null)[] = [];
  server.use(
    http.get(api("/holdings"), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("prices"));
      return HttpResponse.json({ ...NO_HOLDINGS, nav: "2040", total_day_change: "40", latest });
    }),
  );
  open();
  const line = await screen.findByTestId("latest");
  expect(line.textContent).toContain("$2,040.00");
  expect(line.textContent).toContain("+$40.00");
  expect(line.textContent).toContain("7 of 0 traded since their close");
  expect(line.textContent).toContain("up to 15 min delayed");
  expect(asked).toContain("latest");
});

test("where no trade is newer than the closes nothing is said of trades", async () => {
  open();
  await nav();
  expect(screen.queryByTestId("latest")).toBeNull();
});

test("records of days that have not come here yet are said to be left out", async () => {
  server.use(overview({ later_count: 1 }));
  open();
  expect(await screen.findByText("1 record of later days counts from then on")).toBeDefined();
});
