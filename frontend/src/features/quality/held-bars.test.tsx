import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { HeldBarOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { HeldBars } from "./held-bars";

const HELD: HeldBarOut = {
  id: "0190a000-0000-7000-8000-0000000000b1",
  instrument_id: AAPL.id,
  symbol: "AAPL",
  source: "tiingo",
  day: "2026-03-04",
  reason: "minor_unit_mix",
  detail: "100 times the close of 2026-03-03, and no split says why",
  bar_count: 1,
  open: null,
  high: null,
  low: null,
  close: "1100",
  volume: null,
  currency: "USD",
  state: "open",
  first_seen: "2026-03-05",
  last_seen: "2026-03-05",
  decided_by: null,
  decided_at: null,
  decision_note: null,
};
const LIST = api("/operations/quarantine");

test("a price held back says why, and is stored with a reason", async () => {
  let decided: unknown;
  let items: HeldBarOut[] = [HELD];
  server.use(
    http.get(LIST, ({ request }) => {
      expect(new URL(request.url).searchParams.get("state")).toBe("open");
      return HttpResponse.json(pageOf(items));
    }),
    http.post(`${LIST}/${HELD.id}/decide`, async ({ request }) => {
      decided = await request.json();
      expect(request.headers.get("Idempotency-Key")).toBeTruthy();
      items = [];
      return HttpResponse.json({ ...HELD, state: "accepted" });
    }),
  );
  const { user } = show(() => <HeldBars state="open" canDecide />);

  expect(await screen.findByText("Hundred times off")).toBeDefined();
  expect(screen.getByText("1100")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Store it" }));
  expect((await screen.findByRole("alert")).textContent).toContain("say why");
  expect(decided).toBeUndefined();
  await user.type(screen.getByLabelText(/Reason/), "a reverse split");
  await user.click(screen.getByRole("button", { name: "Store it" }));
  expect(await screen.findByText("Nothing held back")).toBeDefined();
  expect(decided).toEqual({ decision: "accepted", reason: "a reverse split" });
});

test("one is rejected; a refusal leaves it where it is and is told", async () => {
  server.use(
    http.get(LIST, () => HttpResponse.json(pageOf([HELD]))),
    http.post(`${LIST}/${HELD.id}/decide`, async ({ request }) => {
      expect(await request.json()).toEqual({ decision: "rejected", reason: "a typo" });
      return refuse(409, { detail: "it was decided meanwhile" });
    }),
  );
  const { user } = show(() => <HeldBars state="open" canDecide />);
  await user.type(await screen.findByLabelText(/Reason/), "a typo");
  await user.click(screen.getByRole("button", { name: "Reject it" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Nothing was decided");
});

test("what was refused together says how much, and nobody decides of it", async () => {
  const many: HeldBarOut = {
    ...HELD,
    state: "rejected",
    bar_count: 240,
    close: null,
    decided_at: "2026-03-05T12:00:00Z",
    decision_note: "refused by rule",
  };
  server.use(http.get(LIST, () => HttpResponse.json(pageOf([many]))));
  show(() => <HeldBars state={undefined} canDecide />);
  expect(await screen.findByText(/240 days from/)).toBeDefined();
  expect(screen.getByText(/refused by rule/)).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});

test("who may only look has no buttons; loading and a refusal are told", async () => {
  server.use(http.get(LIST, () => HttpResponse.json(pageOf([HELD]))));
  show(() => <HeldBars state="open" canDecide={false} />);
  expect(await screen.findByRole("status", { name: "Loading what was held back" })).toBeDefined();
  expect(await screen.findByText("Hundred times off")).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});

test("a refusal can be tried again", async () => {
  server.use(http.get(LIST, () => refuse(503, {})));
  show(() => <HeldBars state="open" canDecide />);
  expect(await screen.findByRole("button", { name: /again/i })).toBeDefined();
});
