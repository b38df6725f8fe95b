import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { base, openDemo, settled, signUpAsOperator } from "./pages.ts";

/*
 * The product runs offline here, with the demo's instruments: AAPL is known, and nobody is asked
 * for prices. From 2015 to 2020 makes two parts of five years at most each: they begin in 2015
 * and in 2020, and end without an answer.
 */
test("an operator sees the work, asks for a backfill and watches it end", async ({ page }) => {
  test.slow();
  await signUpAsOperator(page);
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Data quality" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Data quality" })).toBeVisible();
  const tab = page.getByRole("navigation", { name: "Operations" });
  await tab.getByRole("link", { name: "Jobs" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
  await expect(tab.getByRole("link", { name: "Jobs" })).toHaveAttribute("aria-current", "page");

  await expect(page.getByText("The queue is up, and every queue has its worker.")).toBeVisible();
  const queues = page.getByTestId("queues");
  for (const name of ["high", "default", "low"]) {
    await expect(
      queues.getByRole("row", { name: new RegExp(`^${name} .*1 worker`) }),
    ).toBeVisible();
  }
  await expect(page.getByText("Nobody is told when work is given up")).toBeVisible();
  const schedule = page.getByTestId("schedule");
  await expect(schedule.getByRole("row", { name: /^Ledger self-check/ })).toContainText(
    /Next|20\d\d/,
  );
  await expect(schedule.getByRole("row", { name: /^Benchmarks/ })).toContainText("paused: offline");

  const ask = page.getByRole("button", { name: "Ask for it" });
  await ask.click();
  await expect(page.getByText("choose a day")).toHaveCount(2);
  await page.getByLabel("First day").fill("2015-06-01");
  await page.getByLabel("Last day").fill("2020-06-30");
  await page.getByLabel("Symbols").fill("aapl");
  await ask.click();
  await expect(page.getByText(/^Asked for\./)).toBeVisible();
  const backfill = page.getByTestId("backfills").getByRole("listitem").first();
  await expect(backfill).toContainText("AAPL Jun 1, 2015 – Jun 30, 2020");
  await expect(backfill).toContainText("2 of 2 parts done", { timeout: 60_000 });
  await expect(backfill).toContainText("2 parts nobody could tell anything about");
  await expect(backfill.getByRole("button", { name: /^Cancel/ })).toHaveCount(0);

  await backfill.getByRole("link", { name: "Show its parts" }).click();
  await expect(page).toHaveURL(/batch=/);
  const jobs = page.getByTestId("jobs").getByRole("listitem");
  await expect(jobs).toHaveCount(2);
  await expect(jobs.first()).toContainText("Nobody who is asked could tell anything");
  await page.getByRole("radio", { name: "Given up" }).click();
  await expect(page).toHaveURL(/job=parked/);
  await expect(page.getByRole("heading", { name: "Nothing was given up" })).toBeVisible();
  await page.getByRole("button", { name: /^Parts of one backfill/ }).click();
  await page.getByRole("radio", { name: "Done" }).click();
  await page.getByLabel("Kind").selectOption("Backfill");
  await expect(jobs.first()).toContainText("In 2 parts");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Done" })).toBeChecked();
  await expect(page.getByLabel("Kind")).toHaveValue("marketdata.backfill_requested");
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);
});

test("a visitor of the demo looks, and decides nothing", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/operations/jobs?job=done&topic=imports.uploaded`);
  await expect(page.getByTestId("jobs").getByRole("listitem").first()).toContainText("a tenant");
  await expect(page.getByText(/Asking for a backfill is for who operates/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Ask for it" })).toHaveCount(0);
});
