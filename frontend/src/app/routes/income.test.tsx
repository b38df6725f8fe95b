import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { IncomeOut } from "@/shared/api/gen/types.gen";
import { amounts, CALENDAR, INCOME, PROJECTION, YIELDS } from "@/shared/testing/income-samples";
import { keptBy } from "@/shared/testing/keeping";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { IncomePage } from "./income";

/** What a report is kept with where nothing is left out. */
const WHOLE_PART = {
  account_groups: [],
  account_tags: [],
  base_currency: null,
  instrument_ids: [],
  asset_classes: [],
  currencies: [],
  category_ids: [],
  unclassified_in: [],
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
    answers("/instruments", { items: [], next_cursor: null, has_more: false, total_count: null }),
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

test("income of a part is asked for as such, and reads as such", async () => {
  open("/?classes=bond,cash&tags=old&base=CHF");
  await screen.findByTestId("received");
  const query = asked[0]?.searchParams;
  expect(query?.getAll("asset_class")).toEqual(["bond", "cash"]);
  expect([query?.get("account_tag"), query?.get("base_currency")]).toEqual(["old", "CHF"]);
  expect(screen.getByText("Income of a part only: Bond, Cash, #old. Told in CHF.")).toBeDefined();
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

test("what the page says is kept as it was asked; what was known before is not", async () => {
  const { user } = open(`/?period=3Y&account=${ACCOUNT.id}`);
  expect(await keptBy(user, "Keep as a report")).toEqual({
    name: "Income, 3Y",
    parameters: {
      kind: "income",
      account_id: ACCOUNT.id,
      period: "3Y",
      ...WHOLE_PART,
    },
  });
});

test("a report of some accounts is of those only, in the currency of the page", async () => {
  const { user } = open("/?groups=Ours&tags=old,roth&base=CHF");
  expect((await keptBy(user, "Keep as a report")).parameters).toEqual({
    kind: "income",
    account_id: null,
    period: "1Y",
    ...WHOLE_PART,
    account_groups: ["Ours"],
    account_tags: ["old", "roth"],
    base_currency: "CHF",
  });
});

test("a report of a part is of that part, and is called so", async () => {
  const { user } = open(`/?classes=bond&instruments=${AAPL.id}&currencies=USD&groups=Ours`);
  expect(await keptBy(user, "Keep as a report")).toEqual({
    name: "Income of a part, 1Y",
    parameters: {
      kind: "income",
      account_id: null,
      period: "1Y",
      ...WHOLE_PART,
      account_groups: ["Ours"],
      instrument_ids: [AAPL.id],
      asset_classes: ["bond"],
      currencies: ["USD"],
    },
  });
});

test("the page of an earlier knowledge is no report", async () => {
  open("/?known=2026-02-01");
  await screen.findByTestId("received");
  expect(screen.queryByRole("button", { name: "Keep as a report" })).toBeNull();
});

test("interest to come has its own line, and says what it is estimated by", async () => {
  const interest = {
    ...CALENDAR.items[3],
    ...{ instrument_id: null, symbol: null, kind: "interest", basis: "last_interest" },
    ...{ units: null, per_unit: null, pay_date: null, day: "2026-06-30", ex_date: "2026-06-30" },
    ...{ net_in_base: "8", reason: null },
  };
  server.use(
    answers("/income/projection", { ...PROJECTION, interest: amounts("32") }),
    answers("/income/calendar", { ...CALENDAR, items: [interest] }),
  );
  open();
  expect((await screen.findByTestId("interest")).textContent).toBe(
    "$32.00 of it interest, estimated",
  );
  const month = await screen.findByRole("region", { name: "June 2026" });
  const line = within(month).getByRole("listitem");
  expect(line.textContent).toContain("Interest on cashEstimated");
  expect(line.textContent).toContain("last interest");
  expect(line.textContent).not.toContain("ex Jun");
});

test("which payments are shown and what income is added up by stand in the address", async () => {
  const { user, router } = open("/?payments=all&added=years");
  expect(await screen.findByRole("radio", { name: "Both years", checked: true })).toBeDefined();
  const received = await screen.findByRole("table", { name: "Income received" });
  expect(within(received).getByRole("columnheader", { name: "Year" })).toBeDefined();
  await user.click(screen.getByRole("radio", { name: "To come" }));
  await user.click(screen.getByRole("radio", { name: "Account" }));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ added: "accounts" });
  });
  expect(within(received).getByRole("columnheader", { name: "Account" })).toBeDefined();
});
