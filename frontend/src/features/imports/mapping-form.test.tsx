import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { BATCH } from "@/shared/testing/import-samples";
import { api, refuse, server } from "@/shared/testing/server";
import { ImportWizard } from "./import-wizard";

const ONE = api(`/imports/${BATCH.id}`);
const ASKING = {
  ...BATCH,
  format: "generic_csv",
  status: "needs_mapping",
  preview: null,
  mapping_question: {
    header: ["When", "What", "Each"],
    sample: [
      ["2013-01-02", "Cash in", "5"],
      ["2013-01-03", "Got", "7"],
      ["2013-01-04", "Got", "8"],
    ],
    suggested: { columns: { date: "When" }, date_order: "dmy", decimal_mark: "." },
    problems: ["no column was recognized as the kind"],
  },
} as const;

function open() {
  const sent: unknown[] = [];
  server.use(
    http.get(ONE, () => HttpResponse.json(ASKING)),
    http.put(`${ONE}/mapping`, async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ ...ASKING, status: "reading" }, { status: 202 });
    }),
  );
  return { sent, user: show(() => <ImportWizard importId={BATCH.id} />).user };
}

test("what is suggested is chosen, what is missing is said, and the words of a column are asked", async () => {
  const { user } = open();
  expect(await screen.findByText("no column was recognized as the kind")).toBeDefined();
  expect(screen.getByLabelText("Date (needed)")).toHaveProperty("value", "When");
  expect(screen.getByLabelText("Dates")).toHaveProperty("value", "dmy");
  expect(screen.getByRole("region", { name: "First rows of the file" }).textContent).toContain(
    "Got",
  );
  expect(screen.queryByLabelText("Got")).toBeNull();
  await user.selectOptions(screen.getByLabelText("Kind (needed)"), "What");
  expect(screen.getByLabelText("Got")).toBeDefined();
  expect(screen.getByLabelText("Cash in")).toBeDefined();
});

test("the mapping is sent without what was left out", async () => {
  const { sent, user } = open();
  await user.selectOptions(await screen.findByLabelText("Kind (needed)"), "What");
  await user.selectOptions(screen.getByLabelText("Amount"), "Each");
  await user.selectOptions(screen.getByLabelText("Note"), "What");
  await user.selectOptions(screen.getByLabelText("Note"), "");
  await user.selectOptions(screen.getByLabelText("Got"), "buy");
  await user.selectOptions(screen.getByLabelText("Numbers"), ",");
  await user.click(screen.getByRole("button", { name: "Read the file" }));
  expect(await screen.findByText("Working…")).toBeDefined();
  expect(sent).toEqual([
    {
      columns: { date: "When", kind: "What", amount: "Each" },
      kinds: { Got: "buy" },
      date_order: "dmy",
      decimal_mark: ",",
      default_currency: "USD",
    },
  ]);
});

test("a refused mapping is told and what was chosen stays", async () => {
  const { user } = open();
  server.use(http.put(`${ONE}/mapping`, () => refuse(422, { detail: "a kind is needed" })));
  await user.selectOptions(await screen.findByLabelText("Amount"), "Each");
  await user.click(screen.getByRole("button", { name: "Read the file" }));
  expect(await screen.findByText("a kind is needed")).toBeDefined();
  expect(screen.getByLabelText("Amount")).toHaveProperty("value", "Each");
});
