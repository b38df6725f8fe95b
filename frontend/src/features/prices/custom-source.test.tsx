import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { CustomSourceOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { CustomSource } from "./custom-source";

const SOURCE: CustomSourceOut = {
  url: "https://example.com/q.json",
  price_path: "data[0].p",
  date_path: null,
  currency_path: null,
  currency: "USD",
  factor: "1",
  version: 4,
  set_at: "2026-03-03T10:00:00Z",
  tried_at: "2026-03-04T10:00:00Z",
  last_error: null,
  last_price: "104.1",
  last_price_date: "2026-03-04",
  last_read_at: "2026-03-04T10:00:00Z",
};
const PATH = api(`/instruments/${AAPL.id}/custom-source`);

const open = (source: CustomSourceOut | null) => {
  server.use(http.get(PATH, () => HttpResponse.json({ source })));
  return show(() => <CustomSource instrumentId={AAPL.id} currency="USD" />);
};

test("a source is tried before it is saved, and what would be read is shown", async () => {
  const sent: unknown[] = [];
  const { user } = open(null);
  server.use(
    http.post(`${PATH}/test`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ price: "104.1", currency: "USD", price_date: "2026-03-04" });
    }),
    http.put(PATH, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(SOURCE);
    }),
  );
  expect(await screen.findByRole("status", { name: "Loading the source" })).toBeDefined();
  await user.click(await screen.findByRole("button", { name: "Fetch from a URL" }));
  await user.type(screen.getByLabelText("URL"), SOURCE.url);
  await user.type(screen.getByLabelText("Where the price stands"), "data[[0].p");
  await user.click(screen.getByRole("button", { name: "Try" }));
  expect(await screen.findByText(/It reads/)).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Save the source" }));

  const body = {
    url: SOURCE.url,
    price_path: "data[0].p",
    date_path: null,
    currency_path: null,
    currency: "USD",
    factor: "1",
  };
  await expect.poll(() => sent).toEqual([body, { ...body, version: null }]);
});

test("what was read last is told, and what went wrong", async () => {
  open({ ...SOURCE, last_error: "fetch_failed: it answered with status 500" });

  expect(await screen.findByText(/Last read/)).toBeDefined();
  expect(screen.getByText("Not read the last time: it answered with status 500")).toBeDefined();
});

test("a refusal stands beside its field, any other above the form", async () => {
  const { user } = open(SOURCE);
  server.use(
    http.post(
      `${PATH}/test`,
      () => refuse(422, { errors: [{ pointer: "/body/url", detail: "only https is fetched" }] }),
      { once: true },
    ),
    http.post(`${PATH}/test`, () => refuse(422, { detail: "there is no p at the top" })),
  );
  await user.click(await screen.findByRole("button", { name: "Change the source" }));
  await user.click(screen.getByRole("button", { name: "Try" }));
  expect(await screen.findByText("only https is fetched")).toBeDefined();
  expect(screen.getByLabelText("URL").getAttribute("aria-invalid")).toBe("true");
  await user.click(screen.getByRole("button", { name: "Try" }));

  expect(await screen.findByText("there is no p at the top")).toBeDefined();
});

test("removing names the version that was seen", async () => {
  let asked = "";
  const { user } = open(SOURCE);
  server.use(
    http.delete(PATH, ({ request }) => {
      asked = new URL(request.url).search;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await user.click(await screen.findByRole("button", { name: "Remove the source" }));

  await expect.poll(() => asked).toBe("?version=4");
});

test("a failure says so and offers the way on", async () => {
  server.use(http.get(PATH, () => refuse(503)));
  show(() => <CustomSource instrumentId={AAPL.id} currency="USD" />);

  expect(await screen.findByRole("button", { name: "Try again" })).toBeDefined();
});
