import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";
import { tellQuotes } from "./telling.ts";

test("a rule is made, a quote crosses, the bell tells within seconds, and it is put away", async ({
  page,
}) => {
  await openDemo(page);
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: /^AAPL/ }).first().click();
  await page.getByRole("link", { name: "Alert me" }).click();
  const instrument = new URL(page.url()).searchParams.get("instrument") ?? "";
  await expect(page.getByRole("combobox", { name: "Instrument" })).toHaveValue("AAPL");
  await page.getByLabel("How far, USD").fill("9000");
  await page.getByRole("button", { name: "Make the rule" }).click();
  const rules = page.getByRole("list", { name: "Rules" });
  await expect(rules.getByText("AAPL rises to $9,000.00 or more").first()).toBeVisible();
  await expect(rules.getByText(/Waiting for it/).first()).toBeVisible();

  // on another page, where only the bell can tell
  await page.getByRole("link", { name: "Overview" }).first().click();
  const bell = page.getByTestId("unread");
  await expect(bell).toHaveCount(0);
  await tellQuotes(instrument, "AAPL", "9001.5");
  await expect(bell).toHaveText("1", { timeout: 10_000 });
  await page.getByRole("link", { name: /1 unread/ }).click();
  const told = page.getByRole("list", { name: "Alerts" });
  await expect(told.getByText("AAPL rose to $9,001.50")).toBeVisible();
  await expect(rules.getByText(/Past it; tells again after it went back/).first()).toBeVisible();
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await told.getByRole("button", { name: "Put away" }).click();
  await expect(page.getByText("Nothing is open")).toBeVisible();
  await expect(bell).toHaveCount(0);
  await page.getByRole("radio", { name: "All" }).click();
  await expect(told.getByText("AAPL rose to $9,001.50").first()).toBeVisible();

  await rules
    .getByRole("button", { name: /^Snooze/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "For a day" }).click();
  await expect(rules.getByText(/Snoozed until/).first()).toBeVisible();
  await rules.getByRole("button", { name: "Remove: AAPL" }).first().click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText("The rule is gone")).toBeVisible();
});
