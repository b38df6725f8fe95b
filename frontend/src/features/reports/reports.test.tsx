import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { CalculationsOut, RecomputedOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { DETAIL, REPORT, REPORT_ID, SAME } from "@/shared/testing/report-samples";
import { savedFiles } from "@/shared/testing/saved";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { CalculationsList } from "./calculations-list";
import { KeepReport } from "./keep-report";
import { Since } from "./since";
import { ReportView } from "./report-view";
import { ReportsList } from "./reports-list";

const one = `${api("/reports")}/${REPORT_ID}`;
const said = http.get(`${one}/body`, () => HttpResponse.json({ gain: "20", items: [1, 2] }));

test("the list says what was kept, of when, and that a newer version exists", async () => {
  server.use(http.get(api("/reports"), () => HttpResponse.json(pageOf([REPORT]))));
  show(() => <ReportsList filter={{}} />);
  const row = within(await screen.findByTestId("reports")).getByRole("listitem");
  expect(row.textContent).toMatch(/End of February.*Returns in USD, as of Feb 28, 2026/);
  expect(row.textContent).toContain("A newer version exists");
});

test("an empty list says how to fill it; a failure offers the way on", async () => {
  server.use(http.get(api("/reports"), () => HttpResponse.json(pageOf([]))));
  show(() => <ReportsList filter={{}} />);
  await screen.findByText("No report yet");
  server.use(http.get(api("/reports"), () => refuse(503, { detail: "not now" })));
  show(() => <ReportsList filter={{ kind: "risk" }} />);
  expect((await screen.findByRole("alert")).textContent).toContain("not now");
});

test("figures are kept under a name, and the report is a click away", async () => {
  const bodies: unknown[] = [];
  server.use(
    http.post(api("/reports"), async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json({ ...REPORT, name: "My year" }, { status: 201 });
    }),
  );
  const { user } = show(() => (
    <KeepReport suggested="Returns, 1Y" parameters={{ kind: "performance", period: "1Y" }} />
  ));
  await user.click(await screen.findByRole("button", { name: "Keep as a report" }));
  const name = screen.getByLabelText("Name");
  await user.clear(name);
  expect(screen.getByRole("button", { name: "Keep" }).hasAttribute("disabled")).toBe(true);
  await user.type(name, "My year");
  await user.click(screen.getByRole("button", { name: "Keep" }));
  const link = await screen.findByRole("link", { name: "Open the report" });
  expect(link.getAttribute("href")).toBe(`/reports/${REPORT_ID}`);
  expect(bodies).toEqual([{ name: "My year", parameters: { kind: "performance", period: "1Y" } }]);
});

test("what is refused says why", async () => {
  server.use(
    http.post(api("/reports"), () => refuse(409, { detail: "values are being worked out" })),
  );
  const { user } = show(() => <KeepReport suggested="Now" parameters={{ kind: "nav" }} />);
  await user.click(await screen.findByRole("button", { name: "Keep as a report" }));
  await user.click(screen.getByRole("button", { name: "Keep" }));
  expect((await screen.findByRole("alert")).textContent).toContain("values are being worked out");
});

test("a report is worked out again: the same bits, and what today's records change", async () => {
  server.use(
    said,
    http.post(`${one}/recompute`, () => HttpResponse.json(SAME)),
    http.get(one, () => HttpResponse.json(DETAIL)),
  );
  const { user } = show(() => <ReportView report={DETAIL} />);
  expect((await screen.findByTestId("said")).textContent).toContain("Gain$20.00Lines2 lines");
  screen.getByText(/Brokerage: 4 records up to no. 4/);
  await user.click(screen.getByRole("button", { name: "Work it out again" }));
  const verdict = await screen.findByTestId("verdict");
  expect(verdict.textContent).toContain("The same, bit for bit");
  expect(verdict.textContent).toContain(
    "Records: recorded, corrected or taken back since: 1 differencelines › 1 › net asset value: $2,000.00 → $2,300.00",
  );
  expect(verdict.textContent).toContain("1 record, the newest: Deposit of Jan 20, 2026 (no. 5)");
});

test("accounts that came and went, another benchmark and revised series are told", async () => {
  const since = {
    ...{ record_count: 0, records: [], instruments: [], currencies: [], calculations: [] },
    ...{ accounts: [], joined_accounts: ["IRA"], left_accounts: ["Old"], benchmark: "60/40" },
    ...{ series: ["CPIAUCSL", "DTB3"], taxonomy: "Sectors", is_preferred_otherwise: true },
    reclassified: ["Regions"],
  };
  show(() => <Since since={since} />);
  const told = await screen.findByRole("region", { name: "Changed since" });
  expect(told.textContent).toContain("IRA: part of the question now, and not then");
  expect(told.textContent).toContain("Old: part of the question then, and not now");
  expect(told.textContent).toContain("What 60/40 is made of");
  expect(told.textContent).toContain(
    "Published values of US consumer prices, three-month Treasury bills",
  );
  expect(told.textContent).toContain("How Sectors sorts what is held");
  expect(told.textContent).toContain("What Regions put in the part it is of");
  expect(told.textContent).toContain("What is said to be done with income, or of what pays it");
});

test("a series that was revised is told even where nothing else changed", async () => {
  const nothing = {
    ...{ record_count: 0, records: [], instruments: [], currencies: [], calculations: [] },
    ...{ accounts: [], joined_accounts: [], left_accounts: [], benchmark: null },
    ...{ series: [], taxonomy: null, is_preferred_otherwise: false },
    reclassified: [],
  };
  show(() => (
    <>
      <Since since={nothing} />
      <Since since={{ ...nothing, series: ["CPIAUCSL"] }} />
      <Since since={{ ...nothing, reclassified: ["Regions"] }} />
    </>
  ));
  expect(await screen.findByText("Nothing it was made from has changed since.")).toBeDefined();
  const told = screen.getAllByRole("region", { name: "Changed since" });
  expect(told.map((one) => one.textContent)).toEqual([
    "Changed since it was keptPublished values of US consumer prices",
    "Changed since it was keptWhat Regions put in the part it is of",
  ]);
});

test("hidden amounts of a report stay hidden, in the verdict and in files, too", async () => {
  localStorage.setItem("truenav.hidden", "1");
  const answer = {
    closing_nav: "123456.78",
    as_of: "2026-02-28",
    time_weighted: { ratio: "0.05" },
  };
  const added = { pointer: "/items/1", before: null, after: '{"nav":"2301"}' };
  const moved = { pointer: "/items/0/return_ratio", before: "0.01", after: "0.02" };
  const wrong: RecomputedOut = {
    ...SAME,
    is_equal: false,
    difference_count: 2,
    differences: [added, moved],
  };
  server.use(
    http.get(`${one}/body`, () => HttpResponse.json(answer)),
    http.post(`${one}/recompute`, () => HttpResponse.json(wrong)),
    http.get(one, () => HttpResponse.json(DETAIL)),
  );
  const { user } = show(() => <ReportView report={DETAIL} />);
  expect((await screen.findByTestId("said")).textContent).toBe(
    "Value at the endamount hiddenTime-weighted return5.00%",
  );
  expect(screen.queryByRole("button", { name: /JSON/ })).toBeNull();
  screen.getByText("No file while amounts are hidden");
  await user.click(screen.getByRole("button", { name: "Work it out again" }));
  const verdict = await screen.findByTestId("verdict");
  expect(verdict.textContent).toContain(
    "lines › 1 › net asset value: amount hidden → amount hidden",
  );
  expect(verdict.textContent).toContain("lines › 2: nothing → amount hidden");
  expect(verdict.textContent).toContain("lines › 1 › return: 1.00% → 2.00%");
});

test("risk is told in ratios, which are no amounts", async () => {
  localStorage.setItem("truenav.hidden", "1");
  const answer = { past_tail: { value_at_risk: "-0.0182" } };
  server.use(http.get(`${one}/body`, () => HttpResponse.json(answer)));
  show(() => <ReportView report={{ ...DETAIL, kind: "risk" }} />);
  expect((await screen.findByTestId("said")).textContent).toBe(
    "Tail of the past › value at risk−1.82%",
  );
});

test("a report is saved whole, as it was said", async () => {
  const saved = savedFiles();
  server.use(said);
  const { user } = show(() => <ReportView report={DETAIL} />);
  await user.click(await screen.findByRole("button", { name: "Save all of it as JSON" }));
  expect(JSON.parse((await saved[0]?.text()) ?? "")).toEqual({ gain: "20", items: [1, 2] });
});

test("a report that is not what its inputs give is called a bug", async () => {
  const wrong: RecomputedOut = {
    ...SAME,
    is_equal: false,
    recomputed_sha256: "b".repeat(64),
    difference_count: 1,
    differences: [{ pointer: "/gain", before: "20", after: "21" }],
    today: { is_equal: null, reason: "account_gone", causes: [], since: null },
  };
  server.use(
    said,
    http.post(`${one}/recompute`, () => HttpResponse.json(wrong)),
    http.get(one, () => HttpResponse.json(DETAIL)),
  );
  const { user } = show(() => <ReportView report={DETAIL} />);
  await user.click(await screen.findByRole("button", { name: "Work it out again" }));
  const verdict = await screen.findByTestId("verdict");
  expect(verdict.textContent).toMatch(/This is a bug.*gain: \$20\.00 → \$21\.00/);
  expect(verdict.textContent).toContain("does not exist any more");
});

test.each([
  ["version_retired", /cannot be computed any more/],
  ["inputs_unreadable", /in a form that cannot be read any more/],
] as const)("a report nobody can check says why: %s", async (reason, words) => {
  const unknown: RecomputedOut = { ...SAME, is_equal: null, reason, recomputed_sha256: null };
  server.use(
    said,
    http.post(`${one}/recompute`, () => HttpResponse.json(unknown)),
    http.get(one, () => HttpResponse.json(DETAIL)),
  );
  const { user } = show(() => <ReportView report={DETAIL} />);
  await user.click(await screen.findByRole("button", { name: "Work it out again" }));
  expect((await screen.findByTestId("verdict")).textContent).toMatch(words);
});

test("calculations are listed with what changed between versions", async () => {
  const found: CalculationsOut = {
    items: [
      {
        name: "twrr",
        title: "Time-weighted return",
        about: "What the investments did.",
        docs: "twrr",
        current_version: "2026.2",
        versions: [
          {
            version: "2026.2",
            since: "2026-11-30",
            change: "Breaks no chain.",
            modules: ["truenav.core.performance.twrr"],
            is_live: true,
          },
          {
            version: "2026.1",
            since: "2026-11-24",
            change: "Breaks.",
            modules: ["truenav.core.performance.twrr_2026_1"],
            is_live: true,
          },
          { version: "2025.9", since: "2026-11-23", change: "First.", modules: [], is_live: false },
        ],
      },
      {
        name: "risk",
        title: "Risk",
        about: "Statistics.",
        docs: "risk",
        current_version: "2026.2",
        versions: [
          { version: "2026.1", since: "2026-11-30", change: "First.", modules: [], is_live: true },
        ],
      },
    ],
  };
  server.use(http.get(api("/calculations"), () => HttpResponse.json(found)));
  show(() => <CalculationsList />);
  const list = await screen.findByTestId("calculations");
  expect(list.textContent).toMatch(/2026\.2.*Breaks no chain\.Shown on the pages/);
  expect(list.textContent).toContain("Not computed any more.");
  expect(list.textContent).toMatch(/2026\.1.*Breaks\..*Can be asked for/);
  expect(list.textContent).toMatch(/Risk.*2026\.1.*Computed for reports made with it/);
  const links = within(list).getAllByRole("link", { name: "Show returns by this version" });
  const ways = links.map((link) => decodeURIComponent(link.getAttribute("href") ?? ""));
  expect(ways).toEqual(['/performance?version="2026.1"']);
});

test("lists of a report are tables in words, rounded; of a long one the first lines", async () => {
  const line = { instrument_id: REPORT_ID, symbol: "AAA", currency: "KRW", price: "64000.5", market_value: "480.126", cost: null }; // prettier-ignore
  const items = Array.from({ length: 51 }, (_, place) => ({
    ...line,
    symbol: `A${String(place)}`,
  }));
  server.use(http.get(`${one}/body`, () => HttpResponse.json({ as_of: "2026-02-28", items })));
  const { user } = show(() => <ReportView report={{ ...DETAIL, kind: "holdings" }} />);
  await user.click(await screen.findByText("Lines: 51 lines"));
  const table = screen.getByRole("table", { name: "Lines" });
  const headings = within(table).getAllByRole("columnheader");
  expect(headings.map((cell) => cell.textContent)).toEqual([
    "Symbol",
    "Price",
    "Market value",
    "Currency",
  ]);
  const [, first] = within(table).getAllByRole("row");
  expect(first?.textContent).toBe("A0₩64,000.5$480.13KRW");
  expect(within(table).getAllByRole("row")).toHaveLength(51);
  screen.getByText("The first 50; all 51 are in the file.");
});
