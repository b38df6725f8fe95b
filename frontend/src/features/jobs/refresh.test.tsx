import { act, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SUMMARY, WAITING } from "@/shared/testing/job-samples";
import { show } from "@/shared/testing/render";
import { api, pageOf, server } from "@/shared/testing/server";
import { JobsList } from "./jobs-list";

let listed = 0;
let summary = SUMMARY;

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  listed = 0;
  summary = SUMMARY;
  server.use(
    http.get(api("/operations/jobs/summary"), () => HttpResponse.json(summary)),
    http.get(api("/operations/jobs"), () => {
      listed += 1;
      return HttpResponse.json(pageOf([WAITING]));
    }),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = async (milliseconds: number) => {
  await act(() => vi.advanceTimersByTimeAsync(milliseconds));
};
const open = async () => {
  show(() => <JobsList filter={{}} canChange tell={() => {}} />);
  await screen.findByText("Closing prices");
};

test("while something is open, the list is asked for every few seconds; focus stays", async () => {
  await open();
  const button = screen.getByRole("button", { name: /^Cancel/ });
  button.focus();
  await pass(13_000);
  expect(listed).toBeGreaterThanOrEqual(3);
  expect(document.activeElement).toBe(button);
});

test("while nothing is open, seldom", async () => {
  summary = { ...SUMMARY, counts: SUMMARY.counts.filter(({ state }) => state === "done") };
  await open();
  await pass(13_000);
  expect(listed).toBe(1);
  await pass(10_000);
  expect(listed).toBe(2);
});

test("not at all while nobody looks", async () => {
  await open();
  const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  const before = listed;
  await pass(30_000);
  expect(listed).toBe(before);
  hidden.mockRestore();
  document.dispatchEvent(new Event("visibilitychange"));
});
