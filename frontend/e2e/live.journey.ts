import { expect, test, type Page } from "@playwright/test";
import { base, commit, newAccount, openDemo, signUp, upload } from "./pages.ts";
import { tellQuotes } from "./telling.ts";

/** The page of one instrument that is held, and its id. */
async function openInstrument(page: Page): Promise<string> {
  await openDemo(page);
  await page.goto(`${base()}/holdings`);
  await page.getByRole("link", { name: /^IBM/ }).first().click();
  await expect(page.getByText("Last trade")).toBeVisible();
  return new URL(page.url()).pathname.split("/").pop() ?? "";
}

const trade = (page: Page) => page.getByText("Last trade").locator("..");

test("a price moves on the page as it comes in", async ({ page }) => {
  const id = await openInstrument(page);
  await tellQuotes(id, "IBM", "201.25");
  await expect(trade(page)).toContainText("$201.25");
  await expect(trade(page)).toContainText("+101.25%");
  await expect(trade(page)).toContainText("Tiingo");
  await expect(trade(page)).toContainText("live");
  await tellQuotes(id, "IBM", "202.00", "202.50", "203.75");
  await expect(trade(page)).toContainText("$203.75");
});

test("a socket that is cut again and again loses nothing", async ({ page }) => {
  let cuts = 0;
  await page.routeWebSocket(/\/ws\/market_data/, (socket) => {
    const server = socket.connectToServer();
    let frames = 0;
    server.onMessage((message) => {
      frames += 1;
      socket.send(message);
      if (frames % 7 === 0) {
        cuts += 1;
        void socket.close({ code: 4000 });
        void server.close();
      }
    });
  });
  const id = await openInstrument(page);
  for (const price of ["301", "302", "303", "304", "305", "306", "307", "308", "309"]) {
    await tellQuotes(id, "IBM", price);
    await expect(trade(page)).toContainText(`$${price}.00`);
  }
  expect(cuts).toBeGreaterThan(0);
});

test("where no socket is to be had it goes on over events, then asks now and then and says so", async ({
  page,
}) => {
  await page.routeWebSocket(/\/ws\/market_data/, (socket) => {
    void socket.close({ code: 1011 });
  });
  const events = page.waitForResponse(/\/sse\/market_data/);
  const id = await openInstrument(page);
  expect((await events).status()).toBe(200);
  await tellQuotes(id, "IBM", "401.5");
  await expect(trade(page)).toContainText("$401.50");
  await expect(trade(page)).toContainText("live");

  await page.route(/\/sse\/market_data/, (route) => route.abort());
  await page.reload();
  await expect(trade(page)).toContainText("prices are refreshed more slowly", { timeout: 30_000 });
  await expect(trade(page)).toContainText("$401.50");
});

const DEPOSIT = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"03/01/2024","MoneyLink Transfer","","Tfr BANK","","","","$1000.00"
`;

test("what is recorded on one screen shows on another", async ({ page, context }) => {
  await signUp(page);
  await newAccount(page, "Savings");
  const other = await context.newPage();
  const listening = other
    .waitForEvent("websocket", (socket) => socket.url().includes("/ws/market_data"))
    .then((socket) =>
      socket.waitForEvent("framereceived", ({ payload }) =>
        payload.toString().includes("subscribed"),
      ),
    );
  await other.goto(`${base()}/`);
  await listening;
  await upload(page, "schwab.csv", DEPOSIT);
  await commit(page);
  // nobody touched it, and it asks for nothing by itself
  await expect(other.getByTestId("nav")).toContainText("1,000.00", { timeout: 30_000 });
});

const HELD = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"03/04/2024","Buy","QZLV","QUARTZ LAVA WORKS","10","$50.00","$0.00","-$500.00"
"03/01/2024","MoneyLink Transfer","","Tfr BANK","","","","$1000.00"
`;

test("what all is worth moves with the trades of what is held", async ({ page }) => {
  await signUp(page);
  await newAccount(page, "Brokerage");
  await upload(page, "schwab.csv", HELD);
  await commit(page);
  await page.goto(`${base()}/holdings?prices=latest`);
  await expect(page.getByText("No trade newer than the closes is known")).toBeVisible({
    timeout: 30_000,
  });
  // nobody knows a price yet: no part is passed off as the whole
  await expect(page.getByTestId("holdings-total")).not.toContainText("$");
  const link = page.getByRole("link", { name: /^QZLV/ }).first();
  const id = new URL((await link.getAttribute("href")) ?? "", base()).pathname.split("/").pop();

  // 500 in cash, and ten at 60; then at 61.50: nobody touches the page
  await tellQuotes(id ?? "", "QZLV", "60");
  await expect(page.getByTestId("holdings-total")).toContainText("$1,100.00", { timeout: 30_000 });
  await expect(page.getByText("Moves with each trade")).toBeVisible();
  await tellQuotes(id ?? "", "QZLV", "61", "61.5");
  await expect(page.getByTestId("holdings-total")).toContainText("$1,115.00");
  await expect(page.getByRole("row", { name: /^QZLV/ })).toContainText("$615.00");

  await page.goto(`${base()}/`);
  await expect(page.getByTestId("latest")).toContainText("$1,115.00");
  await tellQuotes(id ?? "", "QZLV", "59");
  await expect(page.getByTestId("latest")).toContainText("$1,090.00");
});
