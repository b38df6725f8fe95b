import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { MeOut } from "@/shared/api/gen/types.gen";
import { enter } from "@/shared/api/session";
import { BACKFILL, PARKED, SUMMARY } from "@/shared/testing/job-samples";
import { show } from "@/shared/testing/render";
import { SESSION } from "@/shared/testing/samples";
import { api, pageOf, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { OperationsJobsPage } from "./operations-jobs";

/** The page as somebody sees it, and what its list is asked for. */
async function open(access: MeOut["operator_access"], at = "/operations/jobs") {
  const asked: URLSearchParams[] = [];
  const session = { ...SESSION, me: { ...SESSION.me, operator_access: access } };
  server.use(
    http.post(api("/auth/log-in"), () => HttpResponse.json(session)),
    http.get(api("/operations/jobs/summary"), () => HttpResponse.json(SUMMARY)),
    http.get(api("/operations/backfills"), () => HttpResponse.json(pageOf([BACKFILL]))),
    http.get(api("/operations/jobs"), ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(pageOf([PARKED]));
    }),
  );
  await enter({ email: "ann@example.com", password: "x" });
  return { asked, ...show(() => <OperationsJobsPage />, { at, validateSearch: readSearch }) };
}

test("filters are in the address and in the question to the server", async () => {
  const { asked, user, router } = await open("full");
  await user.click(await screen.findByRole("radio", { name: "Given up" }));
  await user.selectOptions(screen.getByLabelText("Kind"), "Values after a posting");
  await waitFor(() => {
    expect(Object.fromEntries(asked.at(-1) ?? [])).toEqual({
      limit: "20",
      state: "parked",
      kind: "ledger.transactions_posted",
    });
  });
  expect(router.state.location.search).toEqual({
    job: "parked",
    topic: "ledger.transactions_posted",
  });
  await user.click(screen.getByRole("radio", { name: "All" }));
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ topic: "ledger.transactions_posted" });
  });
});

test("the parts of a backfill are left again; a kind nobody named can be chosen", async () => {
  const at = `/operations/jobs?batch=${BACKFILL.id}&topic=house.new_thing`;
  const { asked, user, router } = await open("full", at);
  const leave = await screen.findByRole("button", { name: /^Parts of one backfill/ });
  await waitFor(() => {
    expect(asked.at(-1)?.get("batch_id")).toBe(BACKFILL.id);
  });
  expect(screen.getByLabelText("Kind")).toHaveProperty("value", "house.new_thing");
  await user.click(leave);
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ topic: "house.new_thing" });
  });
});

test("the pages of operators stand beside one another", async () => {
  await open("full");
  const here = await screen.findByRole("link", { name: "Jobs" });
  expect(here.getAttribute("aria-current")).toBe("page");
  const other = screen.getByRole("link", { name: "Data quality" });
  expect(other.getAttribute("href")).toBe("/operations/data");
  expect(other.getAttribute("aria-current")).toBeNull();
});

test("who may only look is told so, and has nothing to press", async () => {
  await open("look");
  await screen.findByTestId("jobs");
  await screen.findByTestId("backfills");
  expect(screen.getByText(/Trying again and cancelling is for who operates/)).toBeDefined();
  expect(screen.getByText(/Asking for a backfill is for who operates/)).toBeDefined();
  expect(screen.queryByRole("button")).toBeNull();
});
