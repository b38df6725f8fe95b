import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { BenchmarkDefinitionOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { BenchmarkField } from "./benchmark-field";
import { BlendsList } from "./blends-list";

const BLEND: BenchmarkDefinitionOut = {
  id: "0190a000-0000-7000-8000-0000000000c1",
  name: "Mostly Apple",
  origin: "own",
  rebalancing: "quarterly",
  spread_ratio: "0",
  version: 4,
  parts: [
    {
      instrument_id: AAPL.id,
      symbol: AAPL.symbol,
      currency: "USD",
      series: null,
      name: AAPL.name,
      basis: "total",
      weight_ratio: "1",
    },
  ],
};
const [PART] = BLEND.parts;
const OTHER: BenchmarkDefinitionOut = {
  ...BLEND,
  id: "0190a000-0000-7000-8000-0000000000c3",
  name: "Half of it",
  version: 1,
  parts: PART
    ? [
        { ...PART, weight_ratio: "0.5" },
        { ...PART, weight_ratio: "0.5" },
      ]
    : [],
};
let isAway = false;

beforeEach(() => {
  isAway = false;
  server.use(
    http.get(api("/benchmarks"), () =>
      isAway ? HttpResponse.error() : HttpResponse.json({ items: [BLEND, OTHER] }),
    ),
  );
});

const open = () => show(() => <BlendsList pick={(value) => <p>{value?.symbol}</p>} />);

test("without a network what was typed stays, and the list is told to be an earlier one", async () => {
  server.use(http.put(api("/benchmarks/:id"), () => HttpResponse.error()));
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Change: Mostly Apple" }));
  const name = screen.getByLabelText<HTMLInputElement>("Name");
  await user.clear(name);
  await user.type(name, "Only Apple");
  isAway = true;
  await user.click(screen.getByRole("button", { name: "Save the blend" }));
  await screen.findByText("The blend was not saved");
  await screen.findByText(/These are earlier figures: the benchmarks/);
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Only Apple");
});

test("a form is of the blend that was chosen last", async () => {
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Change: Mostly Apple" }));
  await user.click(screen.getByRole("button", { name: "Change: Half of it" }));
  const form = screen.getByRole("form", { name: "Change Half of it" });
  expect(within(form).getByLabelText<HTMLInputElement>("Name").value).toBe("Half of it");
  expect(within(form).getAllByLabelText("Weight, %")).toHaveLength(2);
});

test("a removed blend is told as what it is, and every figure is asked again", async () => {
  let asked = "";
  server.use(
    http.delete(api("/benchmarks/:id"), ({ request }) => {
      asked = new URL(request.url).search;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user, queries } = open();
  const explained = ["valuation", "explain", "of a return"];
  queries.setQueryData(explained, {});
  await user.click(await screen.findByRole("button", { name: "Remove: Mostly Apple" }));
  expect(
    await screen.findByText(/cannot be worked out until another is chosen there/),
  ).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Remove it" }));
  await expect.poll(() => asked).toBe("?version=4");
  await expect.poll(() => queries.getQueryState(explained)?.isInvalidated).toBe(true);
});

test("where a removed blend is still asked for, another one can be chosen, or none", async () => {
  const gone = "0190a000-0000-7000-8000-0000000000ff";
  const changed = vi.fn();
  server.use(
    http.get(api(`/instruments/${gone}`), () => refuse(404)),
    http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))),
  );
  const { user } = show(() => <BenchmarkField value={gone} onChange={changed} />);
  const field = await screen.findByRole("combobox", { name: "Compare with" });
  await user.type(field, "Most");
  await user.clear(field);
  expect(changed).toHaveBeenLastCalledWith(undefined);
  await user.type(field, "Most");
  await user.click(await screen.findByRole("option", { name: /Mostly Apple/ }));
  expect(changed).toHaveBeenLastCalledWith(BLEND.id);
});
