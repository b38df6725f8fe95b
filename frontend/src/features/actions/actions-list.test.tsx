import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { ActionOut, InstrumentOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { LINE, PREVIEW, SPLIT } from "@/shared/testing/action-samples";
import { AAPL, ACCOUNT } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { ActionForm } from "./action-form";
import { ActionsList } from "./actions-list";
import type { InstrumentFieldProps } from "./instrument-choice";

function Field({ label, error, onChange }: InstrumentFieldProps) {
  const chosen: InstrumentOut = AAPL;
  return (
    <div>
      <button
        type="button"
        onClick={() => {
          onChange(chosen);
        }}
      >
        Choose {label}
      </button>
      {error}
    </div>
  );
}

const edit = (action: ActionOut, onDone: () => void) => (
  <ActionForm action={action} InstrumentField={Field} onDone={onDone} />
);

function open(answer: () => Response) {
  server.use(http.get(api("/corporate-actions"), answer));
  return show(() => (
    <ActionsList filter={{ state: "pending" }} onState={() => undefined} renderEdit={edit} />
  ));
}

const respond = (...actions: ActionOut[]) => HttpResponse.json(pageOf(actions));

test("an event is told in plain words with what it means for each account", async () => {
  open(() => respond(SPLIT));
  expect(await screen.findByRole("heading", { name: "NVDA split 10 for 1" })).toBeDefined();
  expect(screen.getByText("on Jun 10, 2024")).toBeDefined();
  expect(screen.getByText(/your 12 units in Broker become 120/)).toBeDefined();
});

test("cash that comes, cash that is owed, and warnings are said", async () => {
  const dividend: ActionOut = {
    ...SPLIT,
    kind: "cash_dividend",
    cash_amount: "0.2375",
    currency: "USD",
    accounts: [
      {
        ...LINE,
        units_after: null,
        cash_amount: "2.85",
        currency: "USD",
        warnings: ["pay_date_unknown"],
      },
      {
        ...LINE,
        account_id: "b",
        account_name: "Short",
        units: "-4",
        units_after: null,
        cash_amount: "-0.95",
        currency: "USD",
      },
    ],
  };
  open(() => respond(dividend));
  expect(await screen.findByText("NVDA dividend, $0.2375 a unit")).toBeDefined();
  const list = screen.getByTestId("actions");
  expect(list.textContent).toContain("your 12 units in Broker bring $2.85");
  expect(list.textContent).toContain("the 4 units owed by Short cost $0.95");
  expect(list.textContent).toContain("The day of payment is not known");
});

test("nothing is applied before it was looked at; then it is, once, and the list is asked again", async () => {
  let isApplied = false;
  const keys: (string | null)[] = [];
  server.use(
    http.post(api(`/corporate-actions/${SPLIT.id}/preview`), () => HttpResponse.json(PREVIEW)),
    http.post(api(`/corporate-actions/${SPLIT.id}/apply`), async ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      expect(await request.json()).toEqual({ accounts: [{ account_id: ACCOUNT.id }] });
      isApplied = true;
      return HttpResponse.json(SPLIT);
    }),
  );
  const { user } = open(() => (isApplied ? respond() : respond(SPLIT)));
  await user.click(await screen.findByRole("button", { name: "Preview" }));
  const table = await screen.findByTestId("preview");
  expect(within(table).getByText("120")).toBeDefined();
  const panel = screen.getByRole("region", { name: "Preview of NVDA" });
  expect(panel.textContent).toContain("Split NVDA, × 10");
  expect(panel.textContent).toContain("−$400.00 before, +$100.00 after");
  await user.click(screen.getByRole("button", { name: "Apply to Broker" }));
  expect(await screen.findByText("Nothing to decide")).toBeDefined();
  expect(keys).toHaveLength(1);
  expect(keys[0]).toBeTruthy();
});

test("a refusal is shown and leaves the event where it is", async () => {
  server.use(
    http.post(api(`/corporate-actions/${SPLIT.id}/dismiss`), () =>
      refuse(409, { code: "action_not_pending", detail: "in Broker it is recorded" }),
    ),
  );
  const { user } = open(() => respond(SPLIT));
  await user.click(await screen.findByRole("button", { name: "Dismiss" }));
  expect(await screen.findByText("in Broker it is recorded")).toBeDefined();
  expect(screen.getByRole("button", { name: "Dismiss" })).toBeDefined();
});

test("what is applied can be reversed and its terms cannot be changed", async () => {
  open(() =>
    respond({ ...SPLIT, accounts: [{ ...LINE, state: "applied", transaction_ids: ["t"] }] }),
  );
  expect(await screen.findByRole("button", { name: "Reverse" })).toBeDefined();
  expect(screen.getByRole("link", { name: "Show the records" })).toBeDefined();
  expect(screen.queryByRole("button", { name: "Edit terms" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Preview" })).toBeNull();
});

test("other terms are sent with what the kind has, and what is refused stands beside its field", async () => {
  const sent: unknown[] = [];
  server.use(
    http.put(api(`/corporate-actions/${SPLIT.id}`), async ({ request }) => {
      sent.push(await request.json());
      return refuse(422, {
        errors: [{ pointer: "/body/new_units", detail: "a forward split gives more units" }],
      });
    }),
  );
  const { user } = open(() => respond(SPLIT));
  await user.click(await screen.findByRole("button", { name: "Edit terms" }));
  const units = screen.getByLabelText("New units");
  await user.clear(units);
  await user.type(units, "1");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("a forward split gives more units")).toBeDefined();
  expect(sent).toEqual([
    expect.objectContaining({
      kind: "forward_split",
      instrument_id: AAPL.id,
      ex_date: "2024-06-10",
      old_units: "1",
      new_units: "1",
      cash_amount: null,
      currency: null,
      version: null,
    }),
  ]);
});

test("an event of one's own needs an instrument and is posted", async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(api("/corporate-actions"), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(SPLIT, { status: 201 });
    }),
  );
  const { user } = show(() => <ActionForm InstrumentField={Field} onDone={() => undefined} />);
  await user.selectOptions(await screen.findByLabelText("What happens"), "worthless");
  await user.type(screen.getByLabelText("Takes effect"), "2024-06-10");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByText("choose an instrument")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Choose Instrument" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("button", { name: "Save" });
  expect(sent).toEqual([
    expect.objectContaining({ kind: "worthless", instrument_id: AAPL.id, ex_date: "2024-06-10" }),
  ]);
  expect(sent[0]).not.toHaveProperty("version");
});

test("a failure can be tried again", async () => {
  let isDown = true;
  const { user } = open(() => (isDown ? refuse(503) : respond()));
  const retry = await screen.findByRole("button", { name: "Try again" }, { timeout: 4000 });
  isDown = false;
  await user.click(retry);
  expect(await screen.findByText("Nothing to decide")).toBeDefined();
});

test("a dividend that is to be reinvested asks for the price, and sends it", async () => {
  const sent: unknown[] = [];
  const dividend: ActionOut = {
    ...SPLIT,
    kind: "cash_dividend",
    accounts: [{ ...LINE, units_after: null, cash_amount: "3", income_handling: "reinvest" }],
  };
  server.use(
    http.post(api(`/corporate-actions/${SPLIT.id}/preview`), () => HttpResponse.json(PREVIEW)),
    http.post(api(`/corporate-actions/${SPLIT.id}/apply`), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(dividend);
    }),
  );
  const { user } = open(() =>
    HttpResponse.json({
      items: [dividend],
      next_cursor: null,
      has_more: false,
      total_count: null,
    }),
  );
  await user.click(await screen.findByRole("button", { name: /Preview/ }));
  await user.type(await screen.findByLabelText("Price it was reinvested at in Broker"), "20");
  await user.click(screen.getByRole("button", { name: "Apply to Broker" }));
  await waitFor(() => {
    expect(sent).toEqual([{ accounts: [{ account_id: ACCOUNT.id, reinvest_price: "20" }] }]);
  });
});
