import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";

test("a taxonomy made, filled, drilled into, and a change of it taken back", async ({ page }) => {
  const name = `Sectors ${String(Date.now())}`;
  await openDemo(page);
  await page.goto(`${base()}/taxonomies`);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  const tree = page.getByRole("navigation", { name: "Categories" });
  await expect(tree).toContainText("Technology");

  await page
    .getByLabel("Instruments, categories and weights")
    .fill("AAPL, Technology > Hardware, 60 %\nAAPL, Everyday goods\nMSFT, Technology > Software");
  await page.getByRole("button", { name: "Look at it first" }).click();
  await expect(page.getByText("the weights of an instrument come to more than 1")).toBeVisible();
  await page
    .getByLabel("Instruments, categories and weights")
    .fill("AAPL, Technology > Hardware, 60 %\nMSFT, Technology > Software");
  await page.getByRole("button", { name: "Look at it first" }).click();
  await expect(page.getByText("This would put 2 instruments.")).toBeVisible();
  await page.getByRole("button", { name: "Classify" }).click();
  await expect(page.getByText("Done: 2 instruments.")).toBeVisible();
  await tree.getByRole("button", { name: /^Hardware/ }).click();
  await expect(page.getByText("40.00% of it is nowhere yet")).toBeVisible();
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.getByRole("link", { name: `Allocation by ${name}` }).click();
  const map = page.getByRole("list", { name: `${name}, map` });
  await map.getByRole("button", { name: /^Technology/ }).click();
  await expect(page).toHaveURL(/node=/);
  await page.getByTestId("parts").getByRole("button", { name: "Hardware", exact: true }).click();
  const row = page.getByTestId("parts").getByRole("row", { name: /AAPL/ });
  await expect(row).toContainText("60.00% of it");
  await page.reload();
  await expect(row).toContainText("60.00% of it");
  await page.getByRole("radio", { name: "Ring" }).click();
  await page.getByRole("button", { name: name, exact: true }).click();
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.goBack();
  await page.goto(`${base()}/taxonomies`);
  await page.getByRole("radio", { name }).click();
  await tree.getByRole("button", { name: /^Energy/ }).click();
  await page.getByText("Remove this category").click();
  await page.getByRole("button", { name: /^Remove Energy/ }).click();
  await expect(tree).not.toContainText("Energy");
  await page.getByRole("button", { name: "Undo removing Energy" }).click();
  await expect(tree).toContainText("Oil and gas");
  await page.getByRole("button", { name: `Remove: ${name}` }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("A new taxonomy")).toBeVisible();
});

test("checks are measured, and a threshold of one's own changes what they say", async ({
  page,
}) => {
  await openDemo(page);
  await page.goto(`${base()}/allocation`);
  const check = page.getByTestId("checks").getByRole("listitem").filter({ hasText: "Cash." });
  await expect(check).toContainText("of your money is cash");
  await check.getByRole("button", { name: "Change: Cash" }).click();
  await check.getByLabel("At most, %").fill("95");
  await check.getByRole("button", { name: "Save" }).click();
  await expect(check).toContainText("Yours: at most 95%");
  await expect(check.getByRole("img", { name: "All right" })).toBeVisible();
});
