import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { InstrumentSettingsIn, InstrumentSettingsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { InstrumentSettings } from "./instrument-settings";

const path = `${api("/instruments")}/${AAPL.id}/settings`;
const NOTHING: InstrumentSettingsOut = {
  share_kind: null,
  coupon: null,
  version: null,
  changed_at: null,
};
const COUPON = {
  coupon_ratio: "0.04",
  face_value: "100",
  coupons_per_year: 2,
  matures_on: "2027-08-15",
} as const;
const said = (parts: Partial<InstrumentSettingsOut> = {}) =>
  http.get(path, () => HttpResponse.json({ ...NOTHING, ...parts }));
const of = (asset_class: "equity" | "bond" | "other") =>
  show(() => <InstrumentSettings instrument={{ ...AAPL, asset_class }} />);

test("a share is said to be preferred, by the version one saw", async () => {
  const bodies: InstrumentSettingsIn[] = [];
  server.use(
    said({ version: 3 }),
    http.put(path, async ({ request }) => {
      bodies.push((await request.json()) as InstrumentSettingsIn);
      server.use(said({ share_kind: "preferred", version: 4 }));
      return HttpResponse.json({ ...NOTHING, share_kind: "preferred", version: 4 });
    }),
  );
  const { user } = of("equity");
  await screen.findByText("Common stock.");
  await user.click(screen.getByRole("button", { name: "Change" }));
  expect(screen.queryByLabelText("Matures on")).toBeNull();
  await user.selectOptions(screen.getByLabelText("Stock"), "preferred");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(/^Preferred stock: dividends for more than 366 days/);
  expect(bodies).toEqual([{ share_kind: "preferred", coupon: null, version: 3 }]);
});

test("a coupon is said as a whole, in percents", async () => {
  const bodies: InstrumentSettingsIn[] = [];
  server.use(
    said(),
    http.put(path, async ({ request }) => {
      bodies.push((await request.json()) as InstrumentSettingsIn);
      server.use(said({ coupon: COUPON, version: 1 }));
      return HttpResponse.json({ ...NOTHING, coupon: COUPON, version: 1 });
    }),
  );
  const { user } = of("bond");
  await screen.findByText(/coupon is not said/);
  await user.click(screen.getByRole("button", { name: "Change" }));
  await user.type(screen.getByLabelText("Coupon, % a year"), "4");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByRole("alert").textContent).toBe("say all four, or none of them");
  await user.type(screen.getByLabelText("Face value of one unit"), "100");
  await user.type(screen.getByLabelText("Matures on"), "2027-08-15");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText(
    "4.00% a year on 100 USD of face value a unit, in 2 payments; matures on Aug 15, 2027.",
  );
  expect(bodies).toEqual([{ share_kind: null, coupon: COUPON, version: null }]);
});

test("what somebody else said meanwhile is shown, and what was chosen stays", async () => {
  server.use(
    said({ version: 1 }),
    http.put(path, () => {
      server.use(said({ share_kind: "preferred", version: 2 }));
      return refuse(409, { detail: "somebody else said something of this instrument" });
    }),
  );
  const { user } = of("equity");
  await user.click(await screen.findByRole("button", { name: "Change" }));
  await user.selectOptions(screen.getByLabelText("Stock"), "preferred");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("somebody else said");
  await waitFor(() => {
    expect(screen.getByTestId("settings").textContent).toContain("Preferred stock");
  });
  expect(screen.getByLabelText("Stock")).toHaveProperty("value", "preferred");
});

test("what is neither a share nor a bond is not taken for a stock when its coupon is said", async () => {
  const bodies: InstrumentSettingsIn[] = [];
  server.use(
    said(),
    http.put(path, async ({ request }) => {
      bodies.push((await request.json()) as InstrumentSettingsIn);
      return HttpResponse.json({ ...NOTHING, coupon: COUPON, version: 1 });
    }),
  );
  const { user } = of("other");
  const told = await screen.findByTestId("settings");
  expect(told.textContent).toMatch(/^Whether it is a stock is not said\./);
  await user.click(screen.getByRole("button", { name: "Change" }));
  expect(screen.getByLabelText("Stock")).toHaveProperty("value", "");
  await user.type(screen.getByLabelText("Coupon, % a year"), "4");
  await user.type(screen.getByLabelText("Face value of one unit"), "100");
  await user.type(screen.getByLabelText("Matures on"), "2027-08-15");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(bodies).toEqual([{ share_kind: null, coupon: COUPON, version: null }]);
  });
});

test("of a fund there is nothing to say, and nothing is asked for", async () => {
  let count = 0;
  server.use(
    http.get(path, () => {
      count += 1;
      return HttpResponse.json(NOTHING);
    }),
  );
  const page = (asset_class: "fund" | "equity") =>
    show(() => (
      <>
        <p>{`a ${asset_class}`}</p>
        <InstrumentSettings instrument={{ ...AAPL, asset_class }} />
      </>
    ));
  page("fund");
  await screen.findByText("a fund");
  expect(screen.queryByRole("heading", { name: "What it is" })).toBeNull();
  page("equity");
  expect(await screen.findByText("Common stock.")).toBeDefined();
  // by now the fund would have asked as well
  expect(count).toBe(1);
  expect(screen.getAllByRole("heading", { name: "What it is" })).toHaveLength(1);
});

test("a failure is told and can be tried again", async () => {
  server.use(http.get(path, () => refuse(503, { detail: "not now" })));
  const { user } = of("bond");
  expect((await screen.findByRole("alert")).textContent).toContain("not now");
  server.use(said());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/coupon is not said/)).toBeDefined();
});
