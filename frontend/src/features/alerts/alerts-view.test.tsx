import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { AlertOut, AlertRuleOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { AlertsView } from "./alerts-view";
import { Bell } from "./bell";

const RULE: AlertRuleOut = {
  id: "0190a000-0000-7000-8000-0000000000a1",
  kind: "price",
  instrument_id: AAPL.id,
  symbol: "AAPL",
  instrument_name: "Apple Inc",
  account_id: null,
  account_name: null,
  direction: "above",
  threshold: "120.5",
  currency: "USD",
  window_days: null,
  cool_down_minutes: 60,
  is_enabled: true,
  snoozed_until: null,
  side: "waiting",
  seen_at: null,
  fired_at: null,
  fired_count: 0,
  version: 3,
  created_at: "2026-03-05T12:00:00Z",
};

const ALERT: AlertOut = {
  id: "0190a000-0000-7000-8000-0000000000b1",
  rule_id: RULE.id,
  kind: "price",
  instrument_id: AAPL.id,
  symbol: "AAPL",
  instrument_name: "Apple Inc",
  account_id: null,
  account_name: null,
  direction: "above",
  threshold: "120.5",
  window_days: null,
  value: "121",
  currency: "USD",
  as_of: "2026-03-05T15:30:00Z",
  source: "tiingo",
  on_date: null,
  subject: null,
  subject_id: null,
  fired_at: "2026-03-05T15:30:05Z",
  read_at: null,
  dismissed_at: null,
};

const given: { rules: AlertRuleOut[]; alerts: AlertOut[] } = { rules: [], alerts: [] };
const sent: unknown[] = [];

const keep = async (request: Request) => {
  const body: unknown = await request.json();
  sent.push(body);
};

beforeEach(() => {
  given.rules = [RULE];
  given.alerts = [ALERT];
  sent.length = 0;
  server.use(
    http.get(api("/accounts"), () => HttpResponse.json(pageOf([ACCOUNT]))),
    http.get(api("/alerts/rules"), () => HttpResponse.json({ items: given.rules })),
    http.get(api("/alerts/unread"), () =>
      HttpResponse.json({ unread_count: given.alerts.filter((one) => !one.read_at).length }),
    ),
    http.get(api("/alerts"), () =>
      HttpResponse.json({ ...pageOf(given.alerts), unread_count: given.alerts.length }),
    ),
  );
});

const open = (canChange = true) =>
  show(() => (
    <>
      <Bell />
      <AlertsView
        canChange={canChange}
        instrument={AAPL}
        pick={({ value, error }) => (
          <p>
            {value?.symbol} {error}
          </p>
        )}
      />
    </>
  ));

test("rules and what they told stand in sentences, with what was seen", async () => {
  open();
  const rules = await screen.findByRole("list", { name: "Rules" });
  expect(within(rules).getByText("AAPL rises to $120.50 or more")).toBeTruthy();
  expect(within(rules).getByText(/Waiting for it · told nothing yet/)).toBeTruthy();
  const told = await screen.findByRole("list", { name: "Alerts" });
  expect(within(told).getByText("AAPL rose to $121.00")).toBeTruthy();
  expect(within(told).getByText(/tiingo/i)).toBeTruthy();
  await screen.findByRole("link", { name: "Alerts on the bell, 1 unread" });
});

test.each<[Partial<AlertOut>, string]>([
  [
    { kind: "price_change", direction: "below", value: "-0.0512", window_days: 1 },
    "AAPL fell by 5.12% within a day",
  ],
  [
    { kind: "nav_change", symbol: null, instrument_id: null, value: "0.1", window_days: 30 },
    "The portfolio rose by 10.00% within 30 days",
  ],
  [{ kind: "dividend", value: "0.25" }, "AAPL declared a dividend of $0.25 a unit"],
  [{ kind: "stale_price", on_date: null }, "AAPL has never had a price"],
  [{ kind: "import_failed", subject: "a.csv" }, "a.csv could not be read"],
  [
    { kind: "ledger_break", account_name: "Schwab", value: "2" },
    "The ledger of Schwab differs from its records in 2 rows",
  ],
])("%o is told as: %s", async (parts, text) => {
  given.alerts = [{ ...ALERT, ...parts }];
  open();
  await screen.findByText(text);
});

test("a fall in percent is sent as a ratio below zero", async () => {
  server.use(
    http.post(api("/alerts/rules"), async ({ request }) => {
      await keep(request);
      return HttpResponse.json({ ...RULE, side: "past" }, { status: 201 });
    }),
  );
  const { user } = open();
  await user.selectOptions(await screen.findByLabelText("Tell me when"), "price_change");
  await user.selectOptions(screen.getByLabelText("Which way"), "below");
  await user.type(screen.getByLabelText("Percent"), "2.5");
  await user.clear(screen.getByLabelText("Within how many days"));
  await user.type(screen.getByLabelText("Within how many days"), "7");
  await user.click(screen.getByRole("button", { name: "Make the rule" }));
  await screen.findByText(/tells the next time it gets there/);
  expect(sent).toEqual([
    {
      kind: "price_change",
      instrument_id: AAPL.id,
      account_id: null,
      direction: "below",
      threshold: "-0.025",
      window_days: 7,
      cool_down_minutes: 60,
    },
  ]);
});

test("what is not a number is said where it stands, and nothing is sent", async () => {
  const { user } = open();
  await user.type(await screen.findByLabelText("How far, USD"), "12,5");
  expect(screen.getByText("A plain number, such as 120.50")).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Make the rule" }).disabled).toBe(
    true,
  );
});

test("a refusal is shown at its field", async () => {
  server.use(
    http.post(api("/alerts/rules"), () =>
      refuse(422, {
        code: "invalid_fields",
        errors: [{ pointer: "/body/threshold", detail: "a price is above zero" }],
      }),
    ),
  );
  const { user } = open();
  await user.type(await screen.findByLabelText("How far, USD"), "0");
  await user.click(screen.getByRole("button", { name: "Make the rule" }));
  await screen.findByText("a price is above zero");
});

test("an alert is put away, a rule sleeps, is switched off and removed by the version seen", async () => {
  server.use(
    http.post(api(`/alerts/${ALERT.id}/dismiss`), () => {
      given.alerts = [];
      return HttpResponse.json({ ...ALERT, dismissed_at: ALERT.fired_at });
    }),
    http.post(api(`/alerts/rules/${RULE.id}/snooze`), async ({ request }) => {
      await keep(request);
      return HttpResponse.json(RULE);
    }),
    http.patch(api(`/alerts/rules/${RULE.id}`), async ({ request }) => {
      await keep(request);
      return HttpResponse.json(RULE);
    }),
    http.delete(api(`/alerts/rules/${RULE.id}`), ({ request }) => {
      sent.push(new URL(request.url).search);
      given.rules = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Put away" }));
  await screen.findByText("Nothing is open");
  await user.click(screen.getByRole("button", { name: "Snooze" }));
  await user.click(await screen.findByRole("menuitem", { name: "For a week" }));
  await screen.findByText("Nothing for one week");
  await user.click(screen.getByRole("button", { name: "On" }));
  await screen.findByText("The rule is off");
  await user.click(screen.getByRole("button", { name: "Remove: AAPL" }));
  await user.click(await screen.findByRole("button", { name: "Remove it" }));
  await screen.findByText("No rules yet");
  const kept = { direction: "above", threshold: "120.5", window_days: null, cool_down_minutes: 60 };
  expect(sent).toEqual([
    { snooze: "week" },
    { version: 3, ...kept, is_enabled: false },
    "?version=3",
  ]);
});

test("what could not be loaded says so and can be tried again; it never looks empty", async () => {
  server.use(
    http.get(api("/alerts/rules"), () => refuse(503)),
    http.get(api("/alerts"), () => refuse(503)),
  );
  open();
  await waitFor(() => {
    expect(screen.getAllByText("This could not be loaded")).toHaveLength(2);
  });
  expect(screen.queryByText("No rules yet")).toBeNull();
});

test("who may only look finds no way to change anything", async () => {
  open(false);
  await screen.findByRole("list", { name: "Rules" });
  await screen.findByRole("list", { name: "Alerts" });
  expect(screen.queryByRole("button", { name: /Put away|Snooze|Remove|Make|Mark/ })).toBeNull();
});
