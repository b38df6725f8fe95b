import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { ManualPriceOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { ManualPrices } from "./manual-prices";

const PRICE: ManualPriceOut = {
  price_date: "2026-03-02",
  close: "600",
  currency: "USD",
  source: "manual",
  note: "appraisal",
  version: 3,
  set_at: "2026-03-03T10:00:00Z",
};
const PRICES = api(`/instruments/${AAPL.id}/manual-prices`);

const open = (items: readonly ManualPriceOut[]) => {
  server.use(
    http.get(PRICES, () => HttpResponse.json(pageOf(items))),
    http.get(api(`/instruments/${AAPL.id}/custom-source`), () =>
      HttpResponse.json({ source: null }),
    ),
  );
  return show(() => <ManualPrices instrumentId={AAPL.id} currency="USD" />);
};

test("without any it says what a price of one's own does", async () => {
  open([]);
  expect(await screen.findByRole("status", { name: "Loading prices of your own" })).toBeDefined();
  expect(await screen.findByText(/counts before what any source says/)).toBeDefined();
});

test("a price is set with its day, exactly as typed", async () => {
  let sent: unknown;
  const { user } = open([]);
  server.use(
    http.put(`${PRICES}/2026-03-04`, async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...PRICE, price_date: "2026-03-04" });
    }),
  );
  await user.click(await screen.findByRole("button", { name: "Set a price" }));
  await user.type(screen.getByLabelText("Day"), "2026-03-04");
  await user.type(screen.getByLabelText("Price in USD"), "104.123456789012345678");
  await user.click(screen.getByRole("button", { name: "Save the price" }));

  await expect
    .poll(() => sent)
    .toEqual({ close: "104.123456789012345678", currency: "USD", note: null, version: null });
});

test("a change names the version that was seen, and a conflict is told", async () => {
  let sent: unknown;
  const { user } = open([PRICE]);
  server.use(
    http.put(`${PRICES}/2026-03-02`, async ({ request }) => {
      sent = await request.json();
      return refuse(409, { detail: "the price of this day is another by now" });
    }),
  );
  await user.click(await screen.findByRole("button", { name: /^Change the price/ }));
  await user.click(screen.getByRole("button", { name: "Save the price" }));

  expect((await screen.findByRole("alert")).textContent).toContain("another by now");
  expect(sent).toMatchObject({ close: "600", version: 3 });
});

test("a refused field is told beside it", async () => {
  const { user } = open([PRICE]);
  server.use(
    http.put(`${PRICES}/2026-03-02`, () =>
      refuse(422, { errors: [{ pointer: "/body/close", detail: "a price is above zero" }] }),
    ),
  );
  await user.click(await screen.findByRole("button", { name: /^Change the price/ }));
  await user.click(screen.getByRole("button", { name: "Save the price" }));

  expect(await screen.findByText("a price is above zero")).toBeDefined();
  expect(screen.getByLabelText("Price in USD").getAttribute("aria-invalid")).toBe("true");
});

test("one bad line stores nothing and is named", async () => {
  const { user } = open([]);
  server.use(
    http.post(`${PRICES}/paste`, () =>
      HttpResponse.json({
        stored_count: 0,
        replaced_count: 0,
        unchanged_count: 0,
        faults: [{ line: 2, message: "a day is written 2026-03-05" }],
      }),
    ),
  );
  await user.click(await screen.findByRole("button", { name: "Paste many" }));
  await user.type(screen.getByLabelText("Days and prices in USD"), "x");
  await user.click(screen.getByRole("button", { name: "Store all lines" }));

  expect(await screen.findByText("Nothing was stored:")).toBeDefined();
  expect(screen.getByText("line 2: a day is written 2026-03-05")).toBeDefined();
});

test("removing names the version too", async () => {
  let asked = "";
  const { user } = open([PRICE]);
  server.use(
    http.delete(`${PRICES}/2026-03-02`, ({ request }) => {
      asked = new URL(request.url).search;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const list = await screen.findByTestId("own-prices");
  await user.click(within(list).getByRole("button", { name: /^Remove the price/ }));

  await expect.poll(() => asked).toBe("?version=3");
});
