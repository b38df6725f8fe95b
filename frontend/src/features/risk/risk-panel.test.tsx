import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";
import { explained } from "@/shared/testing/explained";
import { show } from "@/shared/testing/render";
import { RISK } from "@/shared/testing/risk-samples";
import { api, refuse, server } from "@/shared/testing/server";
import { shownMetric } from "./metric-cards";
import { RiskPanel } from "./risk-panel";

const FILTER = { period: "3Y", level: "0.95", window: 252 } as const;

/** As the page does, with the address's part of it. */
function Panel() {
  const [allowFew, setAllowFew] = useState(false);
  return <RiskPanel filter={{ ...FILTER, allowFew }} onAllowFew={setAllowFew} />;
}

function open(answer: (asked: URL) => Response) {
  const asked: URL[] = [];
  server.use(
    http.get(api("/risk"), ({ request }) => {
      asked.push(new URL(request.url));
      return answer(new URL(request.url));
    }),
  );
  return { ...show(() => <Panel />), asked };
}

test("figures come with words, their formula and inputs, or why there is none", async () => {
  open(() => HttpResponse.json(RISK));
  const card = await screen.findByTestId("volatility");
  expect(card.textContent).toContain("18.34%");
  expect(card.textContent).toContain("formula of volatility");
  expect(card.textContent).toContain("300 returns, Jan 3, 2012 to Mar 1, 2013");
  expect(screen.getByTestId("calmar").textContent).toContain(
    "Not known: there are too few daily returns to measure it.",
  );
  expect(screen.getByTestId("fall").textContent).toContain("Not made good yet.");
  expect(screen.getByText(/Choose something to compare with/)).toBeDefined();
});

test("a figure is explained by the page's own settings, a tail of what it is of", async () => {
  const asked: URL[] = [];
  server.use(
    http.get(api("/explain/risk"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
  const { user } = open(() => HttpResponse.json(RISK));
  for (const name of ["Volatility", "Expected shortfall, held today"]) {
    await user.click(await screen.findByRole("button", { name: new RegExp(`Why: ${name}`) }));
    await screen.findByText("A part");
    await user.keyboard("{Escape}");
  }
  const [first, second] = asked.map(({ searchParams }) => Object.fromEntries(searchParams));
  // of the days of the answer: a period may end elsewhere tomorrow
  expect(first).toEqual({
    figure: "volatility",
    confidence: "0.95",
    window: "252",
    from: "2012-01-01",
    to: "2013-03-01",
  });
  expect(second).toMatchObject({ figure: "expected_shortfall", of: "held" });
});

test("a figure that rounds to nothing has no sign", () => {
  expect(shownMetric({ value: "-0.004", unit: "number" })).toBe("0.00");
  expect(shownMetric({ value: "-1.236", unit: "number" })).toBe("\u22121.24");
  expect(shownMetric({ value: null, unit: "ratio" })).toBeNull();
});

test("today’s holdings stand beside the past, and few returns only when asked for", async () => {
  const { asked, user } = open(() => HttpResponse.json(RISK));
  const tails = await screen.findByTestId("tails");
  const [, limit] = within(tails).getAllByRole("row");
  expect(limit?.textContent).toContain("\u22121.82%");
  expect(limit?.textContent).toContain("unknown: there are too few daily returns");
  expect(screen.getByText(/40 of at least 100/)).toBeDefined();
  await user.click(screen.getByRole("checkbox"));
  expect(asked.at(-1)?.searchParams.get("allow_few")).toBe("true");
});

test("the histogram and the correlations are tables, too", async () => {
  const { user } = open(() => HttpResponse.json(RISK));
  const [asTable] = await screen.findAllByRole("button", { name: "Show as table" });
  if (asTable) await user.click(asTable);
  const counted = screen.getByRole("region", { name: "Returns counted" });
  expect(within(counted).getByText("240")).toBeDefined();
  const matrix = screen.getByTestId("correlations");
  const [, first, second] = within(matrix).getAllByRole("row");
  expect(first?.textContent).toBe("AAPL1.000.00");
  expect(second?.textContent).toContain("unknown: too few common days, or a price that did not");
});

test("a window longer than the history says so", async () => {
  open(() => HttpResponse.json(RISK));
  expect(await screen.findByText(/A window needs 252 returns, and there are 300/)).toBeDefined();
});

test("the table of rolling figures has every window the line has", async () => {
  const rolling = Array.from({ length: 450 }, (_, index) => ({
    as_of: new Date(Date.UTC(2012, 0, 1 + index)).toISOString().slice(0, 10),
    volatility: "0.2",
    sharpe: null,
    value_at_risk: null,
    beta: null,
  }));
  const { user } = open(() => HttpResponse.json({ ...RISK, rolling }));
  await screen.findByTestId("rolling");
  const over = screen.getByRole("region", { name: /^Over time/ });
  await user.click(within(over).getByRole("button", { name: "Show as table" }));
  const table = within(over).getByRole("region", { name: "Rolling figures" });
  expect(table.querySelectorAll("tbody tr")).toHaveLength(450);
});

test("nothing yet is said, and a failure can be tried again", async () => {
  let isDown = true;
  const { user } = open(() =>
    isDown
      ? refuse(503, { code: "database_unavailable" })
      : HttpResponse.json({ ...RISK, return_count: 0, metrics: [], histogram: [] }),
  );
  const retry = await screen.findByRole("button", { name: "Try again" }, { timeout: 4000 });
  isDown = false;
  await user.click(retry);
  expect(await screen.findByText("No returns yet")).toBeDefined();
});

test("earlier figures stay, marked, when a refresh fails", async () => {
  let isDown = false;
  const { queries } = open(() =>
    isDown ? refuse(503, { code: "database_unavailable" }) : HttpResponse.json(RISK),
  );
  await screen.findByTestId("volatility");
  isDown = true;
  await queries.refetchQueries();
  expect(await screen.findByText(/These are earlier figures: risk/)).toBeDefined();
  expect(screen.getByTestId("volatility")).toBeDefined();
});

test("a bad day and the worst fall have formulas, and each part says what it is of", async () => {
  open(() => HttpResponse.json(RISK));
  const fall = await screen.findByTestId("fall");
  expect(fall.textContent).toContain("formula of the worst fall");
  // 1 − 22.31 %
  expect(fall.textContent).toContain("The level of Jun 1, 2012 is 77.69% of that of Apr 2, 2012.");
  const bad = screen.getByRole("region", { name: "A bad day" });
  for (const name of ["value at risk", "expected shortfall", "the normal one"]) {
    expect(bad.textContent).toContain(`formula of ${name}`);
  }
  expect(bad.textContent).toContain("quantile linear, as in spreadsheets");
  const foot = screen.getByRole("region", { name: "How it was measured" });
  const [, portfolio, held] = within(foot).getAllByRole("row");
  expect(portfolio?.textContent).toBe(
    "Figures of the portfolio300 daily252allJan 3, 2012 to Mar 1, 2013",
  );
  expect(held?.textContent).toBe("A bad day, held todaynone—newest 252—");
  for (const words of [
    "counts at the start of its day",
    "by the year (actual/365) only from 365 days",
    "a loss is below zero",
    "The risk-free rate is one of USD",
    "Calculation 2026.1, valued as of Mar 2, 2013",
  ]) {
    expect(foot.textContent).toContain(words);
  }
});

test("an answer that was kept before it told how it was measured shows the rest", async () => {
  const { conventions: _, ...earlier } = RISK;
  open(() => HttpResponse.json(earlier));
  expect(await screen.findByTestId("fall")).toBeDefined();
  expect(screen.queryByRole("region", { name: "How it was measured" })).toBeNull();
});

test.each([
  ["EUR", "They are yields of US dollars, and there are none of EUR here"],
  ["USD", undefined],
])("in %s bills of US dollars say whose they are", async (currency, words) => {
  const bills = { ...RISK, currency, risk_free_source: "treasury_bill", risk_free_ratio: "0.05" };
  open(() => HttpResponse.json(bills));
  const basis = await screen.findByTestId("basis");
  expect(basis.textContent).toContain("US Treasury bills of three months yielded 5.00% a year");
  if (words) expect(basis.textContent).toContain(words);
  else expect(basis.textContent).not.toContain("They are yields");
});
