import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { base, commit, newAccount, settled, signUp, upload } from "./pages.ts";

/*
 * Worked by hand. 10,000.00 paid in; 10 AAPL bought on Thursday 2013-01-10 at 100.00 with a fee of
 * 1.00, which settled three business days later, on Tuesday the 15th; 4 of them sold on 2013-02-20
 * at 150.00 with a fee of 1.00: proceeds 599.00, cost 4/10 of 1,001.00 = 400.40, gain 198.60.
 */
const FILE = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"02/20/2013","Sell","AAPL","APPLE INC","4","$150.00","$1.00","$599.00"
"01/10/2013","Buy","AAPL","APPLE INC","10","$100.00","$1.00","-$1001.00"
"01/02/2013","MoneyLink Transfer","","Tfr BANK","","","","$10000.00"
`;

async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await signUp(page);
  await newAccount(page, "Schwab");
  await upload(page, "history.csv", FILE);
  await commit(page);
});

test("positions on a past day, down to the lot and its transaction, and back", async ({ page }) => {
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: "On a past day" }).click();
  await page.getByLabel("At the end of").fill("2013-01-11");
  const positions = page.getByTestId("positions");
  await expect(positions).toContainText("$1,001.00");
  await expect(positions).toContainText("10");
  await page.getByLabel("Basis").selectOption("settled");
  await expect(page.getByText("No units were held.")).toBeVisible();
  expect(page.url()).toContain("on=2013-01-11");
  expect(page.url()).toContain("basis=settled");
  await expectAccessible(page);
  await page.getByLabel("At the end of").fill("2013-01-15");
  await expect(positions).toContainText("$1,001.00");

  await page.getByRole("link", { name: "Lots of AAPL in Schwab" }).click();
  await expect(page.getByTestId("open-lots")).toContainText("10");
  await expect(page.getByText("Nothing was sold yet.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Lot of Jan 10, 2013" }).click();
  const history = page.getByTestId("lot-history");
  await expect(history).toContainText("Opened");
  await expect(history).toContainText("4 units closed");
  await expect(history).toContainText("$599.00 for $400.40, gain +$198.60");
  await expect(page.getByText("$600.60")).toBeVisible(); // what the other six cost
  await expectAccessible(page);

  await history.getByRole("link", { name: "Sell AAPL, Feb 20, 2013" }).click();
  await expect(page.getByRole("heading", { name: "Sell AAPL, Feb 20, 2013" })).toBeVisible();
  await expect(page.getByText("The broker’s own row")).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await expect(positions).toContainText("$1,001.00");
  expect(page.url()).toContain("basis=settled");
});

test("cash as traded and settled, its movements, and the transaction behind one", async ({
  page,
}) => {
  await page.goto(`${base()}/cash`);
  await page.getByLabel("At the end of").fill("2013-01-11");
  const cash = page.getByTestId("cash");
  await expect(cash).toContainText("$8,999.00");
  await expect(cash).toContainText("$10,000.00");
  await expect(cash).toContainText(
    "settles Jan 15, 2013, 3 business days after the trade in the United States",
  );
  await expectAccessible(page);
  await page.getByRole("link", { name: "Movements of USD in Schwab" }).click();
  const rows = page.getByTestId("movements").locator("tbody tr");
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Back to today" }).click();
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("$9,598.00"); // 8,999.00 and 599.00
  await expectAccessible(page);
  await rows.first().getByRole("link", { name: "Sell AAPL" }).click();
  await expect(page.getByRole("heading", { name: "Sell AAPL, Feb 20, 2013" })).toBeVisible();
});

test("another method works the gain out again, and the account's currency stays", async ({
  page,
}) => {
  await page.goto(`${base()}/accounts`);
  await page.getByRole("link", { name: "Settings of Schwab" }).click();
  await expect(page.getByLabel("Currency of its totals")).toBeDisabled();
  await page.getByLabel("Sales take").selectOption("hifo");
  await page.getByLabel("Tax currency").fill("eur");
  await page.getByRole("button", { name: "Save and work it out again" }).click();
  await expect(page.getByText("Saved. Every lot and gain was worked out again.")).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByLabel("Sales take")).toHaveValue("hifo");
  await expect(page.getByLabel("Tax currency")).toHaveValue("EUR");
});

test("the portfolio as it was known before anything was recorded, and back", async ({ page }) => {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await page.goto(`${base()}/`);
  await expect(page.getByTestId("nav")).toContainText("$");
  await page.getByText("As it was known on a day").click();
  await page.getByLabel("As known on").fill(yesterday);
  await expect(page.getByText("As the records stood at the end of")).toBeVisible();
  await expect(page.getByTestId("nav")).toContainText("$0");
  await expectAccessible(page);

  // the day stays while one moves on
  await page.getByRole("link", { name: "All holdings" }).click();
  await expect(page.getByText("No holdings yet")).toBeVisible();
  expect(page.url()).toContain(`known=${yesterday}`);
  await page.getByRole("button", { name: "Back to today" }).click();
  await expect(page.getByRole("link", { name: "AAPL" })).toBeVisible();
});
