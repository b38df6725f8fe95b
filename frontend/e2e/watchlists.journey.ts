import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";
import { tellQuotes } from "./telling.ts";

async function add(page: Page, symbol: string): Promise<void> {
  const field = page.getByRole("combobox", { name: "Add an instrument" });
  await field.fill(symbol);
  await page.getByRole("option", { name: new RegExp(`^${symbol} `) }).click();
  await expect(page.getByText(`${symbol} is on`)).toBeVisible();
  await expect(field).toHaveValue("");
}

const rows = (page: Page) => page.getByRole("table").locator("tbody tr");

test("a list is made, quickly filled, ordered by keyboard, noted, still there later, and removed", async ({
  page,
}) => {
  const name = `Ideas ${String(Date.now())}`;
  await openDemo(page);
  await page.goto(`${base()}/watchlists`);
  // the first list of all stands in the middle of the page, another one behind "New"
  const another = page.getByRole("radio", { name: "New" });
  await expect(another.or(page.getByText("No watchlist yet"))).toBeVisible();
  if (await another.isVisible()) await another.click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Make the list" }).click();
  await expect(page.getByText("Nothing on this list yet")).toBeVisible();

  await add(page, "IBM");
  await add(page, "MSFT");
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("IBM");
  await page.getByRole("button", { name: "Move MSFT down" }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(rows(page).first()).toContainText("MSFT");
  await expect(page.getByText("MSFT is now 1 of 2")).toBeAttached();
  const saved = page.waitForResponse(
    (answer) => answer.request().method() === "PATCH" && answer.url().includes("/watchlists/"),
  );
  await page.getByLabel("Note on IBM").fill("below 90");
  await page.keyboard.press("Enter");
  expect((await saved).status()).toBe(200);
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("MSFT");
  await expect(page.getByLabel("Note on IBM")).toHaveValue("below 90");

  const ibm = rows(page).filter({ hasText: "IBM" });
  const link = await ibm.getByRole("link").getAttribute("href");
  await tellQuotes(new URL(link ?? "", base()).pathname.split("/").pop() ?? "", "IBM", "104.25");
  await expect(ibm).toContainText("$104.25");
  await expect(ibm).toContainText("+4.25%");
  await expect(ibm).toContainText("+$4.25");
  await expect(ibm).toContainText("live");

  const size = page.viewportSize();
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    const cut = await page.evaluate(
      () =>
        [document.documentElement, ...document.querySelectorAll(".tablewrap")].filter(
          (box) => box.scrollWidth > box.clientWidth,
        ).length,
    );
    expect(cut).toBe(0);
  }
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  if (size) await page.setViewportSize(size);

  await page.getByRole("button", { name: "Take MSFT away" }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("MSFT");

  await ibm.getByRole("link").click();
  await page.getByRole("button", { name: "Watched" }).click();
  await expect(page.getByRole("menuitem", { name: new RegExp(name) })).toContainText("on it");
  await page.keyboard.press("Escape");
  await page.goBack();

  await page.getByRole("button", { name: `Remove: ${name}` }).click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByText(`${name} was removed`)).toBeVisible();
  await expect(page.getByRole("radio", { name })).toHaveCount(0);
});
