import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { base, signUp } from "./pages.ts";

/*
 * Worked by hand. Deposit 10,000.00, then 10 AAPL at 100.00 with a fee of 1.00: cash 8,999.00.
 * AAPL's newest close in the bundled data is 430.47 (2013-03-01): 10 x 430.47 = 4,304.70, so the
 * total is 13,303.70. Without the purchase it is the deposit again.
 */
const DEPOSIT = "$10,000.00";
const WITH_AAPL = "$13,303.70";

async function expectTotal(page: Page, total: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name: "Overview" })
    .click();
  await expect(page.getByTestId("nav")).toHaveText(total);
}

test("typed in by keyboard, seen in the total, and taken back", async ({ page }) => {
  const errors: string[] = [];
  page.on("console", (said) => {
    if (said.type() === "error") errors.push(said.text());
  });
  await signUp(page);
  await page.getByRole("link", { name: "Add a transaction" }).click();
  await page.getByLabel("Account name").fill("By hand");
  await page.getByRole("button", { name: "Create account" }).click();

  await page.getByLabel("Kind").selectOption("deposit");
  await page.getByLabel("Date").fill("2013-01-02");
  await page.getByLabel("Amount", { exact: true }).fill("10,000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").getByText("Recorded.")).toBeVisible();
  await expectTotal(page, DEPOSIT);

  await page.getByRole("link", { name: "Add transaction", exact: true }).click();
  await page.getByLabel("Date").fill("2013-01-10");
  const instrument = page.getByRole("combobox", { name: "Instrument" });
  await instrument.focus();
  await page.keyboard.type("apple");
  await expect(page.getByRole("option", { name: /AAPL/ })).toBeVisible();
  // while the list is open the rest of the page is hidden from those who listen, on purpose
  const { violations } = await new AxeBuilder({ page })
    .include("[role=combobox]")
    .include("[role=listbox]")
    .disableRules(["region", "page-has-heading-one"])
    .analyze();
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(instrument).toHaveValue("AAPL");
  await page.keyboard.press("Tab");
  await page.keyboard.type("10");
  await page.keyboard.press("Tab");
  await page.keyboard.type("100");
  await page.getByLabel("Fee (optional)").fill("1");
  await expect(page.getByLabel("Cash changes by")).toHaveText("−$1,001.00");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByRole("status").getByText("Buy AAPL")).toBeVisible();
  await expectTotal(page, WITH_AAPL);

  await page.goto(`${base()}/transactions`);
  await page.getByRole("button", { name: "More of Buy AAPL, Jan 10, 2013" }).click();
  await page.getByRole("menuitem", { name: /^Open the record/ }).click();
  await page.getByRole("button", { name: "Take this record back…" }).click();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^More of Buy AAPL/ })).toHaveCount(0);
  await expect(page.getByTestId("grid-count")).toHaveText("1 record");
  await expectTotal(page, DEPOSIT);
  expect(errors).toEqual([]);
});

test("what contradicts itself is told where it stands, and nothing is recorded", async ({
  page,
}) => {
  await signUp(page);
  await page.goto(`${base()}/transactions/new`);
  await page.getByLabel("Account name").fill("By hand");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Date").fill("2999-01-01");
  await page.getByLabel("Units").fill("1");
  await page.getByLabel("Price per unit").fill("1");
  await page.getByRole("button", { name: "Record it" }).click();
  await expect(page.getByText("Lies in the future")).toBeVisible();
  await expect(page.getByText("A buy needs an instrument")).toBeVisible();
  await expect(page.getByLabel("Date")).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
  await page.goto(`${base()}/transactions`);
  await expect(page.getByText("No transactions yet")).toBeVisible();
});
