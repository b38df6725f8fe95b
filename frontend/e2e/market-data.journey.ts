import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { base, commit, newAccount, signUpAsOperator, upload } from "./pages.ts";

const SYMBOL = "ZQXW";
/** Two weeks of closes, and among them one a hundred times too high: cents for dollars. */
const CLOSES = [
  ["2024-03-04", "50.00"],
  ["2024-03-05", "50.50"],
  ["2024-03-06", "51.00"],
  ["2024-03-07", "5150.00"],
  ["2024-03-08", "51.25"],
  ["2024-03-11", "51.75"],
  ["2024-03-12", "52.00"],
] as const;
const FILE = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"03/04/2024","Buy","${SYMBOL}","ZEBRA QUARTZ WORKS","10","$50.00","$0.00","-$500.00"
"03/01/2024","MoneyLink Transfer","","Tfr BANK","","","","$1000.00"
`;

test("prices come from a folder, an unbelievable one waits, and one's own counts first", async ({
  page,
}) => {
  test.slow();
  const home = process.env["TRUENAV_E2E_HOME"];
  test.skip(home === undefined, "needs the folder of the product that was started for it");
  const rows = CLOSES.map(([day, close]) => `${day},${close}`);
  writeFileSync(join(home ?? "", "prices", `${SYMBOL}.csv`), `Date,Close\n${rows.join("\n")}\n`);

  await signUpAsOperator(page);
  await newAccount(page, "Brokerage");
  await upload(page, "schwab.csv", FILE);
  await commit(page);

  await page.goto(`${base()}/operations/jobs`);
  await page.getByLabel("First day").fill("2024-03-01");
  await page.getByLabel("Last day").fill("2024-03-31");
  await page.getByLabel("Symbols").fill(SYMBOL);
  await page.getByRole("button", { name: "Ask for it" }).click();
  const backfill = page.getByTestId("backfills").getByRole("listitem").first();
  await expect(backfill).toContainText("1 of 1 part done", { timeout: 60_000 });

  await page.getByRole("navigation", { name: "Operations" }).getByText("Data quality").click();
  const held = page.getByTestId("held").getByRole("listitem").filter({ hasText: SYMBOL });
  await expect(held).toHaveCount(1);
  await expect(held).toContainText("5150");
  await held.getByRole("button", { name: "Reject it" }).click();
  await expect(held.getByText("say why, in a few words")).toBeVisible();
  await held.getByLabel(/^Reason to decide/).fill("cents, not dollars");
  await held.getByRole("button", { name: "Reject it" }).click();
  await expect(held).toHaveCount(0);
  await page.goto(`${base()}/operations/data?held=rejected`);
  await expect(held).toContainText("cents, not dollars");

  // valued at the newest close of the folder: 10 × 52.00
  await page.goto(`${base()}/holdings`);
  const holding = page.getByRole("row", { name: new RegExp(SYMBOL) });
  await expect(holding).toContainText("520.00", { timeout: 30_000 });
  await holding.getByRole("link", { name: SYMBOL }).click();
  await page.getByRole("button", { name: "Set a price" }).click();
  await page.getByLabel("Day", { exact: true }).fill("2024-03-13");
  await page.getByLabel("Price in USD").fill("60");
  await page.getByRole("button", { name: "Save the price" }).click();
  await page.goto(`${base()}/holdings`);
  await expect(holding).toContainText("600.00", { timeout: 30_000 });
});
