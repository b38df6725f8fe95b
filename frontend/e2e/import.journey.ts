import { expect, test } from "@playwright/test";
import { base, commit, newAccount, signUp, undo, upload } from "./pages.ts";

/*
 * Worked by hand. Deposit 10,000.00; buy 10 AAPL at 100.00, fee 1.00: -1,001.00; dividend 5.50;
 * sell 4 AAPL at 150.00, fee 1.00: +599.00. Cash 10,000 - 1,001 + 5.50 + 599 = 9,603.50.
 * Lots (FIFO): cost of 10 is 1,001.00; 4 sold cost 400.40; gain 599.00 - 400.40 = 198.60;
 * 6 left cost 600.60. AAPL's newest close in the bundled data is 430.47 (2013-03-01), so
 * value 6 x 430.47 = 2,582.82 and the total 9,603.50 + 2,582.82 = 12,186.32.
 */
const FILE = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"02/20/2013","Sell","AAPL","APPLE INC","4","$150.00","$1.00","$599.00"
"02/11/2013","Qualified Dividend","AAPL","APPLE INC","","","","$5.50"
"01/10/2013","Buy","AAPL","APPLE INC","10","$100.00","$1.00","-$1001.00"
"01/02/2013","MoneyLink Transfer","","Tfr BANK","","","","$10000.00"
"Transactions Total","","","","","","","$9603.50"
`;
const GOLDEN_TOTAL = "$12,186.32";

test("import a Schwab file, see the golden total, take it back", async ({ page }) => {
  await signUp(page);
  await newAccount(page, "Schwab");
  await upload(page, "history.csv", FILE);
  await expect(page.getByText("Ready to import")).toBeVisible();
  await expect(page.getByText("the file's own total").first()).toBeAttached();
  await commit(page);

  await page.goto(`${base()}/`);
  await expect(page.getByTestId("nav")).toContainText(GOLDEN_TOTAL);
  await expect(page.getByTestId("holdings-total")).toHaveText(GOLDEN_TOTAL);

  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: /AAPL/ }).first().click();
  const open = page.getByTestId("open-lots");
  await expect(open.getByRole("cell", { name: /^\$600\.60/ })).toBeVisible();
  const closed = page.getByTestId("closed-lots");
  await expect(closed.getByRole("cell", { name: /^\+\$198\.60/ })).toBeVisible();

  await page.goto(`${base()}/import`);
  await page.getByRole("link", { name: "history.csv" }).click();
  await undo(page);
  await page.goto(`${base()}/`);
  await expect(page.getByText("Your portfolio is empty")).toBeVisible();
});

test("the same file again adds nothing; a bad one says why and breaks nothing", async ({
  page,
}) => {
  await signUp(page);
  await newAccount(page, "Schwab");
  await upload(page, "history.csv", FILE);
  await commit(page);

  await page.goto(`${base()}/import`);
  await upload(page, "again.csv", FILE);
  await expect(page.getByText("There is nothing new in this file")).toBeVisible();

  await page.goto(`${base()}/import`);
  await upload(page, "report.pdf", "%PDF-1.7 not a table");
  await expect(page.getByText("This file could not be read")).toBeVisible();
  await expect(page.getByText(/PDF document/)).toBeVisible();

  await page.goto(`${base()}/import`);
  await upload(page, "odd.csv", FILE.replace("$150.00", "=1+1").replace("01/10/2013", "01/10/13"));
  const rows = page.getByTestId("import-rows");
  await expect(rows.getByText(/a formula is not a number/).first()).toBeAttached();
  await expect(rows.getByText(/year of two digits/).first()).toBeAttached();

  await page.goto(`${base()}/`);
  await expect(page.getByTestId("nav")).toContainText(GOLDEN_TOTAL);
});

test("a CSV nobody knows is read after its columns are named", async ({ page }) => {
  await signUp(page);
  await newAccount(page, "Elsewhere");
  await upload(
    page,
    "mine.csv",
    "When,What,Paper,How many,Each\n2013-01-02,Cash in,,1,500.25\n2013-01-03,Got,MSFT,2,27.25\n",
  );
  await expect(page.getByText("Please say which column is what")).toBeVisible();
  await page.getByLabel("Date (needed)").selectOption("When");
  await page.getByLabel(/^Kind/).selectOption("What");
  await page.getByLabel("Symbol").selectOption("Paper");
  await page.getByLabel("Quantity").selectOption("How many");
  await page.getByLabel("Price per unit").selectOption("Each");
  await page.getByLabel("Cash in").selectOption("deposit");
  await page.getByLabel("Got").selectOption("buy");
  await page.getByRole("button", { name: "Read the file" }).click();
  await commit(page);
  await page.goto(`${base()}/holdings`);
  // 500.25 - 2 x 27.25 = 445.75 in cash; MSFT closed at 27.95 on 2013-03-01: 55.90; together 501.65
  await expect(page.getByTestId("holdings-total")).toHaveText("$501.65");
});
