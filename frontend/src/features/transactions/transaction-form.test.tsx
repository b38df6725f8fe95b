import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { TransactionIn, TransactionOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL, ACCOUNT, PURCHASE } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { TransactionForm } from "./transaction-form";

type Posted = { key: string | null; body: TransactionIn };

/** Answers each post in turn, the last answer for ever, and keeps what was posted. */
function answers(...replies: (() => Response)[]): Posted[] {
  const posted: Posted[] = [];
  server.use(
    http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))),
    http.post(api("/transactions"), async ({ request }) => {
      const body = (await request.json()) as TransactionIn;
      posted.push({ key: request.headers.get("Idempotency-Key"), body });
      const reply = replies[Math.min(posted.length, replies.length) - 1];
      return reply ? reply() : HttpResponse.error();
    }),
  );
  return posted;
}

const { original: _, ...RECORDED } = PURCHASE;
const created =
  (parts: Partial<TransactionOut> = {}) =>
  () =>
    HttpResponse.json({ ...RECORDED, ...parts }, { status: 201 });
const lost = () => HttpResponse.error();

async function open(instrument = true) {
  const shown = show(() => (
    <TransactionForm accounts={[ACCOUNT]} {...(instrument ? { instrument: AAPL } : {})} />
  ));
  await screen.findByRole("form", { name: "New transaction" });
  return shown.user;
}

type User = Awaited<ReturnType<typeof open>>;
const field = (name: string) => screen.getByLabelText(name);
const record = () => screen.getByRole("button", { name: "Record it" });

async function fillPurchase(user: User) {
  await user.clear(field("Date"));
  await user.type(field("Date"), "2013-01-10");
  await user.type(field("Units"), "10");
  await user.type(field("Price per unit"), "100");
  await user.type(field("Fee (optional)"), "1");
}

test("the kind decides what is asked", async () => {
  answers(created());
  const user = await open();
  expect(screen.queryByLabelText("Units")).not.toBeNull();
  await user.selectOptions(field("Kind"), "deposit");
  expect(screen.queryByLabelText("Units")).toBeNull();
  expect(screen.queryByLabelText("Instrument")).toBeNull();
  expect(field("Amount")).toBeDefined();
  await user.selectOptions(field("Kind"), "split");
  expect(field("New units")).toBeDefined();
  expect(screen.queryByLabelText("Currency")).toBeNull();
});

test("a purchase is posted as the ledger signs it, and the form is ready for the next", async () => {
  const posted = answers(created());
  const user = await open();
  await fillPurchase(user);
  // 10 x 100 paid, and 1 of fee
  expect(screen.getByRole("status", { name: "Cash changes by" }).textContent).toBe("−$1,001.00");
  await user.click(record());
  expect(await screen.findByText(/Recorded/)).toBeDefined();
  expect(screen.getByText("Buy AAPL", { exact: false }).textContent).toContain("−$1,001.00");
  expect(posted[0]?.body).toMatchObject({
    account_id: ACCOUNT.id,
    kind: "buy",
    trade_date: "2013-01-10",
    instrument_id: AAPL.id,
    quantity: "10",
    price: "100",
    gross: { amount: "-1000", currency: "USD", rate: "1" },
    fee: { amount: "1", currency: "USD", rate: "1" },
  });
  expect(field("Units")).toHaveProperty("value", "");
  expect(field("Date")).toHaveProperty("value", "2013-01-10");
});

test("an instrument is found by typing and brings its currency", async () => {
  const posted = answers(created());
  const asked: (string | null)[] = [];
  server.use(
    http.get(api("/instruments"), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("query"));
      return HttpResponse.json(pageOf([{ ...AAPL, currency: "EUR" }]));
    }),
  );
  const user = await open(false);
  await user.type(screen.getByRole("combobox", { name: "Instrument" }), "app");
  await waitFor(() => {
    expect(asked).toContain("app");
  });
  await user.click(await screen.findByRole("option", { name: "AAPL Apple Inc EUR" }));
  expect(field("Currency")).toHaveProperty("value", "EUR");
  await fillPurchase(user);
  await user.click(record());
  await screen.findByText(/Recorded/);
  expect(posted[0]?.body.instrument_id).toBe(AAPL.id);
});

test("what cannot be read is said beside the field, focused, and not sent", async () => {
  const posted = answers(created());
  const user = await open();
  await user.type(field("Units"), "ten");
  await user.click(record());
  const units = field("Units");
  expect(units.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(units);
  expect(screen.getByText("Write a number such as 1234.50")).toBeDefined();
  expect(posted).toHaveLength(0);
  await user.clear(units);
  await user.type(units, "1");
  expect(field("Units").getAttribute("aria-invalid")).toBeNull();
});

test("the server's refusals stand beside their fields", async () => {
  answers(() =>
    refuse(422, {
      code: "invalid_fields",
      detail: "a buy needs an instrument; lies in the future",
      errors: [
        { pointer: "/body/instrument_id", detail: "a buy needs an instrument" },
        { pointer: "/body/trade_date", detail: "lies in the future" },
      ],
    }),
  );
  const user = await open(false);
  await fillPurchase(user);
  await user.click(record());
  expect(await screen.findByText("A buy needs an instrument")).toBeDefined();
  expect(screen.getByText("Lies in the future")).toBeDefined();
  expect(field("Date").getAttribute("aria-invalid")).toBe("true");
  // what was typed is still there
  expect(field("Units")).toHaveProperty("value", "10");
});

test("a refusal of no field is told above the form", async () => {
  answers(() => refuse(404, { code: "not_found", detail: "no such account" }));
  const user = await open();
  await fillPurchase(user);
  await user.click(record());
  expect(within(await screen.findByRole("alert")).getByText("no such account")).toBeDefined();
});

test("the same content tried again has the same key, changed content another", async () => {
  const posted = answers(lost, lost, () => refuse(503), created(), created());
  const user = await open();
  await fillPurchase(user);
  const press = async (times: number) => {
    await waitFor(() => {
      expect(record()).toHaveProperty("disabled", false);
    });
    await user.click(record());
    await waitFor(() => {
      expect(posted).toHaveLength(times);
    });
  };
  await press(1);
  await screen.findByText("It was not recorded");
  await press(2);
  expect(posted[1]?.key).toBe(posted[0]?.key);
  await user.type(field("Units"), "0");
  await press(3);
  expect(posted[2]?.key).not.toBe(posted[0]?.key);
  await press(4);
  expect(posted[3]?.key).toBe(posted[2]?.key);
  await screen.findByText(/Recorded/);
  // the same purchase twice on purpose is two purchases
  await user.type(field("Units"), "100");
  await user.type(field("Price per unit"), "100");
  await user.type(field("Fee (optional)"), "1");
  await press(5);
  expect(posted[4]?.body).toEqual(posted[3]?.body);
  expect(posted[4]?.key).not.toBe(posted[3]?.key);
});

test("lists and figures are asked for again", async () => {
  answers(created());
  const { user, queries } = show(() => <TransactionForm accounts={[ACCOUNT]} instrument={AAPL} />);
  await screen.findByRole("form", { name: "New transaction" });
  for (const key of ["valuation", "transactions"]) queries.setQueryData([key, "x"], 1);
  await fillPurchase(user);
  await user.click(record());
  await screen.findByText(/Recorded/);
  await waitFor(() => {
    expect(queries.getQueryState(["valuation", "x"])?.isInvalidated).toBe(true);
  });
  expect(queries.getQueryState(["transactions", "x"])?.isInvalidated).toBe(true);
});
