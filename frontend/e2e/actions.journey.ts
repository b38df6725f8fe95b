import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { base, signUp } from "./pages.ts";

/*
 * Worked by hand. 12 AAPL bought on 2004-01-05 at 22.00 cost 264.00. Apple split 2 for 1 on
 * 2005-02-28, so they become 24 at the same cost; its dividend of 2.65 of 2012-08-09 is then paid
 * on 24 units: 63.60 instead of 31.80.
 */
const SPLIT = "AAPL split 2 for 1";

async function see(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
}

/** Units at AAPL's newest close in the bundled data, 430.47. */
async function expectValue(page: Page, value: string): Promise<void> {
  await see(page, /^Holdings/);
  await expect(page.getByRole("row", { name: /AAPL/ })).toContainText(value);
}

test("a split is looked at, applied, seen in the lots, and reversed", async ({ page }) => {
  await signUp(page);
  await page.getByRole("link", { name: "Add a transaction" }).click();
  await page.getByLabel("Account name").fill("By hand");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Date").fill("2004-01-05");
  const instrument = page.getByRole("combobox", { name: "Instrument" });
  await instrument.focus();
  await page.keyboard.type("apple");
  await expect(page.getByRole("option", { name: /AAPL/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("12");
  await page.keyboard.press("Tab");
  await page.keyboard.type("22");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByRole("status").getByText("Recorded.")).toBeVisible();

  await see(page, /^Actions/);
  const item = page.getByTestId("actions").getByRole("listitem", { name: SPLIT });
  await expect(item).toContainText("your 12 units in By hand become 24");
  const dividend = page.getByTestId("actions").locator("> li", { hasText: "Aug 9, 2012" });
  await expect(dividend).toContainText("bring $31.80");
  await expect(dividend).toContainText("Decide the earlier event");

  await item.getByRole("button", { name: "Preview" }).click();
  const preview = item.getByTestId("preview");
  await expect(preview.getByRole("cell", { name: /^24/ })).toContainText("$264.00");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await item.getByRole("button", { name: "Apply to By hand" }).click();
  await expect(item).toHaveCount(0);
  await expect(dividend).toContainText("bring $63.60");

  await expectValue(page, "$10,331.28");
  await page.goto(`${base()}/actions?state=applied`);
  await expect(item).toContainText("Applied");
  await item.getByRole("button", { name: "Reverse" }).click();
  await expect(page.getByText("Nothing applied")).toBeVisible();
  await expectValue(page, "$5,165.64");
  await see(page, /^Actions/);
  await expect(item).toContainText("To decide, reversed before");
});
