import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { InstrumentOrder } from "./instrument-order";

const PATH = api(`/operations/data/instruments/${AAPL.id}/source-order`);
const ORDER = {
  sources: ["yahoo"],
  effective: ["yahoo", "csv", "tiingo"],
  declared: ["csv", "tiingo", "yahoo"],
  version: 2,
  set_at: "2026-03-03T10:00:00Z",
};

test("an operator saves the order of one instrument", async () => {
  let sent: unknown;
  server.use(
    http.get(PATH, () => HttpResponse.json(ORDER)),
    http.put(PATH, async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...ORDER, version: 3 });
    }),
  );
  const { user } = show(() => <InstrumentOrder instrumentId={AAPL.id} canChange />);
  await user.click(await screen.findByRole("button", { name: "Move Tiingo up" }));
  await user.click(screen.getByRole("button", { name: "Save the order" }));

  await expect.poll(() => sent).toEqual({ sources: ["yahoo", "tiingo"], version: 2 });
});

test("a failure says so and offers the way on", async () => {
  server.use(http.get(PATH, () => refuse(403)));
  show(() => <InstrumentOrder instrumentId={AAPL.id} canChange />);

  expect(await screen.findByRole("button", { name: "Try again" })).toBeDefined();
});
