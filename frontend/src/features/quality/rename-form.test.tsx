import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { RenameForm } from "./rename-form";

const PATH = api(`/operations/data/instruments/${AAPL.id}/rename`);

test("a ticker is another one from a day on", async () => {
  let sent: unknown;
  server.use(
    http.post(PATH, async ({ request }) => {
      sent = await request.json();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = show(() => <RenameForm instrumentId={AAPL.id} />);
  await user.type(await screen.findByLabelText("New ticker"), "meta");
  await user.click(screen.getByRole("button", { name: "Rename it" }));
  expect(await screen.findByText("choose a day")).toBeDefined();
  await user.type(screen.getByLabelText("From"), "2022-06-09");
  await user.click(screen.getByRole("button", { name: "Rename it" }));

  expect(await screen.findByText(/It is META from/)).toBeDefined();
  expect(sent).toEqual({ symbol: "META", from_date: "2022-06-09" });
});

test("why it cannot be is told", async () => {
  server.use(http.post(PATH, () => refuse(409, { detail: "META is another instrument's then" })));
  const { user } = show(() => <RenameForm instrumentId={AAPL.id} />);
  await user.type(await screen.findByLabelText("New ticker"), "meta");
  await user.type(screen.getByLabelText("From"), "2022-06-09");
  await user.click(screen.getByRole("button", { name: "Rename it" }));

  expect((await screen.findByRole("alert")).textContent).toContain("another instrument's then");
});
