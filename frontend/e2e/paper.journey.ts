import { expect, test, type Page } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";

/** As wide as Letter paper on its side between its margins: the narrower of the two usual ones. */
const PAPER = { width: 950, height: 700 };
async function onPaper(page: Page, path: string): Promise<void> {
  await page.goto(`${base()}/${path}`);
  await settled(page);
  await page.emulateMedia({ media: "print" });
}

test("tables and pictures are whole on paper, and say what they are of", async ({ page }) => {
  await openDemo(page);
  await page.setViewportSize(PAPER);
  await onPaper(page, "holdings?classes=equity");
  for (const heading of ["Holding", "Market value", "Weight", "Cost", "Unrealized gain"]) {
    await expect(page.getByRole("columnheader", { name: heading, exact: true })).toBeVisible();
  }
  await expect(page.getByRole("list", { name: "Only" })).toContainText("Equity");
  await page.emulateMedia({ media: "screen" });

  await onPaper(page, "allocation");
  const map = page.getByRole("list", { name: "Asset class, map" });
  await expect(map.getByText("Equity")).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  await onPaper(page, "allocation?look=ring&by=instrument");
  const list = page.getByRole("list", { name: "Holding, ring" });
  for (const entry of [list.getByRole("listitem").first(), list.getByRole("listitem").last()]) {
    await expect(entry).toContainText("%");
    await expect(entry).toBeVisible();
  }
  // what scrolls on a screen does not on paper
  expect(await list.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(0);
});

const PAGES = [
  "",
  "performance?period=Max",
  "performance/attribution?period=Max&by=instrument",
  "risk?period=Max",
  "income?period=Max",
  "gains",
  "gains/unrealized",
  "benchmarks",
  "holdings",
  "holdings/past",
  "cash",
  "allocation?by=instrument",
  "calculations",
  "reports",
];
/** What only a screen can do, by how its name begins. */
const PRESSED = /^(Change|Save|Show|All |On a past|Keep|Add|Set|Remove|Another|Edit|Try|Review)/;

test("no page is cut off on paper, and nothing on it asks to be pressed", async ({ page }) => {
  test.slow();
  await openDemo(page);
  await page.setViewportSize(PAPER);
  const found: string[][] = [];
  for (const path of PAGES) {
    await onPaper(page, path);
    const pressed = await page.locator("main :is(button, a, summary):visible").allInnerTexts();
    const asks = pressed.filter((text) => PRESSED.test(text.trim()));
    const off = [...(await wide(page)), ...asks];
    if (off.length > 0) found.push([path, ...off]);
    await page.emulateMedia({ media: "screen" });
  }
  expect(found).toEqual([]);
});

/** What reaches beyond the paper. */
const wide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("main, main *")]
      .filter((box) => box.checkVisibility() && box.getBoundingClientRect().right > innerWidth + 1)
      .map((box) => box.outerHTML.slice(0, 160)),
  );
