import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, pageOf, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { TransactionsPage } from "./transactions";

/** What the list is asked for, newest last. */
function asked(): URLSearchParams[] {
  const queries: URLSearchParams[] = [];
  server.use(
    http.get(api("/transactions"), ({ request }) => {
      queries.push(new URL(request.url).searchParams);
      return HttpResponse.json(pageOf([]));
    }),
  );
  return queries;
}

const open = (at = "/") => show(() => <TransactionsPage />, { at, validateSearch: readSearch });

test("each filter is in the address and in the question to the server", async () => {
  const queries = asked();
  const { user, router } = open();
  await user.selectOptions(await screen.findByLabelText("Kind"), "dividend");
  await user.type(screen.getByLabelText("From"), "2012-01-01");
  await user.type(screen.getByLabelText("To"), "2012-12-31");
  await user.click(screen.getByLabelText("Only to review"));
  await user.click(screen.getByLabelText("Show taken back"));
  await waitFor(() => {
    expect(Object.fromEntries(queries.at(-1) ?? [])).toEqual({
      kind: "dividend",
      from: "2012-01-01",
      to: "2012-12-31",
      needs_review: "true",
      include_reversed: "true",
      limit: "100",
    });
  });
  expect(router.state.location.search).toEqual({
    kind: "dividend",
    from: "2012-01-01",
    to: "2012-12-31",
    review: true,
    reversed: true,
  });
});

test("an address with filters opens with them; clearing keeps the account", async () => {
  const queries = asked();
  const { user, router } = open(`/?kind=sell&account=${ACCOUNT.id}`);
  expect(await screen.findByText("No transactions match")).toBeDefined();
  expect(screen.getByLabelText("Kind")).toHaveProperty("value", "sell");
  expect(queries.at(-1)?.get("kind")).toBe("sell");
  await user.click(screen.getByRole("button", { name: "Clear the filters" }));
  expect(await screen.findByText("No transactions yet")).toBeDefined();
  expect(router.state.location.search).toEqual({ account: ACCOUNT.id });
  expect(queries.at(-1)?.get("kind")).toBeNull();
  expect(queries.at(-1)?.get("account_id")).toBe(ACCOUNT.id);
});

test("where nothing is recorded both ways in are offered, with the account at hand", async () => {
  asked();
  open(`/?account=${ACCOUNT.id}`);
  const add = await screen.findByRole("link", { name: "Add one by hand" });
  expect(add.getAttribute("href")).toBe(`/transactions/new?account=${ACCOUNT.id}`);
  expect(screen.getByRole("link", { name: "Import a file" })).toBeDefined();
});
