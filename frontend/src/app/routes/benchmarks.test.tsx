import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { BenchmarkDefinitionOut, BlendIn } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { BenchmarksPage } from "./benchmarks";

const BLEND: BenchmarkDefinitionOut = {
  id: "0190a000-0000-7000-8000-0000000000c1",
  name: "Mostly Apple",
  origin: "own",
  rebalancing: "quarterly",
  spread_ratio: "0.01",
  version: 4,
  parts: [
    {
      instrument_id: AAPL.id,
      symbol: AAPL.symbol,
      currency: "USD",
      series: null,
      name: AAPL.name,
      basis: "price",
      weight_ratio: "0.625",
    },
    {
      instrument_id: null,
      symbol: null,
      currency: null,
      series: "CPIAUCSL",
      name: "US consumer prices",
      basis: "total",
      weight_ratio: "0.375",
    },
  ],
};
const SHARED: BenchmarkDefinitionOut = {
  ...BLEND,
  id: "0190a000-0000-7000-8000-0000000000c2",
  name: "US consumer prices",
  origin: "shared",
  rebalancing: "never",
  spread_ratio: "0",
  version: null,
  parts: BLEND.parts.slice(1).map((part) => ({ ...part, weight_ratio: "1" })),
};
const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
  server.use(
    http.get(api("/benchmarks"), () => HttpResponse.json({ items: [SHARED, BLEND] })),
    http.get(api("/instruments"), () =>
      HttpResponse.json({ items: [AAPL], next_cursor: null, has_more: false, total_count: null }),
    ),
  );
});

const open = () => show(() => <BenchmarksPage />, { at: "/", validateSearch: readSearch });

test("a blend says what it is made of; shared ones cannot be changed", async () => {
  open();
  const told = await screen.findByText(/AAPL \(price alone\)/);
  expect(told.textContent).toBe(
    "62.5% AAPL (price alone), 37.5% US consumer prices, +1.00% a year; every quarter",
  );
  expect(screen.getAllByRole("button", { name: /^Change/ })).toHaveLength(1);
});

test("a new blend is sent with its weights as ratios", async () => {
  server.use(
    http.post(api("/benchmarks"), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(BLEND, { status: 201 });
    }),
  );
  open();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "New blend" }));
  const form = screen.getByRole("form", { name: "New blend" });
  await user.type(within(form).getByLabelText("Name"), "Two things");
  const first = within(form).getByRole("group", { name: "Part 1" });
  await user.type(within(first).getByRole("combobox", { name: "Instrument" }), "app");
  await user.click(await screen.findByRole("option", { name: /^AAPL/ }));
  const weight = within(first).getByLabelText("Weight, %");
  await user.clear(weight);
  await user.type(weight, "62.5");
  await user.click(within(form).getByRole("button", { name: "Add consumer prices" }));
  await user.click(within(form).getByRole("button", { name: "Save the blend" }));
  // nothing goes out while a weight is missing
  expect(within(form).getByRole("alert").textContent).toContain("Every part needs a weight");
  const second = within(form).getByRole("group", { name: "Part 2" });
  await user.type(within(second).getByLabelText("Weight, %"), "37.5");
  expect(within(form).getByText("The weights add up to 100 %.")).toBeDefined();
  await user.click(within(form).getByRole("button", { name: "Save the blend" }));
  await screen.findByRole("button", { name: "New blend" });
  const body: BlendIn = {
    name: "Two things",
    rebalancing: "monthly",
    spread_ratio: "0",
    parts: [
      { instrument_id: AAPL.id, series: null, basis: "total", weight_ratio: "0.625" },
      { instrument_id: null, series: "CPIAUCSL", basis: "total", weight_ratio: "0.375" },
    ],
  };
  expect(sent).toEqual([body]);
});

test("what somebody else changed meanwhile is not overwritten", async () => {
  server.use(
    http.put(api("/benchmarks/:id"), async ({ request }) => {
      sent.push(await request.json());
      return refuse(409, { code: "stale_version", detail: "somebody else changed this benchmark" });
    }),
  );
  open();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Change: Mostly Apple" }));
  const form = screen.getByRole("form", { name: "Change Mostly Apple" });
  expect(within(form).getAllByLabelText("Weight, %")[0]).toHaveProperty("value", "62.5");
  await user.click(within(form).getByRole("button", { name: "Save the blend" }));
  expect((await within(form).findByRole("alert")).textContent).toContain("somebody else changed");
  expect(sent).toMatchObject([{ version: 4, spread_ratio: "0.01" }]);
});

test("a failure to load can be tried again", async () => {
  server.use(
    http.get(api("/benchmarks"), () =>
      refuse(503, { code: "unavailable", detail: "the database is away" }),
    ),
  );
  open();
  expect((await screen.findByRole("alert")).textContent).toContain("the database is away");
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
});
