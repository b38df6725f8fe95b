import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "@/shared/testing/render";
import { ACCOUNT, PURCHASE } from "@/shared/testing/samples";
import { entryFrom } from "./cells";
import { ConflictBanner, bannerHeight } from "./conflict-banner";
import { EditErrors } from "./edit-errors";
import { planPaste } from "./paste";
import { PastePreview } from "./paste-preview";
import { meet, newEdit, type RowEdit } from "./rows";

const entry = entryFrom(PURCHASE);
if (!entry) throw new Error("a purchase has an entry");

const conflict = (): RowEdit =>
  meet(newEdit("c", PURCHASE, { ...entry, note: "mine", fee: "3" }), {
    ...PURCHASE,
    id: "t",
    note: "theirs",
    fee: { amount: "2", currency: "USD", rate: "1" },
  });

test("a conflict shows both, and theirs stands unless mine is chosen", async () => {
  const onSettle = vi.fn();
  const { user } = show(() => (
    <ConflictBanner
      edit={conflict()}
      accounts={[ACCOUNT]}
      onSettle={onSettle}
      onDiscard={() => {}}
    />
  ));
  const fee = await screen.findByRole("group", { name: "Fee" });
  const note = screen.getByRole("group", { name: "Note" });
  expect(within(fee).getByRole("status").textContent).toBe("2");
  await user.click(within(note).getByLabelText(/Yours/));
  expect(within(note).getByRole("status").textContent).toBe("mine");
  await user.click(screen.getByRole("button", { name: "Save the result" }));
  expect(onSettle).toHaveBeenCalledWith({ note: "mine" });
  // a review makes room for each field it asks about
  const alone = meet(newEdit("c", PURCHASE, { ...entry, note: "mine" }), {
    ...PURCHASE,
    note: "theirs",
  });
  expect(bannerHeight(conflict())).toBeGreaterThan(bannerHeight(alone));
});

test("what somebody else deleted cannot be changed, only let go", async () => {
  const onDiscard = vi.fn();
  const { user } = show(() => (
    <ConflictBanner
      edit={meet(newEdit("c", PURCHASE, { ...entry, note: "mine" }), null)}
      accounts={[ACCOUNT]}
      onSettle={() => {}}
      onDiscard={onDiscard}
    />
  ));
  expect(await screen.findByText(/Somebody else deleted this record/)).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Let go of what I typed" }));
  expect(onDiscard).toHaveBeenCalledOnce();
});

test("what is not saved is listed by row and cell, and each line leads there", async () => {
  const onGo = vi.fn();
  const wrong: RowEdit = {
    ...newEdit("c", PURCHASE, entry),
    status: "refused",
    errors: { price: "Is too high", note: "Is too long" },
    rest: ["more would leave than is held"],
  };
  const { user } = show(() => (
    <EditErrors
      edits={[wrong, newEdit("d", PURCHASE, entry)]}
      onGo={onGo}
      onDiscard={() => {}}
      onRetry={() => {}}
    />
  ));
  expect(await screen.findByText(/1 row not saved/)).toBeDefined();
  await user.click(
    screen.getByRole("button", {
      name: "Buy AAPL, Jan 10, 2013: Price: Is too high; Note: Is too long; more would leave than is held",
    }),
  );
  expect(onGo).toHaveBeenCalledWith("c", 5); // the price
});

test("a paste says what it would do; one that is too large cannot be done", async () => {
  const rows = Array.from({ length: 1001 }, () => ["1", "2", "3"]);
  show(() => (
    <PastePreview plan={planPaste(rows, 11)} newRows={7} onApply={() => {}} onCancel={() => {}} />
  ));
  expect(await screen.findByText("Paste 2002 cells in 1001 rows?")).toBeDefined();
  expect(screen.getByText("Added as new: 7 rows.")).toBeDefined();
  expect(screen.getByText("Left out, beyond the last column: 1 column.")).toBeDefined();
  expect(screen.getByText("and 993 more rows")).toBeDefined();
  expect(screen.getByRole("button", { name: "Paste" })).toHaveProperty("disabled", true);
});
