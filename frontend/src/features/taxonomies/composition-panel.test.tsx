import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { CompositionIn, CompositionOut } from "@/shared/api/gen/types.gen";
import { FUND_ID, part, PARTS } from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { CompositionPanel } from "./composition-panel";

const one = `/instruments/${FUND_ID}/composition`;
const APPLE = { instrument_id: AAPL.id, symbol: "AAPL", name: AAPL.name, weight_ratio: "0.5" };
const STATED: CompositionOut = {
  instrument_id: FUND_ID,
  symbol: "FUND",
  name: "A fund",
  as_of: "2026-01-31",
  version: 1,
  rest_ratio: "0.5",
  parts: [APPLE],
};
let sent: CompositionIn[] = [];
let stored: CompositionOut = STATED;
let isAway = false;

beforeEach(() => {
  sent = [];
  stored = STATED;
  isAway = false;
  server.use(
    http.get(api("/allocation"), () =>
      isAway
        ? HttpResponse.error()
        : HttpResponse.json({
            ...PARTS,
            holdings: [part("fund", { instrument_id: FUND_ID, label: "FUND", name: "A fund" })],
          }),
    ),
    http.get(api(one), () => (isAway ? HttpResponse.error() : HttpResponse.json(stored))),
    http.post(api(`${one}/read`), () => HttpResponse.json({ faults: [], parts: [APPLE] })),
    http.put(api(one), async ({ request }) => {
      if (isAway) return HttpResponse.error();
      const body = (await request.json()) as CompositionIn;
      sent.push(body);
      if (body.version !== stored.version) return refuse(409, { code: "stale_version" });
      stored = { ...stored, version: (stored.version ?? 0) + 1, as_of: body.as_of };
      return HttpResponse.json(stored);
    }),
    http.delete(api(one), () => {
      stored = { ...STATED, version: null, as_of: null, parts: [], rest_ratio: "1" };
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

const lines = () => screen.getByLabelText<HTMLTextAreaElement>("Parts and weights");
const state = () => screen.getByRole("button", { name: "State these parts" });

/** Chooses the fund, types a line and looks at it. */
async function looked() {
  const shown = show(() => <CompositionPanel />);
  const { user } = shown;
  await user.selectOptions(await screen.findByLabelText("Fund"), FUND_ID);
  await screen.findByText(/1 part stated as of Jan 31, 2026/);
  await user.type(lines(), "AAPL, 50 %");
  await user.click(screen.getByRole("button", { name: "Look at it first" }));
  await screen.findByText(/1 part read/);
  return shown;
}

test("what somebody else stated meanwhile is shown, what was typed stays, and it can be said again", async () => {
  const { user } = await looked();
  stored = { ...STATED, version: 2, as_of: "2026-02-28" };
  await user.click(state());
  await screen.findByText("Nothing was changed");
  await screen.findByText(/1 part stated as of Feb 28, 2026/);
  expect(screen.getByText("Nothing was changed")).toBeDefined();
  expect(lines().value).toBe("AAPL, 50 %");

  await user.click(state());
  await waitFor(() => {
    expect(lines().value).toBe("");
  });
  expect(sent.map(({ version }) => version)).toEqual([1, 2]);
  expect(screen.queryByText("Nothing was changed")).toBeNull();
});

test("without a network what was typed stays, and what is shown is told to be earlier", async () => {
  const { user, queries } = await looked();
  isAway = true;
  await user.click(state());
  await screen.findByText("Nothing was changed");
  await queries.invalidateQueries();
  await screen.findByText(/These are earlier figures: its parts/);
  expect(screen.getByText(/These are earlier figures: the funds/)).toBeDefined();
  expect(lines().value).toBe("AAPL, 50 %");
});

test("every figure is asked again, once parts are stated or forgotten", async () => {
  const { user, queries } = await looked();
  const explained = ["valuation", "explain", "of a part"];
  queries.setQueryData(explained, {});
  await user.click(state());
  await expect.poll(() => queries.getQueryState(explained)?.isInvalidated).toBe(true);

  queries.setQueryData(explained, {});
  await user.click(screen.getByRole("button", { name: "Look through it no more" }));
  await expect.poll(() => queries.getQueryState(explained)?.isInvalidated).toBe(true);
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Look through it no more" })).toBeNull();
  });
  expect(screen.getByLabelText<HTMLInputElement>("As of").value).toBe(PARTS.as_of);
});
