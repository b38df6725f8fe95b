import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { ImportBatchOut, ImportRowOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { BATCH, IMPORT_ROW } from "@/shared/testing/import-samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { ImportWizard } from "./import-wizard";

const ONE = api(`/imports/${BATCH.id}`);
const FAILED: ImportRowOut = {
  ...IMPORT_ROW,
  row_number: 4,
  status: "failed",
  reason_code: "two_digit_year",
  message: "row 4, Date: '01/10/13' has a year of two digits",
  column_name: "Date",
  draft: null,
  original: { Date: "01/10/13", Action: "Buy" },
};
const SKIPPED: ImportRowOut = {
  ...IMPORT_ROW,
  row_number: 6,
  status: "skipped",
  reason_code: "footer",
  message: "the file's own total",
  draft: null,
};
const DUPLICATE: ImportRowOut = {
  ...IMPORT_ROW,
  row_number: 5,
  status: "duplicate",
  reason_code: "duplicate",
  message: "the account holds this record already",
};

function batch(parts: Partial<ImportBatchOut> = {}, rows: ImportRowOut[] = [IMPORT_ROW]) {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(ONE, () => HttpResponse.json({ ...BATCH, ...parts })),
    http.get(api(`/imports/${BATCH.id}/rows`), ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const status = query.get("status");
      return HttpResponse.json(pageOf(rows.filter((row) => !status || row.status === status)));
    }),
  );
  return asked;
}

const open = () => show(() => <ImportWizard importId={BATCH.id} />).user;
const count = (label: string) =>
  screen.getByText(label, { selector: "dt" }).nextElementSibling?.textContent;

test("a file that cannot be read says why, names the place, and offers the way on", async () => {
  batch({
    status: "failed",
    problem_code: "unreadable_file",
    problem_detail: "row 3, column Amount: the XML is broken",
  });
  open();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("This file could not be read");
  expect(alert.textContent).toContain("row 3, column Amount: the XML is broken");
  expect(within(alert).getByRole("link", { name: "Choose another file" })).toBeDefined();
});

test("the preview counts every row and tells the effect, or why it is not known", async () => {
  batch();
  open();
  expect(await screen.findByText("Schwab CSV · into Schwab · Ready to import")).toBeDefined();
  const counts = ["Rows read", "Imported", "Already there", "Skipped", "Failed"].map(count);
  expect(counts).toEqual(["4", "1", "1", "1", "1"]);
  expect(screen.getByText("−$1,001.00", { selector: "li span" })).toBeDefined();
  expect(screen.getByText("Not known: no price is known.")).toBeDefined();
  expect(screen.getByText("Apple Inc")).toBeDefined();
});

test("a failed row stands first, with words, row, column and the broker's cell", async () => {
  const asked = batch({}, [IMPORT_ROW, FAILED, DUPLICATE, SKIPPED]);
  const user = open();
  const rows = within(await screen.findByTestId("import-rows"));
  expect(asked[0]?.get("status")).toBe("failed");
  expect(rows.getByText("The year has two digits; export it with four")).toBeDefined();
  expect(rows.getByText("Date: '01/10/13' has a year of two digits")).toBeDefined();
  const [, row] = rows.getAllByRole("row");
  expect(within(row as HTMLElement).getAllByRole("cell")[0]?.textContent).toContain("4");
  await user.click(rows.getByText("Original row"));
  expect(rows.getByText("01/10/13")).toBeDefined();
  expect(rows.getByText("(the cause)").parentElement?.textContent).toContain("Date");
});

test.each([
  ["Skipped", "The file's closing text"],
  ["Already there", "The account holds this record already"],
])("%s rows say why", async (filter, why) => {
  batch({}, [IMPORT_ROW, FAILED, DUPLICATE, SKIPPED]);
  const user = open();
  await screen.findByTestId("import-rows");
  await user.click(screen.getByRole("radio", { name: filter }));
  expect(await screen.findByText(why)).toBeDefined();
  expect(screen.queryByText("The year has two digits; export it with four")).toBeNull();
});

test("failed rows are left out only by a button that says so", async () => {
  batch();
  const asked: (string | null)[] = [];
  server.use(
    http.post(`${ONE}/commit`, ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("accept_failed"));
      return HttpResponse.json({ ...BATCH, status: "committed" }, { status: 202 });
    }),
  );
  const user = open();
  await user.click(
    await screen.findByRole("button", {
      name: "Import 1 transaction without the 1 failed row",
    }),
  );
  expect(await screen.findByText(/^Imported: 1 transaction/)).toBeDefined();
  expect(asked).toEqual(["true"]);
});

test("a refused commit is told and can be pressed again", async () => {
  batch({ failed_count: 0 });
  server.use(http.post(`${ONE}/commit`, () => refuse(409, { detail: "it was committed before" })));
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Import 1 transaction" }));
  expect(await screen.findByText("it was committed before")).toBeDefined();
  expect(screen.getByRole("button", { name: "Import 1 transaction" })).toHaveProperty(
    "disabled",
    false,
  );
});

test("a file of duplicates has nothing to import", async () => {
  batch(
    {
      imported_count: 0,
      failed_count: 0,
      duplicate_count: 4,
      preview: BATCH.preview && { ...BATCH.preview, transaction_count: 0 },
    },
    [DUPLICATE],
  );
  open();
  expect(await screen.findByText(/nothing new in this file/)).toBeDefined();
  expect(screen.queryByRole("button", { name: /^Import/ })).toBeNull();
});

test("the step that runs says how far it is", async () => {
  batch({
    status: "committing",
    progress: { step: "committing", done: 40, total: 100, is_given_up: false },
  });
  open();
  expect(await screen.findByText("Importing…")).toBeDefined();
  expect(screen.getByText("40 of 100 rows")).toBeDefined();
  expect(screen.getByRole("progressbar", { name: "Importing" })).toHaveProperty("value", 40);
});

test("what runs can be cancelled, and says so until it has stopped", async () => {
  batch({
    status: "committing",
    progress: { step: "committing", done: 40, total: 100, is_given_up: false },
  });
  server.use(
    http.post(`${ONE}/cancel`, () =>
      HttpResponse.json({ ...BATCH, status: "committing" }, { status: 202 }),
    ),
  );
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await screen.findByRole("button", { name: "Stopping…" })).toHaveProperty("disabled", true);
  batch({ status: "preview" });
  expect(await screen.findByRole("button", { name: /^Import \d+ transaction/ })).toBeDefined();
});

test("what was given up says so, and can be cancelled", async () => {
  batch({
    status: "committing",
    progress: { step: "committing", done: 0, total: null, is_given_up: true },
  });
  open();
  expect(await screen.findByText("This did not work")).toBeDefined();
  expect(screen.getByRole("button", { name: "Cancel" })).toBeDefined();
});

test("what ended meanwhile is not cancelled, and says why", async () => {
  batch({ status: "committing", progress: null });
  server.use(
    http.post(`${ONE}/cancel`, () =>
      HttpResponse.json(
        { type: "about:blank", title: "Conflict", status: 409, code: "stale_version" },
        { status: 409, headers: { "Content-Type": "application/problem+json" } },
      ),
    ),
  );
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("That did not happen")).toBeDefined();
});

test("an import is taken back as a whole", async () => {
  batch({ status: "committed" });
  server.use(
    http.post(`${ONE}/undo`, () =>
      HttpResponse.json({ ...BATCH, status: "undone" }, { status: 202 }),
    ),
  );
  const user = open();
  await user.click(await screen.findByText("Take the whole import back…"));
  await user.click(screen.getByRole("button", { name: "Take it back" }));
  expect(await screen.findByText(/^Taken back: every transaction/)).toBeDefined();
});
