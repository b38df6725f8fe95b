import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { ATTRIBUTION, SECTORS, TAXONOMIES, TRADES } from "@/shared/testing/attribution-samples";
import { explained } from "@/shared/testing/explained";
import { keptBy } from "@/shared/testing/keeping";
import { show } from "@/shared/testing/render";
import { AAPL, PURCHASE } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { AttributionPage } from "./attribution";

const asked: URL[] = [];
const attribution = (parts: object = {}) =>
  http.get(api("/attribution"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...ATTRIBUTION, ...parts });
  });

beforeEach(() => {
  asked.length = 0;
  server.use(
    attribution(),
    http.get(api("/attribution/trades"), () => HttpResponse.json(TRADES)),
    http.get(api("/accounts"), () => HttpResponse.json(pageOf([]))),
    http.get(api("/taxonomies"), () => HttpResponse.json(TAXONOMIES)),
    http.get(`${api("/taxonomies")}/:id`, ({ params }) =>
      HttpResponse.json({
        ...TAXONOMIES.items.find((one) => one.id === params["id"]),
        categories: [],
        assignments: [],
        instruments: [],
      }),
    ),
    http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))),
    http.get(`${api("/instruments")}/${AAPL.id}`, () =>
      HttpResponse.json({ ...AAPL, delisted_on: null, aliases: [] }),
    ),
  );
});

/** The first instrument that the words find. */
async function choose(user: UserEvent, field: string) {
  await user.type(screen.getByRole("combobox", { name: field }), "aap");
  await user.click(await screen.findByRole("option", { name: /AAPL/ }));
}

const open = (at = "/") => show(() => <AttributionPage />, { at, validateSearch: readSearch });

test("each group stands with its parts, and an unknown one with its reason", async () => {
  open();
  const table = await screen.findByRole("table", { name: "Contributions" });
  const [, equity, bond] = within(table).getAllByRole("row");
  expect(equity?.textContent).toContain("Equity+4.80%");
  expect(bond?.textContent).toContain("no price is known");
  const trades = await screen.findByRole("table", { name: "Purchases by result" });
  expect(within(trades).getByText("AAPL")).toBeDefined();
});

test("the picture of the contributions has a bar for what is known, and all of them", async () => {
  open();
  const table = await screen.findByRole("table", { name: "Contributions" });
  const drawing = table.closest(".tablewrap")?.parentElement?.querySelector("[hidden] svg");
  expect([...(drawing?.querySelectorAll("text") ?? [])].map((text) => text.textContent)).toEqual([
    "Equity", "+4.80%", "Bond", "—", "All", "+5.60%",
  ]); // prettier-ignore
  expect(drawing?.querySelectorAll("rect")).toHaveLength(1);
  expect(screen.getByRole("button", { name: "Save as PNG" })).toBeDefined();
});

test("gains and purchases that are not known say why", async () => {
  const lost = { ...TRADES.best[0], total: null, unrealized: null, reasons: ["fx_missing"] };
  server.use(
    attribution({ gain: null, total_ratio: null, reason: "value_unknown" }),
    http.get(api("/attribution/trades"), () =>
      HttpResponse.json({ ...TRADES, trade_count: 2, total: null, unknown: [lost] }),
    ),
  );
  open();
  const table = await screen.findByRole("table", { name: "Contributions" });
  const told = (row: HTMLElement | undefined) =>
    row ? within(row).getAllByRole("cell").at(-1)?.textContent : undefined;
  const [, , bond, all] = within(table).getAllByRole("row");
  expect(told(bond)).toBe("—unknown: no price is known");
  expect(told(all)).toBe("—unknown: the value on a day of this span is not known");
  const sum = await screen.findByText(/^The best and the worst of 2/);
  expect(sum.textContent).toContain("—unknown: no exchange rate within seven days");
});

test("flows count when the address says, in the figures and in what explains them", async () => {
  const explaining: URL[] = [];
  server.use(
    http.get(api("/explain/*"), ({ request }) => {
      explaining.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
  const { user, router } = open("/?timing=end_of_day");
  await user.click(await screen.findByRole("button", { name: /Why: Rates, Equity/ }));
  await screen.findByText("A part");
  await user.keyboard("{Escape}");
  for (const url of [asked[0], explaining[0]]) {
    expect(url?.searchParams.get("flow_timing")).toBe("end_of_day");
  }
  await user.selectOptions(screen.getByLabelText("Flows count at the"), "Start of day");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({});
  });
  expect(asked.at(-1)?.searchParams.has("flow_timing")).toBe(false);
});

test("each figure is explained of the same span, group and part of the portfolio", async () => {
  const asked: URL[] = [];
  server.use(
    http.get(api("/explain/*"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
  const { user } = open("/?period=Max&by=asset_class&currencies=USD");
  for (const name of ["Rates, Equity", "Realized, AAPL"]) {
    await user.click(await screen.findByRole("button", { name: new RegExp(`Why: ${name}`) }));
    await screen.findByText("A part");
    await user.keyboard("{Escape}");
  }
  expect(asked.map(({ pathname }) => pathname)).toEqual([
    "/api/v1/explain/attribution",
    "/api/v1/explain/attribution/trade",
  ]);
  const [rates, trade] = asked.map(({ searchParams }) => Object.fromEntries(searchParams));
  expect(rates).toEqual({
    figure: "currency",
    key: "equity",
    by: "asset_class",
    currency: "USD",
    from: "2013-02-28",
    to: "2013-03-01",
  });
  expect(trade).toMatchObject({ figure: "realized", transaction_id: PURCHASE.id, currency: "USD" });
});

test("the part of the portfolio stands in the address and can be taken away", async () => {
  const { user, router } = open(`/?classes=bond,cash&instruments=${AAPL.id}&by=currency`);
  await screen.findByRole("table", { name: "Contributions" });
  expect(asked[0]?.searchParams.getAll("asset_class")).toEqual(["bond", "cash"]);
  expect(screen.getByText("Attribution of a part only: Bond, Cash, one instrument.")).toBeDefined();
  expect(asked[0]?.searchParams.getAll("instrument_id")).toEqual([AAPL.id]);
  expect(asked[0]?.searchParams.get("by")).toBe("currency");
  await user.click(await screen.findByRole("button", { name: /Cash.*take away/ }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ classes: "bond" });
  });
  await user.selectOptions(screen.getByRole("combobox", { name: "Currency" }), "USD");
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ classes: "bond", currencies: "USD" });
  });
  await user.click(screen.getByRole("button", { name: "Show everything" }));
  await waitFor(() => {
    expect(asked.at(-1)?.searchParams.has("asset_class")).toBe(false);
  });
});

test("a benchmark is weights that add up, and its effects are told", async () => {
  const { user } = open();
  await screen.findByRole("table", { name: "Contributions" });
  await choose(user, "Equity: benchmark");
  const [weight] = screen.getAllByRole("textbox", { name: "Weight, %" });
  const compare = screen.getByRole("button", { name: "Compare" });
  expect(compare).toHaveProperty("disabled", true);
  if (weight) await user.type(weight, "100");
  server.use(
    attribution({
      comparison: {
        rebalancing: "monthly",
        method: "Brinson–Fachler",
        portfolio_ratio: "0.056",
        benchmark_ratio: "0.04",
        excess_ratio: "0.016",
        groups: [
          {
            key: "equity",
            label: "Equity",
            instrument_id: AAPL.id,
            symbol: "AAPL",
            weight_ratio: "1",
            benchmark_return_ratio: "0.04",
            return_ratio: "0.08",
            average_weight_ratio: "0.6",
            allocation_ratio: "0.002",
            selection_ratio: "0.01",
            interaction_ratio: "0.004",
            total_ratio: "0.016",
          },
        ],
        residual_ratio: "0",
        reason: null,
      },
    }),
  );
  await user.click(compare);
  const effects = await screen.findByRole("table", { name: "Effects against the benchmark" });
  expect(effects.textContent).toContain("+1.60%");
  expect(asked.at(-1)?.searchParams.getAll("blend")).toEqual([`equity:${AAPL.id}:1`]);
});

test("another grouping has its own fields to compare with", async () => {
  server.use(
    http.get(api("/attribution"), ({ request }) => {
      const key = new URL(request.url).searchParams.get("taxonomy_id");
      const group = { ...ATTRIBUTION.groups[0], key, label: key === SECTORS ? "Tech" : "Japan" };
      return HttpResponse.json({ ...ATTRIBUTION, by: "taxonomy", groups: [group] });
    }),
  );
  const { user } = open(`/?by=${SECTORS}`);
  await screen.findByRole("combobox", { name: "Tech: benchmark" });
  await user.click(await screen.findByRole("radio", { name: "Regions" }));
  expect(await screen.findByRole("combobox", { name: "Japan: benchmark" })).toBeDefined();
  expect(screen.queryByRole("combobox", { name: "Tech: benchmark" })).toBeNull();
});

test("another account's figures are never the former one's", async () => {
  const { router } = open();
  await screen.findByRole("table", { name: "Contributions" });
  server.use(http.get(api("/attribution"), () => new Promise<never>(() => undefined)));
  void router.navigate({ to: ".", search: { account: PURCHASE.account_id } } as never);
  expect(await screen.findByLabelText("Loading the contributions")).toBeDefined();
  expect(screen.queryByRole("table", { name: "Contributions" })).toBeNull();
});

test("while values are worked out the purchases are asked again, too", async () => {
  const answers = [true, false];
  server.use(
    http.get(api("/attribution/trades"), () =>
      HttpResponse.json({ ...TRADES, is_recomputing: answers.shift() ?? false }),
    ),
  );
  open();
  expect(await screen.findByText("Recomputing…")).toBeDefined();
  await waitFor(
    () => {
      expect(screen.queryByText("Recomputing…")).toBeNull();
    },
    { timeout: 3000 },
  );
});

test("a filter that nothing has any more can be seen, and taken away", async () => {
  const { user, router } = open("/?groups=Old&base=THB");
  const group = await screen.findByRole("combobox", { name: "Group" });
  expect((group as HTMLSelectElement).value).toBe("Old");
  const shown = screen.getByRole("combobox", { name: "Shown in" });
  expect((shown as HTMLSelectElement).value).toBe("THB");
  await user.selectOptions(group, "");
  await user.selectOptions(shown, "");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({});
  });
});

test("one instrument out of all there are narrows the page", async () => {
  const { user, router } = open();
  await screen.findByRole("table", { name: "Contributions" });
  await choose(user, "Instrument");
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ instruments: AAPL.id });
  });
  expect(await screen.findByRole("button", { name: /AAPL.*take away/ })).toBeDefined();
});

test("a failure can be tried again, and nothing yet is said", async () => {
  server.use(http.get(api("/attribution"), () => refuse(503, { detail: "the database is away" })));
  const { user } = open();
  expect((await screen.findByRole("alert")).textContent).toContain("the database is away");
  server.use(attribution({ from_date: null, groups: [], reason: "no_capital" }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nothing to attribute yet")).toBeDefined();
});

test("what the page says is kept with its groups, its part and what it is compared with", async () => {
  const blend = `equity:${AAPL.id}:1`;
  const { user } = open(`/?by=${SECTORS}&period=YTD&classes=equity&blend=${blend}`);
  expect(await keptBy(user, "Keep as a report")).toEqual({
    name: "Attribution, YTD",
    parameters: {
      kind: "attribution",
      account_id: null,
      period: "YTD",
      by: "taxonomy",
      taxonomy_id: SECTORS,
      blend: [blend],
      account_groups: [],
      account_tags: [],
      base_currency: null,
      instrument_ids: [],
      asset_classes: ["equity"],
      currencies: [],
      category_ids: [],
      unclassified_in: [],
    },
  });
});

test("a return that is not known says what of it is unknown", async () => {
  server.use(
    attribution({
      total_ratio: null,
      residual_ratio: null,
      gain: null,
      groups: [],
      reason: "value_unknown",
      unknowns: [
        {
          reason_code: "price_missing",
          message: "no price is known for AAPL",
          instrument_id: AAPL.id,
          symbol: "AAPL",
          count: 1,
        },
      ],
    }),
  );
  open();
  const told = await screen.findByText(/do not add up to a known return/);
  expect(told.textContent).toContain("the value on a day of this span is not known");
  expect(told.parentElement?.textContent).toContain("no price is known for AAPL");
});
