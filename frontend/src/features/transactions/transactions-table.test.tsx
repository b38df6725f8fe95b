import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { TransactionOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { PURCHASE } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { TransactionsTable } from "./transactions-table";

const { original: _, ...BUY } = PURCHASE;
const DIVIDEND: TransactionOut = {
  ...BUY,
  id: "0190a000-0000-7000-8000-0000000000b2",
  kind: "dividend",
  sub_kind: "qualified",
  quantity: null,
  price: null,
  net_amount: "5.5",
  review_reasons: ["units_unknown"],
};
const LIST = api("/transactions");
const ONE = api(`/transactions/${BUY.id}`);
const REVERSE = api(`/transactions/${BUY.id}/reverse`);

const table = () =>
  show(() => <TransactionsTable filter={{}} empty={{ title: "Nothing", body: <p>at all</p> }} />);

test("waiting is said", async () => {
  server.use(http.get(LIST, () => new Promise<never>(() => {})));
  table();
  expect(await screen.findByRole("status", { name: "Loading transactions" })).toBeDefined();
});

test("a failure is a failure, not an empty list, and can be tried again", async () => {
  server.use(http.get(LIST, () => refuse(503, { detail: "the database does not answer" })));
  const { user } = table();
  expect(await screen.findByText("the database does not answer")).toBeDefined();
  expect(screen.queryByText("Nothing")).toBeNull();
  server.use(http.get(LIST, () => HttpResponse.json(pageOf([BUY]))));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("button", { name: "Buy AAPL" })).toBeDefined();
});

test("an empty list says what the page wants said", async () => {
  server.use(http.get(LIST, () => HttpResponse.json(pageOf([]))));
  table();
  expect(await screen.findByRole("heading", { name: "Nothing" })).toBeDefined();
});

test("records show signs, kinds and what wants a look", async () => {
  server.use(http.get(LIST, () => HttpResponse.json(pageOf([BUY, DIVIDEND]))));
  table();
  const what = await screen.findByRole("button", { name: "Dividend AAPL, qualified" });
  const [, bought] = screen.getAllByRole("row");
  expect(bought?.textContent).toContain("−$1,001.00");
  const row = what.closest("tr");
  expect(row?.textContent).toContain("+$5.50");
  expect(screen.getByTitle("the instrument or the number of units is not stated")).toBeDefined();
});

test("earlier records come by the cursor; a failure keeps what is there", async () => {
  const cursors: (string | null)[] = [];
  server.use(
    http.get(LIST, ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor");
      cursors.push(cursor);
      if (cursor === null) return HttpResponse.json(pageOf([BUY], "next-1"));
      return cursors.length === 2
        ? refuse(503, { detail: "not now" })
        : HttpResponse.json(pageOf([DIVIDEND]));
    }),
  );
  const { user } = table();
  await user.click(await screen.findByRole("button", { name: "Show earlier transactions" }));
  expect(await screen.findByText("not now")).toBeDefined();
  expect(screen.getByRole("button", { name: "Buy AAPL" })).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Show earlier transactions" }));
  expect(await screen.findByRole("button", { name: /^Dividend/ })).toBeDefined();
  expect(cursors).toEqual([null, "next-1", "next-1"]);
  expect(screen.queryByRole("button", { name: "Show earlier transactions" })).toBeNull();
});

test("a record opens to the broker's own row, without its empty cells", async () => {
  server.use(
    http.get(LIST, () => HttpResponse.json(pageOf([BUY]))),
    http.get(ONE, () => HttpResponse.json(PURCHASE)),
  );
  const { user } = table();
  const what = await screen.findByRole("button", { name: "Buy AAPL" });
  expect(what.getAttribute("aria-expanded")).toBe("false");
  await user.click(what);
  expect(await screen.findByText("Fees & Comm")).toBeDefined();
  expect(screen.getByText(/from row 4 of a file/)).toBeDefined();
  expect(screen.queryByText("Empty")).toBeNull();
  expect(what.getAttribute("aria-expanded")).toBe("true");
});

test("taking back asks first, keeps its name when tried again, and says that it happened", async () => {
  const keys: (string | null)[] = [];
  let items = [BUY, DIVIDEND];
  server.use(
    http.get(LIST, () => HttpResponse.json(pageOf(items))),
    http.get(ONE, () => HttpResponse.json(PURCHASE)),
    http.post(REVERSE, ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      if (keys.length === 1) return HttpResponse.error();
      items = [DIVIDEND];
      return HttpResponse.json({ ...BUY, is_reversed: true }, { status: 201 });
    }),
  );
  const { user } = table();
  await user.click(await screen.findByRole("button", { name: "Buy AAPL" }));
  await user.click(await screen.findByRole("button", { name: "Take this record back…" }));
  expect(keys).toHaveLength(0);
  const confirm = screen.getByRole("button", { name: "Take it back" });
  expect(document.activeElement).toBe(confirm);
  await user.click(confirm);
  expect(await screen.findByText("It was not taken back")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Take it back" }));
  expect(await screen.findByText(/^Taken back/)).toBeDefined();
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Buy AAPL" })).toBeNull();
  });
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBe(keys[0]);
});

test("keeping it posts nothing; what was taken back cannot be taken back again", async () => {
  server.use(
    http.get(LIST, () => HttpResponse.json(pageOf([BUY]))),
    http.get(ONE, () => HttpResponse.json(PURCHASE)),
  );
  const { user } = table();
  const what = await screen.findByRole("button", { name: "Buy AAPL" });
  await user.click(what);
  await user.click(await screen.findByRole("button", { name: "Take this record back…" }));
  await user.click(screen.getByRole("button", { name: "Keep it" }));
  expect(screen.getByRole("button", { name: "Take this record back…" })).toBeDefined();
  await user.click(what);
  server.use(http.get(ONE, () => HttpResponse.json({ ...PURCHASE, is_reversed: true })));
  await user.click(what);
  expect(await screen.findByText("This record was taken back.")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Take this record back…" })).toBeNull();
});
