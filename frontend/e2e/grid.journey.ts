import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { base, signUp } from "./pages.ts";

/*
 * Worked by hand, in whole dollars: 10 AAPL at 100 cost 1,000; 12 cost 1,200. The grid's columns by
 * number: 0 menu, 1 date, 2 kind, 3 instrument, 4 units, 5 price, 6 amount, 10 cash, 12 note.
 */
const [DATE, KIND, INSTRUMENT, UNITS, AMOUNT, CASH, NOTE] = [1, 2, 3, 4, 6, 10, 12];
const SHEET = [
  "Date\tKind\tSymbol\tUnits\tPrice\tAmount\tNote",
  "2013-01-02\tDeposit\t\t\t\t10,000.00\tfrom the bank",
  "1/10/2013\tBuy\tAAPL\t10\t$100.00\t\tfirst",
  "2013-01-11\tBuy\tAAPL\t5\t90\t\tsecond",
].join("\r\n");

const rows = (page: Page): Locator => page.locator("[role=row][data-index]");
const cell = (page: Page, row: number, column: number): Locator =>
  page.locator(`[role=row][data-index="${String(row)}"] [aria-colindex="${String(column + 1)}"]`);
const saved = (page: Page): Locator => page.getByTestId("grid-message");

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press("Control+v");
}

async function noFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
}

test.slow(); // much is typed, key by key

/** A person with one account and the three records of the sheet, pasted. */
async function begin(page: Page): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await signUp(page);
  await page.goto(`${base()}/transactions/new`);
  await page.getByLabel("Account name").fill("By hand");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Date")).toBeVisible();
  await page.goto(`${base()}/transactions`);
  await expect(page.getByText("No transactions yet")).toBeVisible();
  await page.getByRole("button", { name: "Add a row" }).press("Enter");
  await expect(cell(page, 0, DATE)).toBeFocused();
  await paste(page, SHEET);
  await expect(page.getByText("Paste 21 cells in 3 rows?")).toBeVisible();
  await expect(page.getByText("Added as new: 2 rows.")).toBeVisible();
  await noFaults(page);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("grid-count")).toHaveText("3 records");
}

test("typed, pasted, undone and done again by keyboard alone, and still there after a reload", async ({
  page,
}) => {
  const errors: string[] = [];
  page.on("console", (said) => {
    if (said.type() === "error") errors.push(said.text());
  });
  await begin(page);
  await page.getByRole("button", { name: "Reload" }).press("Enter");
  await expect(cell(page, 0, NOTE)).toHaveText("second");
  await expect(cell(page, 1, CASH)).toHaveText("−$1,000.00");
  await noFaults(page);

  // into the grid and to the units of the first purchase
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  for (let step = 0; step < UNITS; step += 1) await page.keyboard.press("ArrowRight");
  await expect(cell(page, 1, UNITS)).toBeFocused();
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await expect(cell(page, 1, AMOUNT)).toContainText("1,200.00");
  await expect(cell(page, 2, UNITS)).toBeFocused();
  await expect(saved(page)).toHaveText("Saved: change of Buy AAPL");
  await page.keyboard.press("Control+z");
  await expect(saved(page)).toHaveText("Undone: change of Buy AAPL");
  await expect(cell(page, 1, UNITS)).toHaveText("10");
  await page.keyboard.press("Control+y");
  await expect(saved(page)).toHaveText("Done again: change of Buy AAPL");
  await expect(cell(page, 1, CASH)).toHaveText("−$1,200.00");

  // F2, Escape: as it was; a day as the locale writes it; a kind by its letter
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  await page.keyboard.type("nonsense");
  await page.keyboard.press("Escape");
  await expect(cell(page, 1, DATE)).toHaveText("Jan 10, 2013");
  await page.keyboard.type("1/9/2013");
  await page.keyboard.press("Tab");
  await expect(cell(page, 1, KIND)).toBeFocused();
  await expect(cell(page, 1, DATE)).toContainText("Jan 9, 2013");
  await page.keyboard.press("ArrowDown"); // leaving the row saves it
  await expect(saved(page)).toHaveText("Saved: change of Buy AAPL");

  // a row deleted and brought back
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Delete");
  await expect(rows(page)).toHaveCount(2);
  await expect(saved(page)).toHaveText("Deleted: deletion of Buy AAPL");
  await page.keyboard.press("Control+z");
  await expect(rows(page)).toHaveCount(3);

  // what the server refuses stands at its cell, and nothing is lost
  await expect(cell(page, 1, 0)).toBeFocused(); // still on the row it was on
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("2999-01-01");
  await page.keyboard.press("Enter");
  const wrong = page.getByRole("button", {
    name: /^Buy AAPL, Jan 1, 2999: Date: Lies in the future/,
  });
  await expect(wrong).toBeVisible();
  await expect(cell(page, 0, DATE)).toHaveAttribute("aria-invalid", "true");
  await noFaults(page);
  await wrong.press("Enter");
  await expect(cell(page, 0, DATE)).toBeFocused();
  await page.keyboard.press("Control+z");
  await expect(cell(page, 0, DATE)).toHaveText("Jan 11, 2013");

  // Escape and then Tab is the way out
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("grid").locator(":focus")).toHaveCount(0);

  await page.reload();
  await expect(cell(page, 0, NOTE)).toHaveText("second");
  await expect(cell(page, 1, DATE)).toHaveText("Jan 9, 2013");
  await expect(cell(page, 1, UNITS)).toHaveText("12");
  await expect(cell(page, 1, INSTRUMENT)).toHaveText("AAPL");
  expect(errors.filter((text) => !text.includes("422"))).toEqual([]);
});

test("two tabs change one record: both are shown, and what is chosen is saved", async ({
  page,
}) => {
  await begin(page);
  await page.goto(`${base()}/transactions?kind=buy&to=2013-01-10`);
  await expect(cell(page, 0, UNITS)).toHaveText("10");
  const other = await page.context().newPage();
  await other.goto(`${base()}/transactions?kind=buy&to=2013-01-10`);
  await expect(cell(other, 0, UNITS)).toHaveText("10");

  const type = async (where: Page, column: number, text: string) => {
    await cell(where, 0, column).click();
    await where.keyboard.type(text);
    await where.keyboard.press("Enter");
  };
  await type(other, UNITS, "20");
  await expect(saved(other)).toHaveText("Saved: change of Buy AAPL");
  // what only one of them touched is merged without a word
  await type(page, NOTE, "mine");
  await expect(saved(page)).toHaveText("Saved: change of Buy AAPL");
  await expect(cell(page, 0, UNITS)).toHaveText("20");

  await type(other, UNITS, "30");
  await expect(other.getByText("Somebody else changed")).toHaveCount(0);
  await expect(cell(other, 0, NOTE)).toHaveText("mine");
  await type(page, UNITS, "40");
  const review = page.getByRole("form", { name: "Somebody else changed this record too" });
  await expect(review).toBeVisible();
  await expect(review.getByRole("group", { name: "Units" })).toContainText("Result 30");
  await noFaults(page);
  await review.getByRole("group", { name: "Units" }).getByLabel(/Yours/).check();
  await expect(review.getByRole("group")).toHaveCount(1); // the amount follows from the units
  await review.getByRole("button", { name: "Save the result" }).click();
  await expect(review).toHaveCount(0);
  await expect(saved(page)).toHaveText("Saved: change of Buy AAPL");
  await page.reload();
  await expect(cell(page, 0, UNITS)).toHaveText("40");
  await expect(cell(page, 0, CASH)).toHaveText("−$4,000.00");
  await expect(cell(page, 0, NOTE)).toHaveText("mine");
});

test("ranges are copied, lists choose, and the record behind a row opens", async ({ page }) => {
  await begin(page);
  await page.getByRole("button", { name: "Reload" }).press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+Home");
  for (let step = 0; step < INSTRUMENT; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByTestId("grid-count")).toContainText("2 rows × 2 chosen");
  await page.keyboard.press("Control+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe("AAPL\t5\nAAPL\t10");

  await page.keyboard.press("Control+Home");
  for (let step = 0; step < INSTRUMENT; step += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.type("msf");
  await expect(page.getByRole("option", { name: /MSFT/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(cell(page, 0, INSTRUMENT)).toContainText("MSFT");
  await expect(cell(page, 0, UNITS)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(saved(page)).toHaveText("Saved: change of Buy MSFT");
  // words that name one need no choosing, nor do words that name none: they stay and say so
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("NOSUCH");
  await page.keyboard.press("Tab");
  await expect(cell(page, 1, INSTRUMENT)).toContainText("NOSUCH. No such instrument is known");
  await expect(cell(page, 1, UNITS)).toBeFocused();
  await page.keyboard.press("Control+z");
  await expect(cell(page, 1, INSTRUMENT)).toHaveText("AAPL");

  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("s");
  await expect(page.getByRole("combobox", { name: "Kind" }).last()).toHaveValue("Sell");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+Enter");
  await expect(page.getByRole("region", { name: "Record" })).toContainText("Recorded");
  await noFaults(page);
  await page.keyboard.press("Escape");
  await expect(cell(page, 1, KIND)).toBeFocused();

  await page.goto(`${base()}/transactions?known=2099-01-01`);
  await expect(cell(page, 0, INSTRUMENT)).toHaveText("MSFT");
  await expect(page.getByRole("button", { name: "Add a row" })).toHaveCount(0);
  await cell(page, 0, UNITS).dblclick();
  await expect(saved(page)).toContainText("cannot be changed");
});
