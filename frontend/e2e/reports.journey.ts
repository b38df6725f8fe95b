import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { base, commit, newAccount, settled, signUp, upload } from "./pages.ts";

const FILE = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"01/10/2013","Buy","IBM","INTERNATIONAL BUSINESS MACHINES","10","$190.00","$1.00","-$1901.00"
"01/02/2013","MoneyLink Transfer","","Tfr BANK","","","","$10000.00"
`;
const LATER = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"02/11/2013","MoneyLink Transfer","","Tfr BANK","","","","$500.00"
`;

test("figures are kept, made again bit for bit, and what changed since is told", async ({
  page,
}) => {
  await signUp(page);
  await newAccount(page, "Brokerage");
  await upload(page, "first.csv", FILE);
  await commit(page);
  await page.goto(`${base()}/performance?period=Max`);
  await expect(page.getByTestId("return")).toContainText("%");
  await expect(page.getByText("Recomputing…")).toHaveCount(0);

  await page.getByRole("button", { name: "Keep as a report" }).click();
  await page.getByLabel("Name").fill("My first years");
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("link", { name: "Open the report" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "My first years" })).toBeVisible();
  await expect(page.getByTestId("said")).toContainText("Value at the end");

  const verdict = page.getByTestId("verdict");
  await page.getByRole("button", { name: "Work it out again" }).click();
  await expect(verdict).toContainText("The same, bit for bit");
  await expect(verdict).toContainText("Asked today, the answer is the same.");

  const address = page.url();
  await page.goto(`${base()}/import`);
  await upload(page, "later.csv", LATER);
  await commit(page);
  await page.goto(address);
  await expect(async () => {
    await page.getByRole("button", { name: "Work it out again" }).click();
    await expect(verdict).toContainText("1 record, the newest", { timeout: 8000 });
  }).toPass();
  await expect(verdict).toContainText("The same, bit for bit");
  await expect(verdict).toContainText(/Records: recorded, .* since: \d+ differences/);
  await settled(page);
  await page.screenshot({ path: "test-results/shots/report-page.png", fullPage: true });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(
    true,
  );

  await page.goto(`${base()}/reports`);
  await page.getByTestId("reports").getByRole("link", { name: "My first years" }).click();
  await page.getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByText("No report yet")).toBeVisible();
});
