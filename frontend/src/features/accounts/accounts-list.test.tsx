import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { AccountIn } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { AccountsList } from "./accounts-list";

const LIST = api("/accounts");
const ONE = api(`/accounts/${ACCOUNT.id}`);
const held = (...items: (typeof ACCOUNT)[]) =>
  http.get(LIST, () => HttpResponse.json(pageOf(items)));
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
