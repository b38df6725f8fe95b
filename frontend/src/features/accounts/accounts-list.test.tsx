import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { AccountIn, BulkIn, BulkOut, ScopeFiguresOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT, PERFORMANCE, WHOLE } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { AccountsList } from "./accounts-list";

const LIST = api("/accounts");
const ONE = api(`/accounts/${ACCOUNT.id}`);
const held = (...items: (typeof ACCOUNT)[]) =>
  http.get(LIST, () => HttpResponse.json(pageOf(items)));
const YEARS = api("/performance/bulk");
const told = (parts: Partial<ScopeFiguresOut> = {}): ScopeFiguresOut => ({
  currency: "USD",
  from_date: "2012-12-31",
  to_date: "2013-03-01",
  day_count: 60,
  opening_nav: "1000",
  closing_nav: "1085.5",
  net_flows: "0",
  gain: "85.5",
  time_weighted: { ...PERFORMANCE.time_weighted, ratio: "0.0855", reason: null },
  money_weighted: PERFORMANCE.money_weighted,
  conventions: PERFORMANCE.conventions,
  slice: WHOLE,
  ...parts,
});
const answer = (...items: Partial<BulkOut["items"][number]>[]): BulkOut => ({
  as_of: "2013-03-01",
  items: items.map((item, index) => ({
    index,
    ref: ACCOUNT.id,
    figures: null,
    problem: null,
    ...item,
  })),
  problem_count: 0,
  is_recomputing: false,
});
const years = (...items: Parameters<typeof answer>) =>
  http.post(YEARS, () => HttpResponse.json(answer(...items)));
beforeEach(() => {
  server.use(years({ figures: told() }));
});
const open = () => show(() => <AccountsList />).user;

test("loading, failing and having none are three different things", async () => {
  server.use(http.get(LIST, () => new Promise<never>(() => {}), { once: true }));
  open();
  expect(await screen.findByRole("status", { name: "Loading accounts" })).toBeDefined();
});

test("a failure can be tried again", async () => {
  server.use(http.get(LIST, () => refuse(503, { detail: "not now" })));
  const user = open();
  expect(await screen.findByText("not now")).toBeDefined();
  server.use(held());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No accounts yet")).toBeDefined();
});

test("an account is created once, however often the answer is lost", async () => {
  const sent: { key: string | null; body: AccountIn }[] = [];
  let items: (typeof ACCOUNT)[] = [];
  server.use(
    http.get(LIST, () => HttpResponse.json(pageOf(items))),
    http.post(LIST, async ({ request }) => {
      const body = (await request.json()) as AccountIn;
      sent.push({ key: request.headers.get("Idempotency-Key"), body });
      if (sent.length === 1) return HttpResponse.error();
      items = [{ ...ACCOUNT, name: body.name }];
      return HttpResponse.json(items[0], { status: 201 });
    }),
  );
  const user = open();
  await user.click(await screen.findByRole("button", { name: "New account" }));
  await user.type(screen.getByLabelText("Account name"), "  Savings ");
  await user.selectOptions(screen.getByLabelText("Kind"), "cash");
  await user.selectOptions(screen.getByLabelText("Tax"), "tax_free");
  await user.selectOptions(screen.getByLabelText("Currency of its totals"), "EUR");
  await user.type(screen.getByLabelText("Group (optional)"), "Anna");
  await user.type(screen.getByLabelText("Tags (optional)"), " long term,, ira ");
  await user.click(screen.getByRole("button", { name: "Create account" }));
  expect(await screen.findByText("The account was not created")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Create account" }));
  expect(await screen.findByRole("link", { name: "Savings" })).toBeDefined();
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[0]?.body).toEqual({
    name: "Savings",
    broker: "",
    base_currency: "EUR",
    kind: "cash",
    tax_treatment: "tax_free",
    group_name: "Anna",
    tags: ["long term", "ira"],
    lot_method: "fifo",
  });
});

test("a taken name and a missing one are told beside the name", async () => {
  server.use(
    held(),
    http.post(LIST, () => refuse(409, { code: "account_name_taken" }), { once: true }),
  );
  const user = open();
  await user.click(await screen.findByRole("button", { name: "New account" }));
  await user.type(screen.getByLabelText("Account name"), "Schwab");
  await user.click(screen.getByRole("button", { name: "Create account" }));
  expect(await screen.findByText("There is an account of that name")).toBeDefined();
  expect(screen.queryByText("The account was not created")).toBeNull();
  server.use(
    http.post(LIST, () =>
      refuse(422, { errors: [{ pointer: "/body/name", detail: "too short" }] }),
    ),
  );
  await user.clear(screen.getByLabelText("Account name"));
  await user.click(screen.getByRole("button", { name: "Create account" }));
  expect(await screen.findByText("Enter a name, at most 120 characters")).toBeDefined();
});

test("an account's settings have a page of their own", async () => {
  server.use(held(ACCOUNT));
  open();
  const link = await screen.findByRole("link", { name: "Settings of Schwab" });
  expect(link.getAttribute("href")).toBe(`/accounts/${ACCOUNT.id}`);
});

test("removing asks first and says why it cannot be", async () => {
  server.use(
    held(ACCOUNT),
    http.delete(ONE, () =>
      refuse(409, { code: "account_not_empty", detail: "the account has records" }),
    ),
  );
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Remove Schwab" }));
  await user.click(screen.getByRole("button", { name: "Remove it" }));
  expect(await screen.findByText("the account has records")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Keep it" }));
  expect(screen.queryByText("the account has records")).toBeNull();
});

test("a transaction can be added from its account", async () => {
  server.use(held(ACCOUNT));
  open();
  const link = await screen.findByRole("link", { name: "Add a transaction to Schwab" });
  expect(link.getAttribute("href")).toBe(`/transactions/new?account=${ACCOUNT.id}`);
});

test("every account has its value and its return of this year, asked for at once", async () => {
  const other = { ...ACCOUNT, id: "0190a000-0000-7000-8000-00000000000b", name: "Pension" };
  const asked: BulkIn[] = [];
  server.use(
    held(ACCOUNT, other),
    http.post(YEARS, async ({ request }) => {
      asked.push((await request.json()) as BulkIn);
      const unknown = { ...PERFORMANCE.time_weighted, ratio: null, reason: "value_unknown" };
      return HttpResponse.json(
        answer(
          { figures: told() },
          { ref: other.id, figures: told({ closing_nav: null, time_weighted: unknown }) },
        ),
      );
    }),
  );
  open();
  expect(await screen.findByText("+8.55%")).toBeDefined();
  expect(screen.getByText("$1,085.50")).toBeDefined();
  const why = "unknown: the value on a day of this span is not known";
  expect(screen.getAllByText(why)).toHaveLength(2);
  expect(asked.map((body) => body.scopes)).toEqual([
    [
      { ref: ACCOUNT.id, account_ids: [ACCOUNT.id], period: "YTD" },
      { ref: other.id, account_ids: [other.id], period: "YTD" },
    ],
  ]);
});

test("an account nothing can be told of says why, and a failure can be tried again", async () => {
  server.use(
    held(ACCOUNT),
    http.post(YEARS, () => refuse(503, { detail: "the database is away" })),
  );
  const user = open();
  expect(await screen.findByText("This year’s returns could not be loaded")).toBeDefined();
  // the list itself stands
  expect(screen.getByRole("link", { name: "Schwab" })).toBeDefined();
  server.use(years({ problem: { code: "not_found", detail: "no such account", params: {} } }));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("unknown: no such account")).toBeDefined();
});

test("what is waited for says so", async () => {
  server.use(
    held(ACCOUNT),
    http.post(YEARS, () => new Promise<never>(() => undefined)),
  );
  open();
  expect(await screen.findByText("Loading this year")).toBeDefined();
});
