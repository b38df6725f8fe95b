import { mkdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import { findBrowser } from "./browser.ts";
import { base, openDemo } from "./pages.ts";
import start from "./stack.ts";

/** Pictures of every page at both widths and in both themes, into a folder git ignores. */
const stop = await start();
const found = await findBrowser();
const browser = await chromium.launch({ executablePath: found.path, args: found.args });
mkdirSync("test-results/shots", { recursive: true });
const pages = ["", "holdings", "transactions", "import", "accounts"];
try {
  for (const theme of ["light", "dark"] as const) {
    for (const width of [1440, 390]) {
      const context = await browser.newContext({
        viewport: { width, height: width === 390 ? 844 : 900 },
        colorScheme: theme,
      });
      const page = await context.newPage();
      await page.goto(`${base()}/sign-in`);
      await page.waitForTimeout(700);
      await page.screenshot({ path: `test-results/shots/sign-in-${theme}-${String(width)}.png` });
      await openDemo(page);
      for (const path of pages) {
        await page.goto(`${base()}/${path}`);
        await page.waitForTimeout(3500);
        const name = `${path || "overview"}-${theme}-${String(width)}`;
        await page.screenshot({ path: `test-results/shots/${name}.png`, fullPage: true });
      }
      await page.goto(`${base()}/holdings`);
      await page.getByRole("link", { name: /AAPL/ }).first().click();
      await page.waitForTimeout(1000);
      await page.screenshot({
        path: `test-results/shots/holding-${theme}-${String(width)}.png`,
        fullPage: true,
      });
      await context.close();
    }
  }
} finally {
  await browser.close();
  await stop();
}
