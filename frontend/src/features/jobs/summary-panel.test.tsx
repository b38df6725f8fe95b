import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { JobsSummaryOut } from "@/shared/api/gen/types.gen";
import { PARKED, SUMMARY } from "@/shared/testing/job-samples";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { ScheduleTable } from "./schedule-table";
import { SummaryPanel } from "./summary-panel";

const SUMMARIES = api("/operations/jobs/summary");
const answer = (parts: Partial<JobsSummaryOut> = {}) =>
  server.use(http.get(SUMMARIES, () => HttpResponse.json({ ...SUMMARY, ...parts })));

test("all is well: what is open, who works on it, and who is told", async () => {
  answer();
  show(() => <SummaryPanel />);
  await screen.findByText("The queue is up, and every queue has its worker.");
  const queues = within(screen.getByTestId("queues")).getAllByRole("row").slice(1);
  expect(queues.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^high.*0.*1 worker, ready$/),
    expect.stringMatching(/^default.*1.*1 worker, working$/),
    expect.stringMatching(/^low.*2.*2 workers, 1 working, 1 ready$/),
  ]);
  const counts = screen.getAllByRole("definition").map((found) => found.textContent);
  expect(counts).toEqual([
    "1the oldest asked for 5 minutes ago",
    "3the oldest asked for 2 hours ago",
    "0nothing failed lately",
    "0nothing was given up",
  ]);
  expect(
    screen.getByText("When work is given up, you are told by Slack and e-mail, once."),
  ).toBeDefined();
  const link = screen.getByRole("link", { name: "3 waiting: show them" });
  expect(link.getAttribute("href")).toBe("/operations/jobs?job=waiting#work");
});

test("what was given up leads to its list", async () => {
  const { kind, requested_at } = PARKED;
  answer({ counts: [{ kind, state: "parked", job_count: 2, oldest_at: requested_at }] });
  show(() => <SummaryPanel />);
  const link = await screen.findByRole("link", { name: "2 given up: show them" });
  expect(link.getAttribute("href")).toBe("/operations/jobs?job=parked#work");
});

test("without the queue server, work waits safely", async () => {
  answer({
    is_queue_up: false,
    queues: SUMMARY.queues.map(({ name }) => ({ name, waiting_count: null, workers: null })),
  });
  show(() => <SummaryPanel />);
  await screen.findByText("The queue is down");
  expect(screen.getByText(/waits safely in the database and goes on by itself/)).toBeDefined();
  expect(screen.getByTestId("queues").textContent).toContain("not known");
  expect(screen.queryByText(/missing/)).toBeNull();
});

test("a worker that is missing is a warning, and so is silence about failures", async () => {
  const [high, normal, low] = SUMMARY.queues;
  answer({
    queues: [high, normal, low].flatMap((queue) =>
      queue ? [queue.name === "low" ? { ...queue, workers: [] } : queue] : [],
    ),
    alert_channels: [],
  });
  show(() => <SummaryPanel />);
  await screen.findByText("No worker on the queue low");
  expect(screen.getByText("missing")).toBeDefined();
  for (const name of ["TRUENAV_ALERT_SLACK_URL", "TRUENAV_SMTP_URL", "TRUENAV_ALERT_MAIL_TO"]) {
    expect(screen.getByText(name)).toBeDefined();
  }
});

test("the schedule: with the exchange, when it comes, and what is paused", async () => {
  answer();
  show(() => <ScheduleTable />);
  await screen.findByRole("status", { name: "Loading the schedule" });
  const rows = within(await screen.findByTestId("schedule"))
    .getAllByRole("row")
    .slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^Closing prices, New York \(XNYS\)Last Nov \d+, 2026.*Next (Nov|Dec) /),
    expect.stringMatching(/^Closing prices, XQQQ.*Next not known$/),
    expect.stringMatching(/^Values of a new dayLast not yet/),
    expect.stringMatching(/^Exchange rates of the European Central Bank.*paused: offline$/),
  ]);
  expect(screen.getByText(/works offline/)).toBeDefined();
});

test("a refusal says who the page is for", async () => {
  server.use(
    http.get(SUMMARIES, () => refuse(403, { detail: "this is for who operates the installation" })),
  );
  show(() => <SummaryPanel />);
  await screen.findByRole("status", { name: "Loading how work goes" });
  await screen.findByText("this is for who operates the installation");
});

test("a failed refresh keeps what was there, marked", async () => {
  answer();
  const { queries } = show(() => <SummaryPanel />);
  await screen.findByTestId("queues");
  server.use(http.get(SUMMARIES, () => refuse(503)));
  await queries.invalidateQueries();
  await screen.findByText(/how work goes could not be refreshed/);
  expect(screen.getByTestId("queues")).toBeDefined();
});

test("the canary: well in a line, drifted with its figures", async () => {
  const canary: NonNullable<JobsSummaryOut["canary"]> = {
    state: "ok",
    since: "2026-11-27T09:00:00Z",
    checked_at: "2026-11-27T10:00:00Z",
    duration_ms: 130,
    drifts: [],
  };
  answer({ canary });
  show(() => <SummaryPanel />);
  const line = await screen.findByTestId("canary");
  expect(line.textContent).toMatch(/^The canary is well: every known answer came out; looked at/);
  expect(line.textContent).toContain("in 130 ms");
});

test("a canary that drifted says which figures, and where the runbook is", async () => {
  answer({
    canary: {
      state: "drifted",
      since: "2026-11-27T09:00:00Z",
      checked_at: "2026-11-27T10:00:00Z",
      duration_ms: 130,
      drifts: [{ figure: "units", expected: "160", found: null }],
    },
  });
  show(() => <SummaryPanel />);
  const notice = await screen.findByTestId("canary");
  expect(notice.textContent).toContain("units: 160 expected, nothing found");
  expect(notice.textContent).toContain("docs/runbooks/canary.md");
});
