import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ChangePartsOut } from "@/shared/api/gen/types.gen";
import { explained } from "@/shared/testing/explained";
import { CHANGE, RETURNS, change } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { AAPL, CONVENTIONS, PERFORMANCE, PURCHASE, WHOLE } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { PerformancePage } from "./performance";

const asked: URL[] = [];
const performance = (parts: object = {}) =>
  http.get(api("/performance"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...PERFORMANCE, ...parts });
  });

beforeEach(() => {
  asked.length = 0;
  server.use(performance(), change(), ...RETURNS);
});

const open = (at = "/") => show(() => <PerformancePage />, { at, validateSearch: readSearch });

test("waiting is said, and a failure can be tried again", async () => {
  let fail: (answer: Response) => void = () => undefined;
  server.use(
    http.get(api("/performance"), () => new Promise<Response>((resolve) => (fail = resolve))),
  );
  const { user } = open();
  expect(await screen.findByRole("status", { name: "Loading the returns" })).toBeDefined();
  await waitFor(() => {
    fail(refuse(503, { detail: "the database is away" }));
    expect(screen.getByRole("alert")).toBeDefined();
  });
  expect((await screen.findByRole("alert")).textContent).toContain("the database is away");
  server.use(performance());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect((await screen.findByTestId("return")).textContent).toContain("−0.54%");
});

test("a span without anything says so", async () => {
  server.use(performance({ from_date: null, to_date: null, items: [] }));
  open();
  expect(await screen.findByText("Nothing to measure yet")).toBeDefined();
});

test("what the address says is asked, and what is chosen goes into the address", async () => {
  const { user, router } = open(`/?period=5Y&fees=gross&benchmark=${AAPL.id}`);
  await screen.findByTestId("return");
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toMatchObject({
    period: "5Y",
    fees: "gross",
    benchmark: AAPL.id,
  });
  expect(asked[0]?.searchParams.has("taxes")).toBe(false);
  await user.click(screen.getByRole("radio", { name: "Money-weighted" }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ method: "mwr", period: "5Y" });
  });
  // the sample knows no money-weighted return, and why
  expect((await screen.findByTestId("return")).textContent).toContain(
    "the value on a day of this span is not known",
  );
});

test("taxes are added back without fees, in the returns and in what explains them", async () => {
  const explaining: URL[] = [];
  server.use(
    http.get(api("/explain/performance"), ({ request }) => {
      explaining.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
  const { user, router } = open();
  await screen.findByTestId("return");
  await user.selectOptions(screen.getByLabelText("Taxes"), "gross");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ taxes: "gross" });
  });
  expect(screen.getByLabelText<HTMLSelectElement>("Fees").value).toBe("net");
  await user.click(await screen.findByRole("button", { name: /Why: Return of the span/ }));
  await screen.findByText("A part");
  for (const url of [asked.at(-1), explaining[0]]) {
    expect(url?.searchParams.get("taxes")).toBe("gross");
    expect(url?.searchParams.has("fees")).toBe(false);
  }
});

test("days of one’s own are asked of every section, and go along to the parts", async () => {
  const all: URL[] = [];
  server.use(
    http.get(/\/api\/v1\/performance\//, ({ request }) => {
      all.push(new URL(request.url));
      return undefined;
    }),
  );
  open("/?period=5Y&from=2012-06-30&to=2012-12-31");
  await screen.findByRole("table", { name: "Value change" });
  await waitFor(() => {
    expect(new Set(all.map(({ pathname }) => pathname.split("/").at(-1)))).toEqual(
      new Set(["monthly", "rolling", "waterfall"]),
    );
  });
  for (const { searchParams } of [...asked, ...all]) {
    expect(searchParams.get("from")).toBe("2012-06-30");
    expect(searchParams.get("to")).toBe("2012-12-31");
    expect(searchParams.has("period")).toBe(false);
  }
  const way = screen.getByRole("link", { name: "Where the return came from" });
  expect(way.getAttribute("href")).toContain("from=2012-06-30&to=2012-12-31");
});

test("the change of value and the way to its parts are of the same accounts", async () => {
  const changes: URL[] = [];
  server.use(
    http.get(api("/performance/waterfall"), ({ request }) => {
      changes.push(new URL(request.url));
      return HttpResponse.json(CHANGE);
    }),
  );
  open("/?period=5Y&groups=Anna&base=EUR&fees=gross&timing=end_of_day");
  await screen.findByRole("table", { name: "Value change" });
  expect(changes[0]?.searchParams.getAll("account_group")).toEqual(["Anna"]);
  expect(changes[0]?.searchParams.get("base_currency")).toBe("EUR");
  // attribution is of returns after costs: it is not asked for others
  const way = screen.getByRole("link", { name: "Where the return came from" });
  expect(way.getAttribute("href")).toBe(
    "/performance/attribution?groups=Anna&base=EUR&period=5Y&timing=end_of_day",
  );
});

test("every figure is explained as it is measured: of the same accounts, before costs", async () => {
  const asked: URL[] = [];
  server.use(
    http.get(api("/performance/waterfall"), () => HttpResponse.json(CHANGE)),
    http.get(api("/explain/:figure"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
  const { user } = open("/?period=5Y&groups=Anna&base=EUR&fees=gross");
  await screen.findByRole("table", { name: "Value change" });
  const names = ["Return of the span", "Unrealized gains"];
  for (const name of names) {
    await user.click(screen.getByRole("button", { name: new RegExp(`Why: ${name}`) }));
    await screen.findByRole("dialog", { name: `Why: ${name}` });
    await screen.findByText("A part");
    await user.keyboard("{Escape}");
  }
  expect(asked.map((url) => url.pathname)).toEqual([
    "/api/v1/explain/performance",
    "/api/v1/explain/value-change",
  ]);
  for (const url of asked) {
    expect(url.searchParams.getAll("account_group")).toEqual(["Anna"]);
    expect(url.searchParams.get("base_currency")).toBe("EUR");
  }
  expect(asked[0]?.searchParams.get("fees")).toBe("gross");
  expect(asked[1]?.searchParams.get("bar")).toBe("unrealized");
});

test("a gain that is not known says why", async () => {
  server.use(performance({ gain: null, net_flows: null }));
  open();
  const label = await screen.findByText("Gain");
  // the time-weighted return is known, the money-weighted one lacks the same value
  const why = "—unknown: the value on a day of this span is not known";
  expect(label.parentElement?.textContent).toContain(why);
  expect(screen.getByText("Paid in or out").parentElement?.textContent).toContain(why);
});

test("a broken chain says where, and can be bridged", async () => {
  server.use(
    performance({
      conventions: {
        ...CONVENTIONS,
        broken_on: "2013-03-01",
        broken_reason: "value_unknown",
        sub_periods: [
          { from_date: "2013-02-27", to_date: "2013-02-28", method: "flow_at_end" },
          { from_date: "2013-02-20", to_date: "2013-02-22", method: "tiny_capital" },
        ],
      },
    }),
  );
  const { user, router } = open();
  expect(await screen.findByText(/The chain of days ends on Mar 1, 2013/)).toBeDefined();
  expect(screen.getByText(/counts at the end of that day/)).toBeDefined();
  expect(
    screen.getByText(/Feb 20, 2013 to Feb 22, 2013: less than one unit of the currency/),
  ).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Bridge it by Modified Dietz" }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ gaps: "modified_dietz" });
  });
});

test("the benchmark is told with the same money in it", async () => {
  server.use(
    performance({
      benchmark: {
        benchmark_id: AAPL.id,
        symbol: "AAPL",
        name: AAPL.name,
        basis: "total",
        ratio: "0.25",
        annualized_ratio: null,
        reason: null,
        same_flows_closing: "1850",
        same_flows_difference: "-160",
        same_flows_ratio: "0.25",
        same_flows_reason: null,
      },
    }),
  );
  server.use(
    http.get(api("/explain/benchmarks"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1850", ["A part", "1850"]));
    }),
  );
  const { user } = open();
  const told = await screen.findByTestId("benchmark");
  expect(told.textContent).toContain("+25.00%");
  expect(told.textContent).toContain("$1,850");
  expect(told.textContent).toContain("−$160");
  await user.click(within(told).getByRole("button", { name: /Why: The same money in AAPL/ }));
  await screen.findByText("A part");
  expect(Object.fromEntries(asked.at(-1)?.searchParams ?? [])).toMatchObject({
    figure: "same_flows_closing",
    benchmark: AAPL.id,
    from: PERFORMANCE.from_date,
    to: PERFORMANCE.to_date,
  });
});

test("bars open the records behind them", async () => {
  const { user } = open();
  const table = await screen.findByRole("table", { name: "Value change" });
  expect(
    within(table).getByRole("row", { name: /Value on Feb 28, 2013 .*\$1,000\.00/ }),
  ).toBeDefined();
  await user.click(within(table).getByRole("button", { name: "Paid in" }));
  const records = screen.getByRole("list", { name: "Records of Paid in" });
  expect(within(records).getByRole("link").getAttribute("href")).toBe(
    `/transactions/${PURCHASE.id}`,
  );
});

const PARTS: ChangePartsOut = {
  currency: "USD",
  from_date: "2013-02-28",
  to_date: "2013-03-01",
  unrealized: "60",
  unrealized_rest: "0.0000000001",
  instruments: [
    {
      instrument_id: AAPL.id,
      symbol: "AAPL",
      instrument_name: AAPL.name,
      opening_value: "1000",
      moved: "-568",
      borne: "48",
      price_result: "300",
      rate_result: "0",
      closing_value: "780",
      realized: "240",
      unrealized: "60",
    },
  ],
  fx: "0",
  fx_rest: "0",
  currencies: [],
  reason: null,
  slice: WHOLE,
  calculation_version: "1",
};

test("what prices did opens instrument by instrument, each explained as itself", async () => {
  server.use(http.get(api("/performance/waterfall/parts"), () => HttpResponse.json(PARTS)));
  const { user } = open();
  const table = await screen.findByRole("table", { name: "Value change" });
  await user.click(within(table).getByRole("button", { name: "Unrealized gains" }));
  const parts = await screen.findByRole("table", { name: "Unrealized gains by instrument" });
  const [, apple, rest] = within(parts).getAllByRole("row");
  expect(apple?.textContent).toContain("$1,000.00");
  expect(apple?.textContent).toContain("+$60.00");
  // what rounding left is told, so that the lines add up
  expect(rest?.textContent).toContain("Of no part, and rounding");
  const link = within(parts).getByRole("link", { name: "AAPL" });
  expect(link.getAttribute("href")).toContain(`/holdings/${AAPL.id}`);
  const asked: string[] = [];
  server.use(
    http.get(api("/explain/value-change"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return new HttpResponse(null, { status: 503 });
    }),
  );
  await user.click(within(parts).getByRole("button", { name: /Unrealized gains, AAPL/ }));
  await waitFor(() => {
    expect(asked[0]).toContain(`bar=unrealized&instrument_id=${AAPL.id}`);
  });
});

test("records beyond those that came with a bar are a button away", async () => {
  const [paid] = CHANGE.bars;
  if (!paid) throw new Error("the sample has a bar");
  const asked: string[] = [];
  server.use(
    change({ bars: [{ ...paid, record_count: 3 }] }),
    http.get(api("/performance/waterfall/records"), ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query.get("cursor") ?? "first");
      const isFirst = !query.has("cursor");
      return HttpResponse.json({
        items: isFirst ? [...paid.records, ...paid.records] : paid.records,
        total_count: 3,
        next_cursor: isFirst ? "next" : null,
        has_more: isFirst,
      });
    }),
  );
  const { user } = open();
  const table = await screen.findByRole("table", { name: "Value change" });
  await user.click(within(table).getByRole("button", { name: "Paid in" }));
  await user.click(screen.getByRole("button", { name: "Show 2 earlier records" }));
  await user.click(await screen.findByRole("button", { name: "Show earlier records" }));
  const records = screen.getByRole("list", { name: "Records of Paid in" });
  await waitFor(() => {
    expect(within(records).getAllByRole("link")).toHaveLength(3);
  });
  expect(asked).toEqual(["first", "next"]);
});

test("an unknown bar is unknown with its reason", async () => {
  const bars = CHANGE.bars.map((bar) =>
    bar.is_remainder ? { ...bar, amount: null, reasons: ["price_missing"] } : bar,
  );
  server.use(change({ bars, closing_nav: null, reason: "value_unknown" }));
  open();
  const table = await screen.findByRole("table", { name: "Value change" });
  expect(within(table).getByText("unknown: no price is known")).toBeDefined();
});

test("months show their numbers, their reasons and what is cut", async () => {
  open();
  const months = await screen.findByRole("list", { name: "Returns by month" });
  expect(months.textContent).toContain("+3.1%");
  expect(months.textContent).toContain("−2.1%*");
  expect(months.textContent).toContain("unknown: the value on a day of this span is not known");
});

test("the chart has a table that says the same", async () => {
  const { user } = open();
  await screen.findByTestId("return");
  await user.click(screen.getAllByRole("button", { name: "Show as table" })[0] as HTMLElement);
  const region = screen.getByRole("region", { name: "Inspect the return by date: data" });
  expect(within(region).getByRole("row", { name: /Mar 1, 2013 −0.54%/ })).toBeDefined();
});
