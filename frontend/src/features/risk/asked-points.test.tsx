import { act, fireEvent, screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { AAPL } from "@/shared/testing/samples";
import { explained } from "@/shared/testing/explained";
import { show } from "@/shared/testing/render";
import { RISK } from "@/shared/testing/risk-samples";
import { api, server } from "@/shared/testing/server";
import { RiskPanel } from "./risk-panel";

const asked: URL[] = [];
const FILTER = {
  period: "1Y",
  level: "0.99",
  window: 60,
  rate: "0.02",
  benchmark: "0190a000-0000-7000-8000-0000000000bb",
  account: "0190a000-0000-7000-8000-0000000000aa",
} as const;
/** What every explanation of the page asks for, whatever it is of. */
const SETTINGS = {
  account_id: FILTER.account,
  benchmark_id: FILTER.benchmark,
  risk_free_ratio: "0.02",
  confidence: "0.99",
  ...(RISK.from_date ? { from: RISK.from_date } : {}),
  ...(RISK.to_date ? { to: RISK.to_date } : {}),
  window: "60",
};
const ROLLING = ["2013-02-27", "2013-02-28", "2013-03-01"].map((as_of, place) => ({
  as_of,
  volatility: `0.1${String(place)}`,
  sharpe: null,
  value_at_risk: "-0.02",
  beta: "1.1",
}));

beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get(api("/risk"), () => HttpResponse.json({ ...RISK, rolling: ROLLING })),
    http.get(api("/explain/risk/:of"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
});

const open = () => show(() => <RiskPanel filter={FILTER} onAllowFew={() => undefined} />);

/** The last thing that was asked: its path and words. */
function last() {
  const url = asked.at(-1);
  return [
    url?.pathname.replace("/api/v1/explain/", ""),
    Object.fromEntries(url?.searchParams ?? []),
  ];
}

test("a day that was chosen stays, by its measure, and can be asked about", async () => {
  const { user } = open();
  const readout = await screen.findByTestId("rolling");
  expect(readout.textContent).toBe("12.00%Fri, Mar 1, 2013");
  const slider = screen.getByRole("slider", { name: "Inspect the rolling figure by date" });
  fireEvent.change(slider, { target: { value: "0" } });
  fireEvent.blur(slider);
  expect(readout.textContent).toBe("10.00%Wed, Feb 27, 2013");
  await user.click(screen.getByRole("radio", { name: "Beta" }));
  expect(readout.textContent).toBe("1.10Wed, Feb 27, 2013");
  await user.click(
    within(readout).getByRole("button", { name: /Why: Beta, window to Feb 27, 2013/ }),
  );
  await screen.findByText("A part");
  expect(last()).toEqual(["risk/window", { figure: "beta", on: "2013-02-27", ...SETTINGS }]);
});

test("every window of the table can be asked about, also where it is unknown", async () => {
  const { user } = open();
  const over = await screen.findByRole("region", { name: /^Over time/ });
  await user.click(within(over).getByRole("radio", { name: "Sharpe ratio" }));
  await user.click(within(over).getByRole("button", { name: "Show as table" }));
  const table = within(over).getByRole("region", { name: "Rolling figures" });
  const [, middle] = within(table).getAllByRole("button", { name: /Why: Sharpe ratio, window to/ });
  expect(middle?.textContent).toBe("unknown");
  if (middle) await user.click(middle);
  await screen.findByText("A part");
  expect(last()).toEqual(["risk/window", { figure: "sharpe", on: "2013-02-28", ...SETTINGS }]);
});

test("arrow keys read the bars of the histogram, and Enter asks about the one that is read", async () => {
  const { user } = open();
  const slider = await screen.findByRole("slider", { name: "Inspect the returns counted" });
  // it begins where returns lay most often
  const first = slider.getAttribute("aria-valuetext") ?? "";
  expect(first).toMatch(/^\d+ days? from /);
  act(() => {
    slider.focus();
  });
  expect(screen.getByText(first)).toBeDefined();
  fireEvent.change(slider, { target: { value: "1" } });
  expect(slider.getAttribute("aria-valuetext")).toMatch(/from \u22121.00% to \+1.00%$/);
  await user.keyboard("{Enter}");
  await screen.findByText("A part");
  expect(last()).toEqual(["risk/histogram", { bar: "2", ...SETTINGS }]);
});

test("a count of the table is explained by its bar, the lowest numbered 1", async () => {
  const { user } = open();
  const [asTable] = await screen.findAllByRole("button", { name: "Show as table" });
  if (asTable) await user.click(asTable);
  const counted = screen.getByRole("region", { name: "Returns counted" });
  const name = /Why: Days from \u22121.00% to \+1.00%/;
  await user.click(within(counted).getByRole("button", { name }));
  await screen.findByText("A part");
  expect(last()).toEqual(["risk/histogram", { bar: "2", ...SETTINGS }]);
});

test("a cell of the matrix is explained by its pair, also where it is unknown", async () => {
  const { user } = open();
  const matrix = await screen.findByTestId("correlations");
  const unknown = within(matrix).getByRole("button", { name: /Why: Correlation of IBM and IBM/ });
  expect(unknown.textContent).toContain("unknown");
  await user.click(
    within(matrix).getByRole("button", { name: /Why: Correlation of IBM and AAPL/ }),
  );
  await screen.findByRole("dialog", { name: "Why: Correlation of IBM and AAPL" });
  await screen.findByText("A part");
  const ids = { left_id: RISK.correlations.items[1]?.instrument_id, right_id: AAPL.id };
  expect(last()).toEqual(["risk/correlation", { ...ids, ...SETTINGS }]);
});
