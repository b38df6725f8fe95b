import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { base, openDemo } from "./pages.ts";

const PAGES = [
  ["/", "Holdings"],
  ["/holdings", "Holdings"],
  ["/transactions", "Transactions"],
  ["/import", "Import a file"],
  ["/accounts", "Accounts"],
] as const;

for (const theme of ["light", "dark"] as const) {
  test(`every page is accessible and fits its screen (${theme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.goto(`${base()}/sign-in`);
    await expect(page.getByRole("button", { name: "Open the demo portfolio" })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await openDemo(page);
    for (const [path, heading] of PAGES) {
      await page.goto(`${base()}${path}`);
      await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
      await expect(page.locator("main [role=status]")).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((found) => [path, found.id, found.nodes[0]?.html])).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    }
  });
}
