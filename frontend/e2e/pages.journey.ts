import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";

const PAGES = [
  ["/", "Holdings"],
  ["/performance?period=Max", "Performance"],
  ["/performance/attribution?period=Max&by=instrument", "Attribution"],
  ["/benchmarks", "Benchmarks"],
  ["/income?period=Max", "Income"],
  ["/gains", "Realized gains"],
  ["/gains/unrealized", "Realized vs unrealized"],
  ["/actions", "Corporate actions"],
  ["/holdings", "Holdings"],
  ["/transactions", "Transactions"],
  ["/transactions/new", "Add a transaction"],
  ["/allocation", "Allocation"],
  ["/allocation?by=instrument&look=ring", "Allocation"],
  ["/taxonomies", "Taxonomies"],
  ["/watchlists", "Watchlists"],
  ["/cash", "Cash"],
  ["/risk", "Risk"],
  ["/reports", "Reports"],
  ["/calculations", "Calculations"],
  ["/holdings/past", "Positions on a day"],
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
  if (!size || size.width > 600) return;
  await page.setViewportSize({ width: 320, height: size.height });
  expect(await cut(page)).toEqual([]);
  await page.setViewportSize(size);
}

for (const theme of ["light", "dark"] as const) {
  test(`every page is accessible and fits its screen (${theme})`, async ({ page }) => {
    test.slow();
    const errors: string[] = [];
    page.on("console", (said) => {
      // before anybody signed in, the cookie that would restore a session is missing: 401
      if (said.type() === "error" && !said.location().url.includes("/auth/refresh")) {
        errors.push(said.text());
      }
    });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.goto(`${base()}/sign-in`);
    await expect(page.getByRole("button", { name: "Open the demo portfolio" })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await openDemo(page);
    for (const [path, heading] of PAGES) {
      await page.goto(`${base()}${path}`);
      await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
      await settled(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((found) => [path, found.id, found.nodes[0]?.html])).toEqual([]);
      await expectToFit(page);
    }
    await page.goto(`${base()}/holdings`);
    await page.getByRole("link", { name: /AAPL/ }).first().click();
    await expect(page.getByTestId("closed-lots")).toBeVisible();
    await settled(page);
    await expectToFit(page);
    expect(errors).toEqual([]);
  });
}
