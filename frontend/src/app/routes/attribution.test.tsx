import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { ATTRIBUTION, BESIDE, SECTORS, TRADES } from "@/shared/testing/attribution-samples";
import { explained } from "@/shared/testing/explained";
import { keptBy } from "@/shared/testing/keeping";
import { show } from "@/shared/testing/render";
import { AAPL, PURCHASE } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
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
  server.use(attribution(), ...BESIDE);
});

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
  const [, , bond, , all] = within(table).getAllByRole("row");
  expect(told(bond)).toBe("—unknown: no price is known");
  expect(told(all)).toBe("—unknown: the value on a day of this span is not known");
  const sum = await screen.findByRole("row", { name: /^All purchases/ });
  expect(sum.textContent).toContain("unknown: no exchange rate within seven days");
  const gain = screen.getByRole("row", { name: /^Gain of the span/ });
  expect(gain.textContent).toContain("+6.00%");
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
