import { screen, waitFor } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { ATTRIBUTION, BESIDE, SECTORS } from "@/shared/testing/attribution-samples";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { AttributionPage } from "./attribution";

const asked: URL[] = [];
const attribution = (parts: object = {}) =>
  http.get(api("/attribution"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...ATTRIBUTION, ...parts });
  });

beforeEach(() => {
  asked.length = 0;
  server.use(attribution(), ...BESIDE);
});

/** The first instrument that the words find. */
async function choose(user: UserEvent, field: string) {
  await user.type(screen.getByRole("combobox", { name: field }), "aap");
  await user.click(await screen.findByRole("option", { name: /AAPL/ }));
}

const open = (at = "/") => show(() => <AttributionPage />, { at, validateSearch: readSearch });

test("the part of the portfolio stands in the address and can be taken away", async () => {
  const { user, router } = open(`/?classes=bond,cash&instruments=${AAPL.id}&by=currency`);
  await screen.findByRole("table", { name: "Contributions" });
  expect(asked[0]?.searchParams.getAll("asset_class")).toEqual(["bond", "cash"]);
  expect(screen.getByText("Attribution of a part only: Bond, Cash, one instrument.")).toBeDefined();
  expect(asked[0]?.searchParams.getAll("instrument_id")).toEqual([AAPL.id]);
  expect(asked[0]?.searchParams.get("by")).toBe("currency");
  await user.click(await screen.findByRole("button", { name: /Cash.*take away/ }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ classes: "bond" });
  });
  await user.selectOptions(screen.getByRole("combobox", { name: "Currency" }), "USD");
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ classes: "bond", currencies: "USD" });
  });
  await user.click(screen.getByRole("button", { name: "Show everything" }));
  await waitFor(() => {
    expect(asked.at(-1)?.searchParams.has("asset_class")).toBe(false);
  });
});

test("a benchmark is weights that add up, and its effects are told", async () => {
  const { user } = open();
  await screen.findByRole("table", { name: "Contributions" });
  await choose(user, "Equity: benchmark");
  const [weight] = screen.getAllByRole("textbox", { name: "Weight, %" });
  const compare = screen.getByRole("button", { name: "Compare" });
  expect(compare).toHaveProperty("disabled", true);
  if (weight) await user.type(weight, "100");
  server.use(
    attribution({
      comparison: {
        rebalancing: "monthly",
        method: "Brinson–Fachler",
        portfolio_ratio: "0.056",
        benchmark_ratio: "0.04",
        excess_ratio: "0.016",
        groups: [
          {
            key: "equity",
            label: "Equity",
            instrument_id: AAPL.id,
            symbol: "AAPL",
            weight_ratio: "1",
            benchmark_return_ratio: "0.04",
            return_ratio: "0.08",
            average_weight_ratio: "0.6",
            allocation_ratio: "0.002",
            selection_ratio: "0.01",
            interaction_ratio: "0.004",
            total_ratio: "0.016",
          },
        ],
        residual_ratio: "0",
        reason: null,
      },
    }),
  );
  await user.click(compare);
  const effects = await screen.findByRole("table", { name: "Effects against the benchmark" });
  expect(effects.textContent).toContain("+1.60%");
  expect(asked.at(-1)?.searchParams.getAll("blend")).toEqual([`equity:${AAPL.id}:1`]);
});

test("a benchmark is chosen, and its members are told by group", async () => {
  const spy = "0192f0c0-0000-7000-8000-0000000000cc";
  const effects = {
    return_ratio: "0.08",
    average_weight_ratio: "0.6",
    allocation_ratio: "0",
    selection_ratio: "0.02",
    interaction_ratio: "-0.008",
    total_ratio: "0.012",
  };
  server.use(
    http.get(api("/benchmarks"), () =>
      HttpResponse.json({
        items: [
          { id: spy, name: "Halves", origin: "own", rebalancing: "never", spread_ratio: "0" },
        ],
      }),
    ),
    attribution({
      comparison: {
        rebalancing: "never",
        method: "Brinson–Fachler",
        portfolio_ratio: "0.056",
        benchmark_ratio: "0.06",
        excess_ratio: "-0.004",
        groups: [
          {
            key: "equity",
            label: "Equity",
            instrument_id: null,
            symbol: null,
            weight_ratio: "1",
            benchmark_return_ratio: "0.06",
            ...effects,
            members: [
              { instrument_id: AAPL.id, symbol: "AAPL", weight_ratio: "0.6", return_ratio: "0.06" },
              { instrument_id: spy, symbol: "SPY", weight_ratio: "0.4", return_ratio: "0.06" },
            ],
          },
        ],
        residual_ratio: "0",
        reason: null,
        benchmark: {
          benchmark_id: spy,
          symbol: "Halves",
          name: "Halves",
          basis: "total",
          split_members: "return_of_the_whole",
        },
      },
    }),
  );
  const { user, router } = open(`/?blend=equity:${AAPL.id}:1`);
  await screen.findByRole("table", { name: "Contributions" });
  expect(asked.at(-1)?.searchParams.getAll("blend")).toEqual([`equity:${AAPL.id}:1`]);
  await user.click(screen.getByRole("combobox", { name: "Compare with" }));
  await user.click(await screen.findByRole("option", { name: /Halves/ }));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ benchmark: spy });
  });
  await waitFor(() => {
    expect(asked.at(-1)?.searchParams.get("benchmark")).toBe(spy);
  });
  expect(asked.at(-1)?.searchParams.has("blend")).toBe(false);
  const table = await screen.findByRole("table", { name: "Effects against the benchmark" });
  expect(table.textContent).toContain("AAPL 60.0%, SPY 40.0%");
  expect(screen.getByText(/counts in each with what the whole of it made/)).toBeDefined();
  // a benchmark lies in no account: the question goes without one, and says so
  await user.click(screen.getByRole("radio", { name: "Account" }));
  expect(await screen.findByText(/A benchmark lies in no account/)).toBeDefined();
  expect(asked.at(-1)?.searchParams.has("benchmark")).toBe(false);
  expect(screen.queryByRole("combobox", { name: "Compare with" })).toBeNull();
});

test("a benchmark that fits no group is refused, and another can be chosen", async () => {
  const errors = [{ pointer: "/query/benchmark", detail: "a published series" }];
  const refused = {
    type: "/problems/invalid_fields",
    title: "Invalid fields",
    status: 422,
    detail: "1 field is not valid",
    instance: "/",
    code: "invalid_fields",
    params: {},
    errors,
  };
  server.use(
    http.get(api("/attribution"), () => HttpResponse.json(refused, { status: 422 })),
    http.get(api("/benchmarks"), () => HttpResponse.json({ items: [] })),
  );
  open(`/?benchmark=${AAPL.id}`);
  const notice = await screen.findByRole("alert");
  expect(notice.textContent).toContain("a published series");
  expect(await screen.findByRole("combobox", { name: "Compare with" })).toBeDefined();
});

test("another grouping has its own fields to compare with", async () => {
  server.use(
    http.get(api("/attribution"), ({ request }) => {
      const key = new URL(request.url).searchParams.get("taxonomy_id");
      const group = { ...ATTRIBUTION.groups[0], key, label: key === SECTORS ? "Tech" : "Japan" };
      return HttpResponse.json({ ...ATTRIBUTION, by: "taxonomy", groups: [group] });
    }),
  );
  const { user } = open(`/?by=${SECTORS}`);
  await screen.findByRole("combobox", { name: "Tech: benchmark" });
  await user.click(await screen.findByRole("radio", { name: "Regions" }));
  expect(await screen.findByRole("combobox", { name: "Japan: benchmark" })).toBeDefined();
  expect(screen.queryByRole("combobox", { name: "Tech: benchmark" })).toBeNull();
});

test("a filter that nothing has any more can be seen, and taken away", async () => {
  const { user, router } = open("/?groups=Old&base=THB");
  const group = await screen.findByRole("combobox", { name: "Group" });
  expect((group as HTMLSelectElement).value).toBe("Old");
  const shown = screen.getByRole("combobox", { name: "Shown in" });
  expect((shown as HTMLSelectElement).value).toBe("THB");
  await user.selectOptions(group, "");
  await user.selectOptions(shown, "");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({});
  });
});

test("one instrument out of all there are narrows the page", async () => {
  const { user, router } = open();
  await screen.findByRole("table", { name: "Contributions" });
  await choose(user, "Instrument");
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ instruments: AAPL.id });
  });
  expect(await screen.findByRole("button", { name: /AAPL.*take away/ })).toBeDefined();
});
