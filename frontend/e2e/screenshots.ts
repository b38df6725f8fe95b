import { mkdirSync } from "node:fs";
import { chromium, type Page } from "@playwright/test";
import { findBrowser } from "./browser.ts";
import { base, newAccount, openDemo, settled, signUp, upload } from "./pages.ts";
import start from "./stack.ts";

/*
 * Pictures of every page at both widths and in both themes, into a folder git ignores. With
 * TRUENAV_E2E_URL the product that runs there is pictured, else one is started on fresh data.
 * Words on the command line choose among the pictures: `npm run shots -- holdings import`;
 * `readme` alone takes the one the README shows.
 */
const FOLDER = "test-results/shots";
const WIDTHS = [1440, 390] as const;
const THEMES = ["light", "dark"] as const;
const DEMO_PAGES = [
  ...[
    "",
    "performance",
    "performance/attribution",
    "holdings",
    "holdings/past",
    "allocation",
    "taxonomies",
    "watchlists",
    "alerts",
    "cash",
    "gains",
    "gains/unrealized",
    "income",
    "risk",
    "benchmarks",
    "reports",
    "calculations",
    "actions",
    "transactions",
    "import",
  ],
  "accounts",
  "transactions/new",
  "operations/data",
  "operations/jobs",
];
const ODD_FILE = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"02/20/2013","Sell","AAPL","APPLE INC","4","$150.00","$1.00","$599.00"
"02/11/13","Qualified Dividend","AAPL","APPLE INC","","","","$5.50"
"01/10/2013","Buy","AAPL","APPLE INC","10","=1+1","$1.00","-$1001.00"
"01/09/2013","Mystery Move","MSFT","MICROSOFT CORPORATION COMMON STOCK, A VERY LONG NAME","1","","","$1.00"
"01/02/2013","MoneyLink Transfer","","Tfr BANK","","","","$10000.00"
`;
const UNKNOWN_FILE = "When,What,Paper,How many,Each\n2013-01-02,Cash in,,1,500.25\n";

const wanted = process.argv.slice(2);
const stop = process.env["TRUENAV_E2E_URL"] ? async () => {} : await start();
const found = await findBrowser();
const browser = await chromium.launch({
  executablePath: found.path,
  args: found.args,
  env: { ...(process.env as Record<string, string>), ...found.env },
});
mkdirSync(FOLDER, { recursive: true });

/** The whole page in one tall window: bars that stick stand where they belong. */
async function shoot(page: Page, name: string): Promise<void> {
  await settled(page);
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.max(height, size.height) });
  await settled(page);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await page.setViewportSize(size);
}

async function demo(page: Page, suffix: string): Promise<void> {
  await page.goto(`${base()}/sign-up`);
  await shoot(page, `sign-up-${suffix}`);
  await page.goto(`${base()}/sign-in`);
  await shoot(page, `sign-in-${suffix}`);
  await openDemo(page);
  for (const path of DEMO_PAGES) {
    const name = path.replace("/", "-") || "overview";
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await page.goto(`${base()}/${path}`);
    if (name === "watchlists") await watching(page);
    await shoot(page, `${name}-${suffix}`);
    if (name === "performance") {
      await page.emulateMedia({ media: "print" });
      await shoot(page, `performance-print-${suffix}`);
      await page.emulateMedia({ media: "screen" });
    }
    if (name === "transactions" && suffix.endsWith("1440")) await editing(page, suffix);
  }
  if (wanted.length > 0 && !wanted.includes("detail")) return;
  await page.goto(`${base()}/import`);
  await page.getByRole("link", { name: "schwab.csv" }).click();
  await shoot(page, `import-done-${suffix}`);
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: /AAPL/ }).first().click();
  await page
    .getByRole("button", { name: /Buy AAPL/ })
    .first()
    .click();
  await shoot(page, `holding-${suffix}`);
}

/** A list with something on it, made when the first picture is taken. */
async function watching(page: Page): Promise<void> {
  await settled(page);
  if (!(await page.getByText("No watchlist yet").isVisible())) return;
  await page.getByLabel("Name").fill("Ideas");
  await page.getByRole("button", { name: "Make the list" }).click();
  for (const symbol of ["IBM", "AAPL", "MSFT"]) {
    await page.getByRole("combobox", { name: "Add an instrument" }).fill(symbol);
    await page.getByRole("option", { name: new RegExp(`^${symbol} `) }).click();
    await page.getByText(`${symbol} is on`).waitFor();
  }
  await page.getByLabel("Note on AAPL").fill("Look again after the next report, below 140");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Close this message" }).click();
}

/** The grid while it is typed into: a new row, one that is refused, a range, an open list. */
async function editing(page: Page, suffix: string): Promise<void> {
  const cell = (row: number, column: number) =>
    page.locator(`[data-index="${String(row)}"] [aria-colindex="${String(column + 1)}"]`);
  await page.getByRole("button", { name: "Add a row" }).click();
  await cell(0, 4).click();
  await page.keyboard.type("10");
  await page.keyboard.press("Tab");
  await page.keyboard.type("12.5");
  await page.keyboard.press("Enter");
  await cell(2, 1).click();
  await page.keyboard.type("2999-01-01");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /Lies in the future/ }).waitFor();
  await cell(5, 4).click();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await page.screenshot({ path: `${FOLDER}/transactions-range-${suffix}.png` });
  await cell(1, 3).dblclick();
  await page.getByRole("option").first().waitFor();
  await page.screenshot({ path: `${FOLDER}/transactions-editing-${suffix}.png` });
  await page.keyboard.press("Escape");
}

/** What somebody new sees, and what a file that is not quite right looks like. */
async function newcomer(page: Page, suffix: string): Promise<void> {
  await signUp(page);
  for (const path of ["", "holdings", "transactions", "import", "accounts"]) {
    await page.goto(`${base()}/${path}`);
    await shoot(page, `empty-${path || "overview"}-${suffix}`);
  }
  await newAccount(page, "Schwab joint brokerage, opened 2003");
  await upload(page, "odd.csv", ODD_FILE);
  await page.getByTestId("import-rows").waitFor();
  await shoot(page, `import-odd-${suffix}`);
  await page.goto(`${base()}/import`);
  await upload(page, "unknown.csv", UNKNOWN_FILE);
  await page.getByText("Please say which column is what").waitFor();
  await shoot(page, `import-mapping-${suffix}`);
  await page.goto(`${base()}/nowhere`);
  await shoot(page, `not-found-${suffix}`);
}

/** The top of the overview, where the picture of the README ends with the allocation. */
async function readme(): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 1160 },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await openDemo(page);
  await page.goto(`${base()}/?period=Max`);
  await settled(page);
  await page.screenshot({ path: "../docs/images/overview.png" });
}

async function everything(): Promise<void> {
  for (const theme of THEMES) {
    for (const width of WIDTHS) {
      for (const story of [demo, newcomer]) {
        if (story === newcomer && wanted.length > 0 && !wanted.includes("newcomer")) continue;
        const context = await browser.newContext({
          viewport: { width, height: width === 390 ? 844 : 900 },
          colorScheme: theme,
          reducedMotion: "reduce",
        });
        await story(await context.newPage(), `${theme}-${String(width)}`);
        await context.close();
      }
    }
  }
}

try {
  await (wanted.includes("readme") ? readme() : everything());
} finally {
  await browser.close();
  await stop();
}
