import { expect, test, type Page } from "@playwright/test";
import { daysAgo, publishRates } from "./central-bank.ts";
import { base, commit, newAccount, signUp, upload } from "./pages.ts";

/* No rates of today are known here until the bank of this journey publishes some. */
const SYMBOL = "QZXV";
const HEADER = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"`;
const FILE = `${HEADER}
"03/06/2024","Qualified Dividend","${SYMBOL}","QUARTZ VALLEY WORKS","","","","$20.00"
"03/04/2024","Buy","${SYMBOL}","QUARTZ VALLEY WORKS","10","$50.00","$0.00","-$500.00"
"03/01/2024","MoneyLink Transfer","","Tfr BANK","","","","$1000.00"
`;

/** What each page says of the whole, once the snapshots are there. */
async function everyPageSays(
  page: Page,
  value: string,
  percent: string,
  shares: string,
): Promise<void> {
  await page.goto(`${base()}/?period=Max`);
  await expect(page.getByTestId("nav")).toContainText(value, { timeout: 30_000 });
  await expect(page.getByTestId("return")).toContainText(percent, { timeout: 30_000 });
  await page.goto(`${base()}/holdings`);
  await expect(page.getByRole("table").first()).toContainText(value);
  await page.goto(`${base()}/performance?period=Max`);
  await expect(page.getByTestId("return")).toContainText(percent);
  const change = page.getByRole("table", { name: "Value change" });
  await expect(change.getByRole("row", { name: /^Value on/ }).last()).toContainText(value);
  await page.goto(`${base()}/performance/attribution?period=Max&by=instrument`);
  const parts = page.getByRole("table", { name: "Contributions" });
  await expect(parts.getByRole("row", { name: /^All/ })).toContainText(percent);
  await page.goto(`${base()}/allocation`);
  await expect(page.getByRole("row", { name: /^Equity/ })).toContainText(shares);
}

test("an unknown price is one click from being set, and then every page says the same", async ({
  page,
}) => {
  test.slow();
  await signUp(page);
  await newAccount(page, "Brokerage");
  await upload(page, "schwab.csv", FILE);
  await commit(page);

  // nobody knows what it is worth: no part is passed off as the whole
  await page.goto(`${base()}/`);
  await expect(page.getByTestId("nav")).not.toContainText("$", { timeout: 30_000 });
  await page.getByRole("link", { name: `Set a price of ${SYMBOL}` }).click();
  await expect(page.getByRole("button", { name: "Set a price" })).toBeInViewport();
  await page.getByRole("button", { name: "Set a price" }).click();
  await page.getByLabel("Day", { exact: true }).fill("2024-03-04");
  await page.getByLabel("Price in USD").fill("50");
  await page.getByRole("button", { name: "Save the price" }).click();
  await expect(page.getByRole("form", { name: "A price of your own" })).toHaveCount(0);

  // 1,000 paid in; 10 at 50, 500 and a dividend of 20 in cash
  await everyPageSays(page, "1,020.00", "+2.00%", "500");

  // the price moves by ten percent: 10 at 55
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: SYMBOL }).first().click();
  await page.getByRole("button", { name: "Set a price" }).click();
  await page.getByLabel("Day", { exact: true }).fill("2024-03-08");
  await page.getByLabel("Price in USD").fill("55");
  await page.getByRole("button", { name: "Save the price" }).click();
  await everyPageSays(page, "1,070.00", "+7.00%", "550");

  // what is paid in is worth more, and earns nothing
  await record(
    page,
    "deposit.csv",
    `"03/11/2024","MoneyLink Transfer","","Tfr BANK","","","","$107.00"`,
  );
  await everyPageSays(page, "1,177.00", "+7.00%", "550");

  // a hundredth of 1,177 comes in: 1.07 x 1.01
  await record(
    page,
    "paid.csv",
    `"03/13/2024","Qualified Dividend","${SYMBOL}","QUARTZ VALLEY WORKS","","","","$11.77"`,
  );
  await everyPageSays(page, "1,188.77", "+8.07%", "550");

  await page.goto(`${base()}/income?period=Max`);
  await expect(page.getByTestId("received")).toHaveText(/^\$32$/);
});

/** Import one more row into the only account there is. */
async function record(page: Page, name: string, row: string): Promise<void> {
  await page.goto(`${base()}/import`);
  await upload(page, name, `${HEADER}\n${row}\n`);
  await commit(page);
}

/** Save a price of one's own on the page of an instrument. */
async function setPrice(page: Page, day: string, price: string, currency: string): Promise<void> {
  await page.getByRole("button", { name: "Set a price" }).click();
  await page.getByLabel("Day", { exact: true }).fill(day);
  await page.getByLabel(`Price in ${currency}`).fill(price);
  await page.getByRole("button", { name: "Save the price" }).click();
  await expect(page.getByRole("form", { name: "A price of your own" })).toHaveCount(0);
}

test("a rate moves, and every page says the same before and after", async ({ page }) => {
  test.slow();
  const file = `date,type,symbol,name,quantity,price,currency,amount
${daysAgo(6)},deposit,,,,,SGD,1000
${daysAgo(5)},buy,QZSG,QUARTZ HARBOUR,10,50,SGD,-500
${daysAgo(4)},dividend,QZSG,QUARTZ HARBOUR,,,SGD,20
`;
  await signUp(page);
  await newAccount(page, "Singapore");
  await upload(page, "export.csv", file);
  await commit(page);
  await page.goto(`${base()}/`);
  await page.getByRole("link", { name: "Set a price of QZSG" }).click({ timeout: 30_000 });
  await setPrice(page, daysAgo(5), "50", "SGD");

  // priced, but in a currency nobody knows a rate of: unknown, with the reason
  await page.goto(`${base()}/`);
  await expect(page.getByTestId("nav")).not.toContainText("$", { timeout: 30_000 });
  await expect(page.getByText(/SGD/).first()).toBeVisible();

  // 1.50 and 1.20 for a euro: a Singapore dollar is 0.80; 1,000 paid in is 800, 1,020 is 816
  const before = { USD: "1.2000", SGD: "1.5000" };
  const days = [7, 6, 5, 4, 3, 2].map((count) => [daysAgo(count), before] as const);
  expect(await publishRates(Object.fromEntries(days))).toContain("12 new rates");
  await everyPageSays(page, "816.00", "+2.00%", "400");

  // 1.20 for a euro: it is a dollar now; 1,020 of 800
  const after = { USD: "1.2000", SGD: "1.2000" };
  expect(await publishRates({ [daysAgo(0)]: after })).toContain("2 new rates");
  await everyPageSays(page, "1,020.00", "+27.50%", "500");

  await page.goto(`${base()}/income?period=Max`);
  await expect(page.getByTestId("received")).toHaveText(/^\$16(\.00)?$/);
});
