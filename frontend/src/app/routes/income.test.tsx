import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type {
  CalendarItemOut,
  CalendarOut,
  IncomeConventionsOut,
  IncomeOut,
  ProjectionOut,
  YieldsOut,
} from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT, PURCHASE } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { IncomePage } from "./income";

const CONVENTIONS: IncomeConventionsOut = {
  rate_of: "the day cash moved",
  dated_by: "the day cash moved",
  estimates: "the last regular amount",
  late_after_days: 45,
  withholding: "as seen",
  yields: "before tax",
  holding_test: "US",
  calculation_version: "2026.1",
};
const amounts = (net: string | null, reasons: string[] = []) => ({
  gross: net === null ? null : "100",
  withheld: net === null ? null : "15",
  fee: "0",
  net,
  count: 1,
  reasons,
});
const group = (key: string, label: string) => ({ key, label, amounts: amounts("85") });
const INCOME: IncomeOut = {
  currency: "USD",
  as_of: "2026-03-05",
  from_date: "2025-03-06",
  to_date: "2026-03-05",
  total: amounts("85"),
  kinds: [group("dividend", "Dividends")],
  months: [group("2025-09", "2025-09")],
  years: [group("2025", "2025")],
  instruments: [group(AAPL.id, "AAPL")],
  accounts: [group(ACCOUNT.id, ACCOUNT.name)],
  payments: [
    {
      transaction_id: PURCHASE.id,
      account_id: ACCOUNT.id,
      instrument_id: AAPL.id,
      symbol: "AAPL",
      kind: "dividend",
      classification: null,
      paid_on: "2025-09-20",
      ex_date: "2025-09-10",
      currency: "USD",
      gross: "100",
      withheld: "15",
      fee: "0",
      net: "85",
      net_in_base: "85",
      reason: null,
      holding_test: {
        units_enough: "80",
        units_not_yet: "20",
        units_too_short: "0",
        enough_on: "2026-04-04",
        reason: null,
        lots: [],
      },
    },
  ],
  payment_count: 1,
  conventions: CONVENTIONS,
};
const item = (parts: Partial<CalendarItemOut>): CalendarItemOut => ({
  state: "estimated",
  day: "2026-06-20",
  ex_date: "2026-06-10",
  pay_date: "2026-06-20",
  account_id: ACCOUNT.id,
  instrument_id: AAPL.id,
  symbol: "AAPL",
  kind: "dividend",
  currency: "USD",
  per_unit: "0.25",
  units: "100",
  gross: "25",
  withheld: "0",
  net: "25",
  net_in_base: "25",
  reason: null,
  is_net_known: false,
  is_overdue: false,
  is_special: false,
  is_reinvested: false,
  transaction_id: null,
  event_id: null,
  holding_test: null,
  ...parts,
});
const CALENDAR: CalendarOut = {
  currency: "USD",
  as_of: "2026-03-05",
  from_date: "2025-03-06",
  to_date: "2027-03-05",
  months: [
    { month: "2025-09", paid: "85", declared: "0", estimated: "0" },
    { month: "2026-03", paid: "0", declared: "30", estimated: "0" },
    { month: "2026-06", paid: "0", declared: "0", estimated: null },
  ],
  items: [
    item({ state: "paid", day: "2025-09-20", transaction_id: PURCHASE.id, is_net_known: true }),
    item({ state: "declared", day: "2025-12-20", ex_date: "2025-12-10", is_overdue: true }),
    item({ state: "declared", day: "2026-03-25", ex_date: "2026-03-12", net_in_base: "30" }),
    item({ net_in_base: null, reason: "fx_missing:THB" }),
  ],
  item_count: 4,
  conventions: CONVENTIONS,
};
const PROJECTION: ProjectionOut = {
  currency: "USD",
  as_of: "2026-03-05",
  through_date: "2027-03-05",
  total: amounts("120"),
  declared: amounts("30"),
  estimated: amounts("90"),
  months: [],
  instruments: [],
  stopped: [AAPL.id],
  without_history_count: 0,
  is_net_known: false,
  is_any_reinvested: false,
  conventions: CONVENTIONS,
};
const YIELDS: YieldsOut = {
  currency: "USD",
  as_of: "2026-03-05",
  trailing: { ratio: "0.05", reason: null },
  forward: { ratio: "0.06", reason: null },
  on_cost: { ratio: null, reason: "cost_unknown" },
  trailing_income: "100",
  forward_income: "120",
  without_history_count: 1,
  items: [
    {
      instrument_id: AAPL.id,
      symbol: "AAPL",
      name: "Apple Inc",
      units: "100",
      currency: "USD",
      market_value: "2000",
      trailing_per_unit: "1",
      forward_per_unit: null,
      frequency: 4,
      trailing: { ratio: "0.05", reason: null },
      forward: { ratio: null, reason: "payments_stopped" },
      on_cost: { ratio: "0.1", reason: null },
      source: "events",
      is_price_stale: false,
    },
  ],
  conventions: CONVENTIONS,
};

const asked: URL[] = [];
const income = (parts: Partial<IncomeOut> = {}) =>
  http.get(api("/income"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...INCOME, ...parts });
  });
const answers = (path: string, body: object) =>
  http.get(api(path), () => HttpResponse.json(body as never));

beforeEach(() => {
  asked.length = 0;
  server.use(
    income(),
    answers("/income/calendar", CALENDAR),
    answers("/income/projection", PROJECTION),
    answers("/income/yields", YIELDS),
    answers("/income/preferences", { items: [] }),
    answers("/accounts", { items: [ACCOUNT], next_cursor: null, has_more: false, total_count: 1 }),
  );
});

const open = (at = "/") => show(() => <IncomePage />, { at, validateSearch: readSearch });

test("waiting is said, and a failure can be tried again", async () => {
  let fail: (answer: Response) => void = () => undefined;
  server.use(http.get(api("/income"), () => new Promise<Response>((resolve) => (fail = resolve))));
  const { user } = open();
  expect(await screen.findByRole("status", { name: "Loading the income" })).toBeDefined();
  await waitFor(() => {
    fail(refuse(503, { detail: "the database is away" }));
    expect(screen.getByRole("alert")).toBeDefined();
  });
  server.use(income());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect((await screen.findByTestId("received")).textContent).toContain("$85");
});

test("a failed refresh keeps the figures and marks them", async () => {
  const { queries } = open();
  await screen.findByTestId("received");
  server.use(http.get(api("/income"), () => refuse(503, { detail: "away" })));
  await queries.invalidateQueries({ queryKey: ["valuation", "income"] });
  expect(await screen.findByText(/earlier figures: the income/)).toBeDefined();
  expect(screen.getByTestId("received").textContent).toContain("$85");
});

test("nothing received, expected or held says so", async () => {
  const none = { ...PROJECTION, total: { ...amounts("0"), count: 0 }, stopped: [] };
  server.use(
    income({ payment_count: 0, payments: [] }),
    answers("/income/projection", none),
    answers("/income/yields", { ...YIELDS, items: [] }),
  );
  open();
  expect(await screen.findByText("No income yet")).toBeDefined();
});

test("the period of the address is asked; one that says little about income is not", async () => {
  const { user, router } = open("/?period=3Y");
  await screen.findByTestId("received");
  expect(asked[0]?.searchParams.get("period")).toBe("3Y");
  await user.click(screen.getByRole("radio", { name: "Max" }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ period: "Max" });
  });
});

test("states are told apart in words, and what nobody recorded leads to the inbox", async () => {
  const { user } = open();
  const month = await screen.findByRole("region", { name: "March 2026" });
  expect(within(month).getByText("Declared")).toBeDefined();
  expect(within(month).getByText("before tax")).toBeDefined();
  expect(screen.queryByRole("region", { name: "September 2025" })).toBeNull();
  const overdue = screen.getByRole("region", { name: "December 2025" });
  expect(within(overdue).getByText("Declared, not recorded")).toBeDefined();
  expect(within(overdue).getByRole("link", { name: "AAPL" }).getAttribute("href")).toBe("/actions");
  const unknown = screen.getByRole("region", { name: "June 2026" });
  expect(within(unknown).getByText(/no exchange rate within seven days for THB/)).toBeDefined();
  await user.click(screen.getByRole("radio", { name: "Both years" }));
  expect(await screen.findByRole("region", { name: "September 2025" })).toBeDefined();
});

test("months are read by arrow keys and as a table", async () => {
  const { user } = open();
  const slider = await screen.findByRole("slider", { name: "Inspect the income by month" });
  expect(slider.getAttribute("aria-valuetext")).toBe("March 2026: declared $30.00");
  await user.click(screen.getByRole("button", { name: "Show as table" }));
  const table = screen.getByRole("region", { name: "Income by month: data" });
  expect(within(table).getByText("September 2025").closest("tr")?.textContent).toContain("$85.00");
  expect(within(table).getByText("June 2026").closest("tr")?.textContent).toContain("unknown");
});

test("a yield that nobody knows says why", async () => {
  open();
  const row = (await screen.findByRole("table", { name: "Yields" })).querySelector("tbody tr");
  expect(row?.textContent).toContain("5.00%");
  expect(row?.textContent).toContain("the next payment is long overdue");
  expect(screen.getByText(/Nothing more is expected of AAPL/)).toBeDefined();
});

test("a dividend nobody classified says so, and from when its units qualify", async () => {
  open();
  expect(
    await screen.findByText(
      "Dividend, not classified · Schwab · 80 held long enough; 20 long enough on Apr 4, 2026",
    ),
  ).toBeDefined();
});

test("a preference is kept with the version one saw; a refusal is told", async () => {
  const sent: unknown[] = [];
  server.use(
    http.put(api("/income/preferences"), async ({ request }) => {
      sent.push(await request.json());
      return sent.length > 1
        ? refuse(409, { detail: "somebody else changed this preference" })
        : HttpResponse.json({ items: [] });
    }),
  );
  const { user } = open();
  const choice = await screen.findByRole("radiogroup", { name: `Income of ${ACCOUNT.name}` });
  await user.click(within(choice).getByRole("radio", { name: "Reinvest" }));
  await waitFor(() => {
    expect(sent).toEqual([
      { account_id: ACCOUNT.id, instrument_id: null, handling: "reinvest", version: null },
    ]);
  });
  await user.click(within(choice).getByRole("radio", { name: "Reinvest" }));
  expect((await screen.findByRole("alert")).textContent).toContain("somebody else changed");
});
