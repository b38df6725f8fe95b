import { expect, test, type Page } from "@playwright/test";
import { base, openDemo } from "./pages.ts";

const EVERYTHING = "Show everything";

/** What the foot of the holdings says: the value of what the page is of. */
const worth = async (page: Page): Promise<string> =>
  (await page.getByTestId("holdings-total").textContent()) ?? "";

test("a part of the demo is the same part on every page, and reads as one", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/holdings`);
  await expect(page.getByTestId("holdings-total")).toContainText("$");
  const whole = await worth(page);
  await page.getByLabel("Asset class").selectOption("cash");
  await expect(page).toHaveURL(/classes=cash/);
  await expect(page.getByText("Holdings of a part only: Cash.")).toBeVisible();
  await expect(page.getByTestId("holdings-total")).not.toHaveText(whole);
  const part = await worth(page);
  await expect(page.getByRole("cell", { name: "Value of this part" })).toBeVisible();

  // explained as the part it is
  await page.getByTestId("holdings-total").getByRole("button").click();
  const panel = page.getByRole("dialog");
  // to more digits than the page prints
  await expect(panel).toContainText(part.replace(/\.\d+/, ""));
  await page.keyboard.press("Escape");

  await page.goto(`${base()}/allocation?classes=cash`);
  await expect(page.getByText("Allocation of a part only: Cash.")).toBeVisible();
  await expect(page.getByRole("row", { name: /^Cash/ })).toContainText("100.0%");
  // the same value, without cents, wherever the part has a line of its own
  const rounded = `$${Math.round(Number(part.replace(/[$,]/g, ""))).toLocaleString("en-US")}`;
  const line = page.getByRole("row", { name: /^Cash/ });
  await expect(line.getByRole("cell").nth(1)).toHaveText(rounded);
  await page.goto(`${base()}/allocation`);
  await expect(line.getByRole("cell").nth(1)).toHaveText(rounded);
  await page.goto(base());
  const shares = page.getByRole("region", { name: "Allocation" });
  await shares.getByText("Classes", { exact: true }).click();
  const cash = shares.getByRole("row", { name: /^Cash/ });
  await expect(cash.getByRole("cell").nth(1)).toHaveText(rounded);

  await page.goto(`${base()}/income?classes=cash&period=Max`);
  await expect(page.getByText("Income of a part only: Cash.")).toBeVisible();
  await page.getByRole("button", { name: EVERYTHING }).click();
  await expect(page.getByText(/of a part only/)).toHaveCount(0);
});

test("what a part was worth then, and is now, is explained as the part it is", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/performance?classes=equity&period=1Y`);
  const panel = page.getByRole("dialog");
  const change = page.getByRole("table", { name: "Value change" });
  const ends = change.getByRole("button", { name: /Why: Value on/ });
  for (const end of [ends.first(), ends.last()]) {
    await end.click();
    await expect(panel.getByTestId("why-value")).toContainText("$");
    await expect(panel).not.toContainText("The page shows another figure");
    await page.keyboard.press("Escape");
  }
});

test("gains stand side by side and add up, of a year and of a part", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/gains/unrealized`);
  const table = page.getByRole("table", { name: "Realized, unrealized and income" });
  await expect(table.getByRole("row", { name: /^All together/ })).toContainText("$");
  const rows = await table.getByRole("row").count();
  await page.getByLabel("Asset class").selectOption("cash");
  await expect(page.getByText("Gains of a part only: Cash.")).toBeVisible();
  await expect.poll(() => table.getByRole("row").count()).toBeLessThan(rows);
  await page.getByRole("button", { name: EVERYTHING }).click();
  // a row of the chart is read by keys, and by pointing at it
  const read = page.getByTestId("gains-read");
  await page.getByRole("slider", { name: "Inspect the gains by instrument" }).focus();
  await expect(read).toContainText("together");
  const first = await read.textContent();
  await page.keyboard.press("ArrowRight");
  await expect(read).not.toHaveText(first ?? "");
  await page.getByTestId("gains-plot").hover({ position: { x: 60, y: 20 } });
  await expect(read).toHaveText(first ?? "");
  const picture = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as PNG" }).click();
  expect((await picture).suggestedFilename()).toBe("gains.png");
});

test("the map and the ring of the allocation are saved as pictures", async ({ page }) => {
  await openDemo(page);
  for (const look of ["map", "ring"]) {
    await page.goto(`${base()}/allocation?look=${look}`);
    const picture = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as PNG" }).click();
    expect((await picture).suggestedFilename()).toBe("allocation.png");
  }
});
