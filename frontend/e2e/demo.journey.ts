import { expect, test } from "@playwright/test";
import { base, openDemo, signUp } from "./pages.ts";

test("the demo shows a real portfolio, by one click", async ({ page }) => {
  await openDemo(page);
  await expect(page.getByText("Newest price: close of Mar 1, 2013, bundled data")).toBeVisible();
  await expect(page.getByTestId("return")).toContainText("%");

  // over the whole span money came and went, so the two returns differ
  await page.getByRole("radio", { name: "Max" }).click();
  await expect(page.getByTestId("return")).toContainText("since the beginning");
  const twr = await page.getByTestId("return").textContent();
  await page.getByRole("radio", { name: "Money-weighted" }).click();
  await expect(page).toHaveURL(/method=mwr/);
  await expect(page.getByTestId("return")).not.toHaveText(twr ?? "");
  await page.getByRole("radio", { name: "5Y" }).click();
  await expect(page).toHaveURL(/period=5Y/);
  await page.reload();
  await expect(page.getByRole("radio", { name: "5Y" })).toBeChecked();

  await page.getByRole("slider", { name: "Inspect the chart by date" }).focus();
  await page.keyboard.press("Home");
  await expect(page.getByTestId("readout")).toContainText("$");

  await page.getByRole("button", { name: "Show as table" }).click();
  await expect(page.getByRole("region", { name: "Chart data" })).toBeVisible();
});

test("lots behind a holding, and the broker's row behind a record", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: /AAPL/ }).first().click();
  await expect(page.getByRole("heading", { name: "AAPL" })).toBeVisible();
  // 500 bought 2003-01-15 became 1,000 in the split of 2005-02-28; 300 and 150 were sold
  const lots = page.getByTestId("open-lots");
  await expect(lots.getByRole("row", { name: /Jan 15, 2003 550/ })).toBeVisible();

  // 100 at 430.47: the oldest cost 7.22495 a unit, so 43,047.00 - 722.495
  await page.getByRole("textbox", { name: "Units" }).fill("100");
  await page.getByRole("button", { name: "Compare methods" }).click();
  const compared = page.getByTestId("what-if");
  await expect(compared.getByRole("row", { name: /First in, first out/ })).toContainText(
    "+$42,324.51",
  );
  await compared.getByRole("button", { name: "Highest cost first", exact: true }).click();
  await expect(compared.getByRole("row", { name: /50 of Dec 17, 2012/ })).toBeVisible();

  await page
    .getByRole("button", { name: /Buy AAPL/ })
    .first()
    .click();
  await expect(page.getByText("Fees & Comm").first()).toBeVisible();
});

test("amounts are hidden by replacing them", async ({ page }) => {
  await openDemo(page);
  await page.getByRole("button", { name: "Hide amounts" }).click();
  await expect(page.getByTestId("nav")).toContainText("amount hidden");
  expect(await page.locator("main").innerText()).not.toMatch(/\$\d/);
});

test("by keyboard alone, from the door to the import page", async ({ page }) => {
  await page.goto(`${base()}/sign-in`);
  const demo = page.getByRole("button", { name: "Open the demo portfolio" });
  await expect(demo).toBeVisible();
  for (
    let step = 0;
    step < 24 && !(await demo.evaluate((e) => e === document.activeElement));
    step += 1
  ) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("nav")).toContainText("$");
  const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Import" });
  for (
    let step = 0;
    step < 24 && !(await link.evaluate((e) => e === document.activeElement));
    step += 1
  ) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Import a file" })).toBeVisible();
});

test("one person sees nothing of another", async ({ page, browser }) => {
  await openDemo(page);
  await page.goto(`${base()}/import`);
  const address = await page.getByRole("link", { name: "schwab.csv" }).getAttribute("href");
  const stranger = await (await browser.newContext()).newPage();
  await signUp(stranger);
  await stranger.goto(`${base()}${address ?? ""}`);
  await expect(stranger.getByText("There is no such page")).toBeVisible();
  await stranger.goto(`${base()}/transactions`);
  await expect(stranger.getByText("No transactions yet")).toBeVisible();
});
