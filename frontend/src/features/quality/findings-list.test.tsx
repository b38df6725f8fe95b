import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { CoverageOut, FindingOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { CoverageTable } from "./coverage-table";
import { FindingsList } from "./findings-list";

const FINDING: FindingOut = {
  id: "0190a000-0000-7000-8000-0000000000f1",
  instrument_id: AAPL.id,
  symbol: "AAPL",
  kind: "restated",
  day: "2026-03-02",
  last_day: "2026-03-03",
  day_count: 2,
  source: "yahoo",
  ours: "103",
  theirs: "113.5",
  note: "the closes differ, for no known reason",
  status: "open",
  can_override: true,
  first_seen: "2026-03-04",
  last_seen: "2026-03-05",
  decisions: [],
};
const COVERAGE: CoverageOut = {
  instrument_id: AAPL.id,
  symbol: "AAPL",
  name: "Apple Inc",
  exchange: "XNAS",
  delisted_on: null,
  ran_on: "2026-03-05",
  ran_at: "2026-03-05T06:00:00Z",
  is_stale: false,
  first_day: "2024-01-02",
  last_day: "2026-03-04",
  bar_count: 544,
  session_count: 545,
  compared_count: 540,
  open_count: 1,
  data_version: 7,
  sources: [
    {
      source: "tiingo",
      bar_count: 544,
      event_count: 9,
      first_day: "2024-01-02",
      last_day: "2026-03-04",
      worst_adjusted_difference: "0",
    },
    {
      source: "yahoo",
      bar_count: 540,
      event_count: 9,
      first_day: "2024-01-02",
      last_day: "2026-03-04",
      worst_adjusted_difference: "0.1019",
    },
  ],
};
const FINDINGS = api("/operations/data/findings");
const COVERED = api("/operations/data/coverage");

test("a finding says what both sources tell, and is accepted with a reason", async () => {
  let decided: unknown;
  server.use(
    http.get(FINDINGS, () => HttpResponse.json(pageOf([FINDING]))),
    http.post(`${FINDINGS}/${FINDING.id}/decide`, async ({ request }) => {
      decided = await request.json();
      expect(request.headers.get("Idempotency-Key")).toBeTruthy();
      return HttpResponse.json({ ...FINDING, status: "accepted" });
    }),
  );
  const { user } = show(() => <FindingsList filter={{}} canDecide />);

  const item = await screen.findByText("Figures differ");
  expect(item).toBeDefined();
  expect(screen.getByText("113.5")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Accept as it is" }));
  expect((await screen.findByRole("alert")).textContent).toContain("say why");
  expect(decided).toBeUndefined();
  await user.type(screen.getByLabelText(/Reason/), "a late correction");
  await user.click(screen.getByRole("button", { name: "Accept as it is" }));
  await expect.poll(() => decided).toEqual({ decision: "accepted", reason: "a late correction" });
});

test("what taking over would do is on the button; who may only look has none", async () => {
  const struck: FindingOut = { ...FINDING, id: `${FINDING.id.slice(0, -1)}2`, theirs: null };
  const gone: FindingOut = { ...FINDING, id: `${FINDING.id.slice(0, -1)}3`, kind: "no_bars" };
  server.use(http.get(FINDINGS, () => HttpResponse.json(pageOf([FINDING, struck, gone]))));
  show(() => <FindingsList filter={{}} canDecide />);

  expect(await screen.findByRole("button", { name: "Take yahoo's over" })).toBeDefined();
  expect(screen.getByRole("button", { name: "Strike ours out" })).toBeDefined();
  expect(screen.getByRole("button", { name: "Mark as delisted" })).toBeDefined();
});

test("visitors see findings and decide nothing", async () => {
  server.use(http.get(FINDINGS, () => HttpResponse.json(pageOf([FINDING]))));
  show(() => <FindingsList filter={{}} canDecide={false} />);

  expect(await screen.findByText("Figures differ")).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});

test("loading, nothing and a refusal are told apart", async () => {
  server.use(http.get(FINDINGS, () => HttpResponse.json(pageOf([]))));
  show(() => <FindingsList filter={{}} canDecide />);
  expect(await screen.findByRole("status", { name: "Loading the findings" })).toBeDefined();
  expect(await screen.findByText("Nothing odd")).toBeDefined();
});

test("a refusal says who the page is for", async () => {
  const detail = "this is for who operates the installation";
  server.use(http.get(FINDINGS, () => refuse(403, { detail })));
  show(() => <FindingsList filter={{}} canDecide />);
  expect((await screen.findByRole("alert")).textContent).toContain(detail);
});

test("coverage says what is compared, what is missing and where something waits", async () => {
  const single: CoverageOut = {
    ...COVERAGE,
    instrument_id: `${AAPL.id.slice(0, -1)}9`,
    symbol: "ZQX",
    compared_count: 0,
    session_count: null,
    is_stale: true,
    open_count: 2,
  };
  server.use(http.get(COVERED, () => HttpResponse.json(pageOf([COVERAGE, single]))));
  let chosen: string | undefined;
  const { user } = show(() => (
    <CoverageTable
      words=""
      onlyOpen={false}
      chosen={undefined}
      onChoose={(id) => {
        chosen = id;
      }}
    />
  ));

  const rows = within(await screen.findByTestId("coverage")).getAllByRole("row");
  expect(rows[1]?.textContent).toContain("544 of 545");
  expect(rows[1]?.textContent).toContain("10.19%");
  expect(rows[2]?.textContent).toContain("calendar not known");
  expect(rows[2]?.textContent).toContain("one source");
  expect(rows[2]?.textContent).toContain("old");
  await user.click(screen.getByRole("button", { name: "2 findings of ZQX" }));
  expect(chosen).toBe(single.instrument_id);
});
