import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";

/** What is held and what it did. */
const FIGURES = [
  ["/", "Holdings"],
  ["/performance?period=Max", "Performance"],
  ["/performance/attribution?period=Max&by=instrument", "Attribution"],
  ["/benchmarks?period=Max", "Benchmarks"],
  ["/income?period=Max", "Income"],
  ["/gains", "Realized gains"],
  ["/gains/unrealized", "Realized vs unrealized"],
  ["/holdings", "Holdings"],
  ["/allocation", "Allocation"],
  ["/allocation?by=instrument&look=ring", "Allocation"],
  ["/cash", "Cash"],
  ["/risk", "Risk"],
  ["/holdings/past", "Positions on a day"],
] as const;

/** What is recorded, kept and looked after. */
const RECORDS = [
  ["/actions", "Corporate actions"],
  ["/transactions", "Transactions"],
  ["/transactions/new", "Add a transaction"],
  ["/taxonomies", "Taxonomies"],
  ["/watchlists", "Watchlists"],
  ["/alerts", "Alerts"],
  ["/reports", "Reports"],
  ["/calculations", "Calculations"],
  ["/import", "Import a file"],
  ["/accounts", "Accounts"],
  ["/operations/data", "Data quality"],
  ["/operations/jobs", "Jobs"],
] as const;

/** What does not fit: the page itself, or a table whose end would be cut off. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll(".tablewrap")]
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => box.outerHTML.slice(0, 120)),
  );

/** The width asked for, and the narrowest that pages must fit (WCAG 2.2, 1.4.10). */
async function expectToFit(page: Page): Promise<void> {
  expect(await cut(page)).toEqual([]);
  const size = page.viewportSize();
  if (!size || !isPhone(page)) return;
  await page.setViewportSize({ width: 320, height: size.height });
  expect(await cut(page)).toEqual([]);
  await page.setViewportSize(size);
}

const isPhone = (page: Page): boolean => (page.viewportSize()?.width ?? 0) <= 600;

/** What assistive technology would stumble over; in the dark only colors differ, at any width. */
async function expectAccessible(page: Page, path: string): Promise<void> {
  const told = [];
  const themes = isPhone(page) ? (["light"] as const) : (["dark", "light"] as const);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const axe = new AxeBuilder({ page });
    if (theme === "dark") axe.withRules(["color-contrast"]);
    const { violations } = await axe.analyze();
    told.push(...violations.map((found) => [path, theme, found.id, found.nodes[0]?.html]));
  }
  expect(told).toEqual([]);
}

/** Errors the console tells of while the page is used. */
function listened(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (said) => {
    // before anybody signed in, the cookie that would restore a session is missing: 401
    if (said.type() === "error" && !said.location().url.includes("/auth/refresh")) {
      errors.push(said.text());
    }
  });
  return errors;
}

async function visit(page: Page, pages: typeof FIGURES | typeof RECORDS): Promise<void> {
  for (const [path, heading] of pages) {
    await page.goto(`${base()}${path}`);
    await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
    await settled(page);
    await expectAccessible(page, path);
    await expectToFit(page);
  }
}

test("every page of figures is accessible, in the light and the dark, and fits its screen", async ({
  page,
}) => {
  test.slow();
  const errors = listened(page);
  await openDemo(page);
  await visit(page, FIGURES);
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: /AAPL/ }).first().click();
  await expect(page.getByTestId("closed-lots")).toBeVisible();
  await settled(page);
  await expectToFit(page);
  expect(errors).toEqual([]);
});

test("every page of records is accessible, in the light and the dark, and fits its screen", async ({
  page,
}) => {
  test.slow();
  const errors = listened(page);
  await page.goto(`${base()}/sign-in`);
  await expect(page.getByRole("button", { name: "Open the demo portfolio" })).toBeVisible();
  await expectAccessible(page, "/sign-in");
  await openDemo(page);
  await visit(page, RECORDS);
  expect(errors).toEqual([]);
});
