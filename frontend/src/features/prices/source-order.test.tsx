import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { SourceOrderOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { SourceOrder } from "./source-order";

const DECLARED = ["csv", "tiingo", "yahoo"];
const ORDER: SourceOrderOut = {
  sources: [],
  effective: DECLARED,
  declared: DECLARED,
  version: null,
  set_at: null,
};
const PATH = api("/source-order");

const open = (order: SourceOrderOut, canChange = true) => {
  server.use(http.get(PATH, () => HttpResponse.json(order)));
  return show(() => <SourceOrder canChange={canChange} />);
};
const listed = async () =>
  within(await screen.findByTestId("sources"))
    .getAllByRole("listitem")
    .map((item) => item.textContent);

test("a source is moved by keyboard alone, and the move is told", async () => {
  let sent: unknown;
  const { user } = open(ORDER);
  server.use(
    http.put(PATH, async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...ORDER, version: 1 });
    }),
  );
  expect(await screen.findByRole("status", { name: "Loading the sources" })).toBeDefined();
  (await screen.findByRole("button", { name: "Move Yahoo up" })).focus();
  await user.keyboard("{Enter}{Enter}");

  expect(await listed()).toEqual(["1Yahoo", "2Folder of CSV files", "3Tiingo"]);
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Move Yahoo up");
  expect(screen.getByText("Yahoo is now number 1")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save the order" }));
  await expect.poll(() => sent).toEqual({ sources: ["yahoo"], version: null });
});

test("what was chosen can be taken back, naming the version that was seen", async () => {
  let sent: unknown;
  const chosen = ["yahoo", "csv", "tiingo"];
  const { user } = open({ ...ORDER, sources: ["yahoo"], effective: chosen, version: 3 });
  server.use(
    http.put(PATH, async ({ request }) => {
      sent = await request.json();
      return refuse(409, { detail: "the order is another by now" });
    }),
  );
  await user.click(await screen.findByRole("button", { name: "As usual" }));
  await user.click(screen.getByRole("button", { name: "Save the order" }));

  expect((await screen.findByRole("alert")).textContent).toContain("another by now");
  expect(sent).toEqual({ sources: [], version: 3 });
});

test("who may only look is offered nothing to change", async () => {
  open(ORDER, false);

  expect(await listed()).toHaveLength(3);
  expect(screen.queryByRole("button")).toBeNull();
});

test("a failure says so and offers the way on", async () => {
  server.use(http.get(PATH, () => refuse(503)));
  show(() => <SourceOrder canChange />);

  expect(await screen.findByRole("button", { name: "Try again" })).toBeDefined();
});
