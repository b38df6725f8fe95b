import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { BenchmarkDefinitionOut, BlendIn, SideBySideOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, CONVENTIONS, PERFORMANCE, WHOLE } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { BenchmarksPage } from "./benchmarks";

const BLEND: BenchmarkDefinitionOut = {
  id: "0190a000-0000-7000-8000-0000000000c1",
  name: "Mostly Apple",
  origin: "own",
  rebalancing: "quarterly",
  spread_ratio: "0.01",
  version: 4,
  parts: [
    {
      instrument_id: AAPL.id,
      symbol: AAPL.symbol,
      currency: "USD",
      series: null,
      name: AAPL.name,
      basis: "price",
      weight_ratio: "0.625",
    },
    {
      instrument_id: null,
      symbol: null,
      currency: null,
      series: "CPIAUCSL",
      name: "US consumer prices",
      basis: "total",
      weight_ratio: "0.375",
    },
  ],
};
const SHARED: BenchmarkDefinitionOut = {
  ...BLEND,
  id: "0190a000-0000-7000-8000-0000000000c2",
  name: "US consumer prices",
  origin: "shared",
  rebalancing: "never",
  spread_ratio: "0",
  version: null,
  parts: BLEND.parts.slice(1).map((part) => ({ ...part, weight_ratio: "1" })),
};
const FALL = { ratio: null, peak_date: null, trough_date: null, recovery_date: null };
const BESIDE: SideBySideOut = {
  currency: "USD",
  as_of: "2013-03-01",
  from_date: "2011-03-01",
  to_date: "2013-03-01",
  day_count: 731,
  closing_nav: "1210",
  time_weighted: {
    ...PERFORMANCE.time_weighted,
    ratio: "0.21",
    annualized_ratio: "0.0998",
    status: "ok",
    reason: null,
  },
  money_weighted: PERFORMANCE.money_weighted,
  max_drawdown: { ...FALL, ratio: "-0.1" },
  items: [
    {
      benchmark_id: BLEND.id,
      symbol: "Mostly Apple",
      name: "Mostly Apple",
      origin: "own",
      basis: "mixed",
      ratio: "0.3",
      annualized_ratio: "0.1399",
      reason: null,
      excess_ratio: "-0.09",
      annualized_excess_ratio: "-0.0401",
      same_flows_closing: "1300",
      same_flows_difference: "-90",
      same_flows_ratio: "0.3",
      same_flows_reason: null,
      max_drawdown: { ...FALL, ratio: "-0.2" },
    },
    {
      benchmark_id: SHARED.id,
      symbol: SHARED.name,
      name: SHARED.name,
      origin: "shared",
      basis: "index",
      ratio: null,
      annualized_ratio: null,
      reason: "series_missing",
      excess_ratio: null,
      annualized_excess_ratio: null,
      same_flows_closing: null,
      same_flows_difference: null,
      same_flows_ratio: null,
      same_flows_reason: "price_missing",
      max_drawdown: FALL,
    },
  ],
  conventions: CONVENTIONS,
  calculation_version: "2026.1",
  slice: WHOLE,
  is_recomputing: false,
};
const sent: unknown[] = [];
const asked: URL[] = [];

const beside = (changes: Partial<SideBySideOut> = {}) =>
  http.get(api("/benchmarks/side-by-side"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...BESIDE, ...changes });
  });

beforeEach(() => {
  sent.length = 0;
  asked.length = 0;
  server.use(
    beside(),
    http.get(api("/taxonomies"), () => HttpResponse.json({ items: [] })),
    http.get(api("/accounts"), () => HttpResponse.json(pageOf([]))),
    http.get(api("/benchmarks"), () => HttpResponse.json({ items: [SHARED, BLEND] })),
    http.get(api("/instruments"), () =>
      HttpResponse.json({ items: [AAPL], next_cursor: null, has_more: false, total_count: null }),
    ),
  );
});

const open = (at = "/") => show(() => <BenchmarksPage />, { at, validateSearch: readSearch });

test("a blend says what it is made of; shared ones cannot be changed", async () => {
  open();
  const told = await screen.findByText(/AAPL \(price alone\)/);
  expect(told.textContent).toBe(
    "62.5% AAPL (price alone), 37.5% US consumer prices, +1.00% a year; every quarter",
  );
  expect(screen.getAllByRole("button", { name: /^Change/ })).toHaveLength(1);
});

test("a new blend is sent with its weights as ratios", async () => {
  server.use(
    http.post(api("/benchmarks"), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(BLEND, { status: 201 });
    }),
  );
  open();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "New blend" }));
  const form = screen.getByRole("form", { name: "New blend" });
  await user.type(within(form).getByLabelText("Name"), "Two things");
  const first = within(form).getByRole("group", { name: "Part 1" });
  await user.type(within(first).getByRole("combobox", { name: "Instrument" }), "app");
  await user.click(await screen.findByRole("option", { name: /^AAPL/ }));
  const weight = within(first).getByLabelText("Weight, %");
  await user.clear(weight);
  await user.type(weight, "62.5");
  await user.click(within(form).getByRole("button", { name: "Add consumer prices" }));
  await user.click(within(form).getByRole("button", { name: "Save the blend" }));
  // nothing goes out while a weight is missing
  expect(within(form).getByRole("alert").textContent).toContain("Every part needs a weight");
  const second = within(form).getByRole("group", { name: "Part 2" });
  await user.type(within(second).getByLabelText("Weight, %"), "37.5");
  expect(within(form).getByText("The weights add up to 100 %.")).toBeDefined();
  await user.click(within(form).getByRole("button", { name: "Save the blend" }));
  await screen.findByRole("button", { name: "New blend" });
  const body: BlendIn = {
    name: "Two things",
    rebalancing: "monthly",
    spread_ratio: "0",
    parts: [
      { instrument_id: AAPL.id, series: null, basis: "total", weight_ratio: "0.625" },
      { instrument_id: null, series: "CPIAUCSL", basis: "total", weight_ratio: "0.375" },
    ],
  };
  expect(sent).toEqual([body]);
});

test("what somebody else changed meanwhile is not overwritten", async () => {
  server.use(
    http.put(api("/benchmarks/:id"), async ({ request }) => {
      sent.push(await request.json());
      return refuse(409, { code: "stale_version", detail: "somebody else changed this benchmark" });
    }),
  );
  open();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Change: Mostly Apple" }));
  const form = screen.getByRole("form", { name: "Change Mostly Apple" });
  expect(within(form).getAllByLabelText("Weight, %")[0]).toHaveProperty("value", "62.5");
  await user.click(within(form).getByRole("button", { name: "Save the blend" }));
  expect((await within(form).findByRole("alert")).textContent).toContain("somebody else changed");
  expect(sent).toMatchObject([{ version: 4, spread_ratio: "0.01" }]);
});

test("a failure to load can be tried again", async () => {
  server.use(
    http.get(api("/benchmarks"), () =>
      refuse(503, { code: "unavailable", detail: "the database is away" }),
    ),
  );
  open();
  expect((await screen.findByRole("alert")).textContent).toContain("the database is away");
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
});

const rowOf = async (name: RegExp) => {
  const table = await screen.findByRole("table", { name: "Your portfolio and benchmarks" });
  return within(table)
    .getByRole("row", { name })
    .textContent.replaceAll("\u00a0", " ")
    .replaceAll("?", "");
};

test("each benchmark stands beside the portfolio, by what it made and what your money would be", async () => {
  open();
  expect(await rowOf(/^Your portfolio/)).toContain("+21.00%");
  const blend = await rowOf(/^Mostly Apple/);
  for (const words of ["your blend", "+30.00%", "−9.00%", "−20.00%", "$1,300", "−$90"]) {
    expect(blend).toContain(words);
  }
});

test("what is not known of a benchmark says why", async () => {
  open();
  expect(await rowOf(/^US consumer prices/)).toContain("unknown: ");
  expect(await rowOf(/^US consumer prices/)).not.toContain("$0");
});

test("days and the part compared are those of the address", async () => {
  const { user, router } = open("/?period=3Y&classes=bond&timing=end_of_day");
  await rowOf(/^Your portfolio/);
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toMatchObject({
    period: "3Y",
    asset_class: "bond",
    flow_timing: "end_of_day",
  });
  await user.click(screen.getByRole("radio", { name: "5Y" }));
  await vi.waitFor(() => {
    expect(router.state.location.search).toMatchObject({ period: "5Y", classes: "bond" });
  });
});

test("an instrument of the address stands beside the benchmarks there are", async () => {
  server.use(http.get(`${api("/instruments")}/:id`, () => HttpResponse.json(AAPL)));
  open(`/?benchmark=${AAPL.id}`);
  await rowOf(/^Your portfolio/);
  expect(asked.at(-1)?.searchParams.getAll("benchmark")).toEqual([AAPL.id, SHARED.id, BLEND.id]);
});

test("with nothing held there is nothing to compare", async () => {
  server.use(beside({ from_date: null, to_date: null, items: [] }));
  open();
  expect(await screen.findByText("Nothing to compare yet")).toBeDefined();
});

test("a comparison that fails says so beside the blends, which stay", async () => {
  server.use(
    http.get(api("/benchmarks/side-by-side"), () => refuse(503, { detail: "it is away" })),
  );
  const { user } = open();
  expect((await screen.findByRole("alert")).textContent).toContain("it is away");
  expect(await screen.findByRole("button", { name: "New blend" })).toBeDefined();
  server.use(beside());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await rowOf(/^Your portfolio/)).toContain("+21.00%");
});
