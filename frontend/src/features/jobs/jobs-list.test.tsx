import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import type { JobOut } from "@/shared/api/gen/types.gen";
import {
  CANCELLED,
  DONE,
  PARKED,
  RETRYING,
  RUNNING,
  SUMMARY,
  WAITING,
} from "@/shared/testing/job-samples";
import { show } from "@/shared/testing/render";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { Toast, type Told } from "@/shared/ui/toast";
import { JobsList } from "./jobs-list";
import type { JobFilter } from "./queries";

const JOBS = api("/operations/jobs");

beforeEach(() => {
  server.use(http.get(api("/operations/jobs/summary"), () => HttpResponse.json(SUMMARY)));
});

const answer = (...jobs: JobOut[]) => http.get(JOBS, () => HttpResponse.json(pageOf(jobs)));

const ALL: JobFilter = {};

function Page({ filter = ALL, canChange = true }: { filter?: JobFilter; canChange?: boolean }) {
  const [told, setTold] = useState<Told | null>(null);
  return (
    <>
      <JobsList filter={filter} canChange={canChange} tell={setTold} />
      <Toast
        told={told}
        onClose={() => {
          setTold(null);
        }}
      />
    </>
  );
}

const rows = async (): Promise<HTMLElement[]> =>
  within(await screen.findByTestId("jobs")).getAllByRole("listitem");

test("every state says what it is, whose, what it is about and how it goes", async () => {
  server.use(answer(RUNNING, WAITING, RETRYING, PARKED, CANCELLED, DONE));
  show(() => <Page />);
  const told = (await rows()).map((row) => row.textContent);
  expect(told).toEqual([
    expect.stringMatching(
      /^RunningBackfill AAPL, MSFT, Jan 1, 2020 – Nov 27, 2026Truenav, asked for 5 minutes ago37%Splitting the backfill, 37 of 100, begun 2 minutes ago/,
    ),
    expect.stringMatching(
      /^WaitingClosing prices AAPL, up to Nov 27, 2026Truenav.*Put into its queue 4 minutes ago/,
    ),
    expect.stringMatching(
      /^Retrying.*Failed twice; tried next in \d+ secondsNobody answered: asked yahoo transport/,
    ),
    expect.stringMatching(
      /^Given upValues after a postinga tenant, .*Given up after 4 failures, 1 hour ago; an alert was sentOperationalError/,
    ),
    expect.stringMatching(/^CancelledPart of a backfill AAPL.*its backfillEnded 3 minutes ago/),
    expect.stringMatching(/^Done.*12 rows new from tiingo, ended 3 minutes ago/),
  ]);
  expect(screen.getByRole("progressbar", { name: "How far it is" }).getAttribute("value")).toBe(
    "37",
  );
});

test("an unknown kind shows itself; work that told nothing shows no bar", async () => {
  server.use(
    answer({
      ...RUNNING,
      kind: "house.odd_thing",
      about: {},
      progress: { done: 0, total: null, message: null },
    }),
  );
  show(() => <Page />);
  const [row] = await rows();
  expect(row?.textContent).toContain("house.odd_thing");
  expect(row?.textContent).toContain("begun 2 minutes ago");
  expect(screen.queryByRole("progressbar")).toBeNull();
});

test("work that must wait for somebody's allowance says until when, and why", async () => {
  const due = new Date(Date.now() + 1_800_000).toISOString();
  server.use(
    answer({
      ...WAITING,
      state: "retrying",
      due_at: due,
      last_error: "work_postponed: tiingo quota",
    }),
  );
  show(() => <Page />);
  const [row] = await rows();
  expect(row?.textContent).toMatch(
    /Must wait; tried next in \d+ minutesWork postponed: tiingo quota/,
  );
});

test("what was given up is tried again, and the list shows it", async () => {
  const asked: string[] = [];
  let job: JobOut = PARKED;
  server.use(
    http.get(JOBS, () => HttpResponse.json(pageOf([job]))),
    http.post(`${JOBS}/${PARKED.id}/retry`, () => {
      asked.push("retry");
      job = { ...PARKED, state: "waiting", park_reason: null, failure_count: 0, last_error: null };
      return HttpResponse.json(job);
    }),
  );
  const { user } = show(() => <Page />);
  await user.click(
    await screen.findByRole("button", { name: "Try again: Values after a posting" }),
  );
  await screen.findByText("It is tried again: Values after a posting.");
  await screen.findByText("Waiting");
  expect(asked).toEqual(["retry"]);
  // the button went with the state; one goes on from the list
  expect(document.activeElement).toBe(screen.getByTestId("jobs"));
  await user.click(screen.getByRole("button", { name: "Close this message" }));
  expect(screen.queryByText(/It is tried again/)).toBeNull();
});

test("striking out asks first, and can be left", async () => {
  const asked: string[] = [];
  server.use(
    answer(PARKED),
    http.post(`${JOBS}/${PARKED.id}/cancel`, () => {
      asked.push("cancel");
      return HttpResponse.json({ cancelled_count: 1 });
    }),
  );
  const { user } = show(() => <Page />);
  const strike = await screen.findByRole("button", { name: "Strike out: Values after a posting" });
  await user.click(strike);
  const dialog = await screen.findByRole("alertdialog", { name: "Strike this out?" });
  expect(dialog.textContent).toContain("It will not be done");
  await user.click(within(dialog).getByRole("button", { name: "Keep it" }));
  await waitFor(() => {
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
  expect(asked).toEqual([]);
  await user.click(strike);
  await user.click(await screen.findByRole("button", { name: "Strike it out" }));
  await screen.findByText("Struck out: Values after a posting.");
  expect(asked).toEqual(["cancel"]);
});

test("a conflict is told in words, and the list is asked for anew", async () => {
  let listed = 0;
  server.use(
    http.get(JOBS, () => {
      listed += 1;
      return HttpResponse.json(pageOf([WAITING]));
    }),
    http.post(`${JOBS}/${WAITING.id}/cancel`, () =>
      refuse(409, { code: "nothing_to_cancel", detail: "this job is done" }),
    ),
  );
  const { user } = show(() => <Page />);
  await user.click(await screen.findByRole("button", { name: /^Cancel: Closing prices, AAPL/ }));
  const before = listed;
  await user.click(await screen.findByRole("button", { name: "Cancel it" }));
  const alert = await screen.findByText(/There is nothing to cancel: it has ended/);
  expect(alert.closest("[role=alert]")).not.toBeNull();
  await waitFor(() => {
    expect(listed).toBeGreaterThan(before);
  });
});

test("a tenant's open work is for its people; who may only look has no buttons", async () => {
  server.use(answer({ ...PARKED, state: "waiting" }));
  show(() => <Page />);
  await rows();
  expect(screen.queryByRole("button")).toBeNull();
});

test("visitors decide nothing", async () => {
  server.use(answer(PARKED, WAITING, CANCELLED));
  show(() => <Page canChange={false} />);
  expect(await rows()).toHaveLength(3);
  expect(screen.queryByRole("button")).toBeNull();
});

test("the filter is asked of the server, and further pages follow", async () => {
  const asked: string[] = [];
  server.use(
    http.get(JOBS, ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams.toString());
      return searchParams.has("cursor")
        ? HttpResponse.json(pageOf([DONE]))
        : HttpResponse.json(pageOf([CANCELLED], "next"));
    }),
  );
  const filter = {
    state: "done",
    kind: "marketdata.span_due",
    batch: DONE.batch_id ?? "",
  } as const;
  const { user } = show(() => <Page filter={filter} />);
  await user.click(await screen.findByRole("button", { name: "Show earlier jobs" }));
  await waitFor(async () => {
    expect(await rows()).toHaveLength(2);
  });
  const first = `limit=20&state=done&kind=marketdata.span_due&batch_id=${DONE.batch_id ?? ""}`;
  expect(asked).toEqual([first, `${first}&cursor=next`]);
});

test("loading, nothing and nothing of that sort are told apart", async () => {
  server.use(answer());
  show(() => <Page filter={{ state: "parked" }} />);
  await screen.findByRole("status", { name: "Loading the jobs" });
  await screen.findByText("Nothing was given up");
});

test("no work at all", async () => {
  server.use(answer());
  show(() => <Page />);
  await screen.findByText("No work yet");
});

test("an error can be tried again; a failed refresh keeps what was there, marked", async () => {
  let isUp = false;
  server.use(
    http.get(JOBS, () =>
      isUp ? HttpResponse.json(pageOf([WAITING])) : refuse(503, { detail: "not now" }),
    ),
  );
  const { user, queries } = show(() => <Page />);
  expect((await screen.findByText("not now")).closest("[role=alert]")).not.toBeNull();
  isUp = true;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("Closing prices");
  isUp = false;
  await queries.invalidateQueries();
  await screen.findByText(/the jobs could not be refreshed/);
  expect(screen.getByText("Closing prices")).toBeDefined();
});
