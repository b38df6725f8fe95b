import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";

test("risk of the demo: figures, a bad day, a benchmark, all of it in the address", async ({
  page,
}) => {
  await openDemo(page);
  await page.getByRole("link", { name: "Risk" }).first().click();
  await expect(page.getByRole("heading", { name: "Risk", exact: true })).toBeVisible();
  await expect(page.getByTestId("volatility")).toContainText("%");
  await expect(page.getByTestId("basis")).toContainText("a year is 252 of them");

  // a higher confidence is a larger loss
  const limit = page.getByTestId("tails").getByRole("row", { name: /^Value at risk −/ });
  const at95 = await limit.textContent();
  await page.getByLabel("Confidence").selectOption("0.99");
  await expect(limit).not.toHaveText(at95 ?? "");
  await expect(page).toHaveURL(/level=/);

  await page
    .getByTestId("volatility")
    .getByText(/How it is worked out/)
    .click();
  await expect(page.getByTestId("volatility")).toContainText("sd(r, n − 1) × √periods");

  await page.getByRole("combobox", { name: /Compare with/ }).fill("IBM");
  await page.getByRole("option", { name: /IBM/ }).first().click();
  await expect(page.getByTestId("beta")).toBeVisible();
  await expect(page).toHaveURL(/benchmark=/);
  await page.reload();
  await expect(page.getByTestId("beta")).toBeVisible();
  await expect(page.getByLabel("Confidence")).toHaveValue("0.99");

  await page.getByRole("radio", { name: "1M" }).click();
  await expect(page.getByText(/19 of at least 250/)).toBeVisible();
  await expect(page.getByTestId("correlations")).toBeVisible();
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.goto(`${base()}/risk?period=Max`);
  await expect(page.getByTestId("fall")).toContainText("Made good by");
});
