import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { explained } from "@/shared/testing/explained";
import { RETURNS } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { RISK } from "@/shared/testing/risk-samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { RiskPage } from "./risk";

const asked: URL[] = [];

beforeEach(() => {
  asked.length = 0;
  server.use(
    ...RETURNS,
    http.get(api("/risk"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(RISK);
    }),
    http.get(api("/explain/risk"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
});

const open = (at = "/") => show(() => <RiskPage />, { at, validateSearch: readSearch });

test("risk of a part reads as such", async () => {
  open("/?classes=bond&base=CHF");
  expect(await screen.findByText("Risk of a part only: Bond. Told in CHF.")).toBeDefined();
  // a part of the portfolio has a timing of its own
  expect(screen.queryByLabelText("Flows count at the")).toBeNull();
});

test("flows count when the page of returns says, and gaps are bridged as there", async () => {
  const { user, router } = open("/?timing=end_of_day&gaps=modified_dietz");
  await user.click(await screen.findByRole("button", { name: /Why: Worst fall/ }));
  await screen.findByText("A part");
  await user.keyboard("{Escape}");
  expect(asked.map(({ pathname }) => pathname)).toEqual(["/api/v1/risk", "/api/v1/explain/risk"]);
  for (const url of asked) {
    expect(url.searchParams.get("flow_timing")).toBe("end_of_day");
    expect(url.searchParams.get("gaps")).toBe("modified_dietz");
  }
  await user.selectOptions(screen.getByLabelText("Flows count at the"), "Start of day");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ gaps: "modified_dietz" });
  });
});

test("days of one’s own are asked in place of a period, and a problem with them is shown", async () => {
  const { user, router } = open("/?period=1Y");
  await screen.findByTestId("basis");
  expect(asked.at(-1)?.searchParams.get("period")).toBe("1Y");
  await user.click(screen.getByRole("radio", { name: "Dates" }));
  await user.type(screen.getByLabelText("From the end of"), "2012-06-30");
  await user.type(screen.getByLabelText("To the end of"), "2012-12-31");
  await user.click(screen.getByRole("button", { name: "Show these days" }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ from: "2012-06-30", to: "2012-12-31" });
  });
  const { searchParams } = asked.at(-1) ?? new URL("http://none");
  expect([searchParams.get("from"), searchParams.get("to")]).toEqual(["2012-06-30", "2012-12-31"]);
  expect(searchParams.has("period")).toBe(false);

  server.use(
    http.get(api("/risk"), () =>
      refuse(422, { code: "invalid_fields", detail: "a span cannot end before it begins" }),
    ),
  );
  await router.navigate({ to: ".", search: { from: "2013-02-28", to: "2012-12-31" } });
  expect(await screen.findByText("The last day has to come after the first.")).toBeDefined();
  expect(await screen.findByText(/a span cannot end before it begins/)).toBeDefined();
});

test("the rule of quantiles is chosen on the page and stands in the address", async () => {
  const { user, router } = open();
  await screen.findByTestId("basis");
  expect(asked[0]?.searchParams.has("method")).toBe(false);
  await user.selectOptions(screen.getByLabelText("Quantile"), "Hazen");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ quantile: "hazen" });
  });
  await waitFor(() => {
    expect(asked.at(-1)?.searchParams.get("method")).toBe("hazen");
  });
  await user.click(await screen.findByRole("button", { name: /Why: Expected shortfall, past/ }));
  await screen.findByText("A part");
  expect(asked.at(-1)?.searchParams.get("method")).toBe("hazen");
  await user.keyboard("{Escape}");
  await user.selectOptions(screen.getByLabelText("Quantile"), "Linear, as in spreadsheets");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({});
  });
});

test("the measure of windows and the tables that are shown stand in the address", async () => {
  const rolling = ["2013-02-28", "2013-03-01"].map((day) => ({
    as_of: day,
    volatility: "0.2",
    sharpe: "1.5",
    value_at_risk: "-0.02",
    beta: null,
  }));
  server.use(http.get(api("/risk"), () => HttpResponse.json({ ...RISK, rolling })));
  const { user, router } = open("/?measure=sharpe&tables=rolling");
  const over = await screen.findByRole("region", { name: /^Over time/ });
  expect(within(over).getByRole("columnheader", { name: "Sharpe ratio" })).toBeDefined();
  expect(screen.queryByRole("region", { name: "Returns counted" })).toBeNull();

  const bad = screen.getByRole("region", { name: "A bad day" });
  await user.click(within(bad).getByRole("button", { name: "Show as table" }));
  expect(await screen.findByRole("region", { name: "Returns counted" })).toBeDefined();
  expect(router.state.location.search).toEqual({ measure: "sharpe", tables: "rolling,histogram" });
  await user.click(within(over).getByRole("radio", { name: "Volatility" }));
  await user.click(within(over).getByRole("button", { name: "Show chart" }));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ tables: "histogram" });
  });
});
