import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { BackfillOut } from "@/shared/api/gen/types.gen";
import { BACKFILL, SUMMARY } from "@/shared/testing/job-samples";
import { show } from "@/shared/testing/render";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { Toast, type Told } from "@/shared/ui/toast";
import { useState } from "react";
import { BackfillForm } from "./backfill-form";
import { faultsOf, symbolsOf } from "./backfill-input";
import { BackfillsList } from "./backfills-list";

const BACKFILLS = api("/operations/backfills");

beforeEach(() => {
  server.use(http.get(api("/operations/jobs/summary"), () => HttpResponse.json(SUMMARY)));
});

function Page({ canChange = true }: { canChange?: boolean }) {
  const [told, setTold] = useState<Told | null>(null);
  return (
    <>
      {canChange && <BackfillForm tell={setTold} />}
      <BackfillsList canChange={canChange} tell={setTold} />
      <Toast told={told} onClose={() => {}} />
    </>
  );
}

const answer = (...items: BackfillOut[]) =>
  http.get(BACKFILLS, () => HttpResponse.json(pageOf(items)));

test("symbols are read as they are typed or pasted", () => {
  expect(symbolsOf(" aapl, MSFT;brk-b\n aapl ")).toEqual(["AAPL", "MSFT", "BRK-B"]);
  expect(symbolsOf("  ")).toEqual([]);
});

test.each([
  [
    { first: "", last: "" },
    { first: "choose a day", last: "choose a day" },
  ],
  [{ first: "2020-02-02", last: "2020-02-01" }, { last: "this day comes before the first one" }],
  [{ first: "1899-12-31", last: "2020-01-01" }, { first: "choose a day from 1900 on" }],
  [{ first: "2026-12-01", last: "2026-12-02" }, { first: "this day has not come yet" }],
  [{ first: "2020-01-01", last: "2020-01-01" }, {}],
])("days %j: %j", (days, faults) => {
  expect(faultsOf({ ...days, symbols: "" }, "2026-11-30")).toEqual(faults);
});

test("symbols that are none, or too many, are told before anything is sent", () => {
  const days = { first: "2020-01-01", last: "2020-01-01" };
  const odd = faultsOf({ ...days, symbols: "AAPL, A$X" }, "2026-11-30");
  expect(odd.symbols).toContain("“A$X” is no symbol");
  const many = Array.from({ length: 501 }, (_, index) => `S${String(index)}`).join(" ");
  expect(faultsOf({ ...days, symbols: many }, "2026-11-30").symbols).toContain("at most 500");
});

test("faults stand at their fields, and the first of them is where one goes on", async () => {
  server.use(answer());
  const { user } = show(() => <Page />);
  await user.click(await screen.findByRole("button", { name: "Ask for it" }));
  const first = screen.getByLabelText("First day");
  expect(first.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getAllByText("choose a day")).toHaveLength(2);
  expect(document.activeElement).toBe(first);
});

test("what is asked for is sent once under one key, and the form is empty again", async () => {
  const keys: (string | null)[] = [];
  let body: unknown;
  let items: BackfillOut[] = [];
  server.use(
    http.get(BACKFILLS, () => HttpResponse.json(pageOf(items))),
    http.post(BACKFILLS, async ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      body = await request.json();
      if (keys.length === 1) return refuse(503, { detail: "not now" });
      items = [{ ...BACKFILL, state: "splitting", part_count: 0, done_count: 0 }];
      return HttpResponse.json(items[0], { status: 202 });
    }),
  );
  const { user } = show(() => <Page />);
  await screen.findByText("No backfill was asked for");
  await user.type(screen.getByLabelText("First day"), "2015-01-01");
  await user.type(screen.getByLabelText("Last day"), "2026-11-27");
  await user.type(screen.getByLabelText(/Symbols/), "aapl msft");
  await user.click(screen.getByRole("button", { name: "Ask for it" }));
  await screen.findByText("The backfill was not asked for");
  await user.click(screen.getByRole("button", { name: "Ask for it" }));
  await screen.findByText(/^Asked for\./);
  await screen.findByText("Being split into parts");
  expect(body).toEqual({
    first_day: "2015-01-01",
    last_day: "2026-11-27",
    symbols: ["AAPL", "MSFT"],
  });
  // the second try after a lost answer is the same request
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
  expect(screen.getByLabelText<HTMLInputElement>(/Symbols/).value).toBe("");
});

test("a field the server refuses is told at the field", async () => {
  server.use(
    answer(),
    http.post(BACKFILLS, () =>
      refuse(422, {
        errors: [{ pointer: "/body/first_day", detail: "ask for another" }],
      }),
    ),
  );
  const { user } = show(() => <Page />);
  await user.type(await screen.findByLabelText("First day"), "2015-01-01");
  await user.type(screen.getByLabelText("Last day"), "2015-01-01");
  await user.click(screen.getByRole("button", { name: "Ask for it" }));
  await screen.findByText("ask for another");
  expect(screen.queryByText("The backfill was not asked for")).toBeNull();
});

test("how far each is, what came of it, and the way to its parts", async () => {
  const gaps: BackfillOut = {
    ...BACKFILL,
    id: BACKFILL.id.replace("b9", "b8"),
    symbols: [],
    state: "done_with_gaps",
    failed_count: 1,
  };
  const none: BackfillOut = {
    ...BACKFILL,
    id: BACKFILL.id.replace("b9", "b7"),
    symbols: ["A", "B", "C", "D", "E", "F", "G", "H"],
    state: "done",
    part_count: 0,
    done_count: 0,
  };
  server.use(answer(BACKFILL, gaps, none));
  show(() => <Page />);
  const list = await screen.findByTestId("backfills");
  const items = within(list).getAllByRole("listitem");
  expect(items.map((item) => item.textContent)).toEqual([
    expect.stringMatching(
      /^AAPL Jan 1, 2015 – Nov 27, 2026asked for 5 minutes agoRunning75%3 of 4 parts done, 1,204 closes new or different, 1 part nobody could tell anything aboutShow its partsCancel$/,
    ),
    expect.stringMatching(/^Everything held .*Done, with gaps75%3 of 4 parts done, 1 given up/),
    expect.stringMatching(/^A, B, C, D, E, F and 2 more .*DoneNothing to ask for/),
  ]);
  const [parts] = screen.getAllByRole("link", { name: "Show its parts" });
  expect(parts?.getAttribute("href")).toBe(`/operations/jobs?batch=${BACKFILL.id}#work`);
});

test.each([
  [3, "The backfill is cancelled: 3 pieces of work will not be done."],
  [0, "Nothing was left to cancel: the backfill had ended."],
])("cancelling asks first; %d were left", async (count, said) => {
  let isCancelled = false;
  server.use(
    answer(BACKFILL),
    http.post(`${BACKFILLS}/${BACKFILL.id}/cancel`, () => {
      isCancelled = true;
      return HttpResponse.json({ cancelled_count: count });
    }),
  );
  const { user } = show(() => <Page />);
  await user.click(await screen.findByRole("button", { name: /^Cancel: AAPL/ }));
  expect(isCancelled).toBe(false);
  await user.click(await screen.findByRole("button", { name: "Cancel it" }));
  await screen.findByText(said);
});

test("visitors see backfills and ask for none", async () => {
  server.use(answer(BACKFILL));
  show(() => <Page canChange={false} />);
  await screen.findByTestId("backfills");
  expect(screen.queryByRole("button")).toBeNull();
});

test("loading, and an error that can be tried again", async () => {
  server.use(http.get(BACKFILLS, () => refuse(503, { detail: "not now" })));
  const { user } = show(() => <Page canChange={false} />);
  await screen.findByRole("status", { name: "Loading the backfills" });
  await screen.findByText("not now");
  server.use(answer(BACKFILL));
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => screen.getByTestId("backfills"));
});
