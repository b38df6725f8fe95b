import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { base, openDemo } from "./pages.ts";

test("returns of the demo: method, benchmark, months, and what changed the value", async ({
  page,
}) => {
  await openDemo(page);
  await page.getByRole("radio", { name: "Max" }).click();
  const overview = await page.getByTestId("return").getByText(/%/).first().textContent();
  await page.getByRole("link", { name: "All about performance" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Performance" })).toBeVisible();
  await expect(page).toHaveURL(/period=Max/);

  // the same figure as on the overview, and another one by money
  const shown = page.getByTestId("return");
  await expect(shown).toContainText(overview ?? "%");
  await page.getByRole("radio", { name: "Money-weighted" }).click();
  await expect(shown).not.toContainText(overview ?? "%");

  // a benchmark stands in the address, so a reload and whoever it is sent to see it too
  await page.getByRole("combobox", { name: "Compare with" }).fill("IBM");
  await page.getByRole("option", { name: /^IBM/ }).click();
  await expect(page.getByTestId("benchmark")).toContainText("IBM made");
  await page.reload();
  await expect(page.getByTestId("benchmark")).toContainText("over the same days");

  // the chart as a picture
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as PNG" }).first().click();
  const picture = await saving;
  expect(picture.suggestedFilename()).toBe("returns-Max.png");
  const bytes = await readFile(await picture.path());
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect(bytes.byteLength).toBeGreaterThan(10_000);

  // the bars are the whole change, and each opens its records
  const change = page.getByRole("table", { name: "Value change" });
  await expect(change.getByRole("row", { name: /^Value on/ })).toHaveCount(2);
  await change.getByRole("button", { name: "Dividends", exact: true }).click();
  const records = page.getByRole("list", { name: "Records of Dividends" });
  await records.getByRole("link").first().click();
  await expect(page).toHaveURL(/transactions\/[0-9a-f-]{36}/);
  await page.goBack();

  const months = page.getByLabel("Returns by month");
  await expect(months.getByText("2008").first()).toBeVisible();
  await page.getByRole("radio", { name: "3 years" }).click();
  await expect(page).toHaveURL(/span=%2236%22|span=36/);
  await expect(page.getByText("Return of the 36 months before")).toBeVisible();

  // on paper there is nothing to press
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("form", { name: "Filters" })).toBeHidden();
  await expect(page.getByRole("navigation", { name: "Main" }).first()).toBeHidden();
  await expect(page.getByTestId("return")).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  await page.goto(`${base()}/performance?period=1Y&fees=gross&taxes=gross`);
  await expect(page.getByText(/Returns are before fees and before taxes/)).toBeVisible();
  await page.getByLabel("Fees").selectOption("net");
  await expect(page.getByText(/Returns are after fees and before taxes/)).toBeVisible();
});
