import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { base, openDemo, settled } from "./pages.ts";

/** Press what has the focus, as somebody without a mouse does. */
async function press(page: Page, target: Locator): Promise<void> {
  await target.focus();
  await expect(target).toBeFocused();
  await page.keyboard.press("Enter");
}

for (const theme of ["light", "dark"] as const) {
  test(`from the value of everything to one purchase, by keyboard (${theme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await openDemo(page);
    const figure = page.getByTestId("nav").getByRole("button", { name: /Why: Net asset value/ });
    await press(page, figure);
    const panel = page.getByRole("dialog", { name: "Why: Net asset value" });
    // 599,521.81 in dollars and 21,305.89 euros at 1.3 of that day
    await expect(panel.getByTestId("why-value")).toHaveText("$627,219.467");
    await expect(panel.getByRole("button", { name: /Euro savings/ })).toContainText("$27,697.657");

    // Tab leads into the tree and stays in the panel; Escape leads back to the figure
    await page.keyboard.press("Escape");
    await expect(panel).toHaveCount(0);
    await expect(figure).toBeFocused();

    await press(page, figure);
    await press(page, panel.getByRole("button", { name: /Brokerage/ }));
    await press(page, panel.getByRole("button", { name: /^AAPL/ }));
    await expect(panel.getByText("source: bundled data").first()).toBeVisible();
    await expect(panel.getByRole("button", { name: /Units/ })).toContainText("800 units");
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((found) => [found.id, found.nodes[0]?.html])).toEqual([]);

    await press(page, panel.getByRole("link", { name: "Holding: AAPL" }));
    await expect(page.getByRole("heading", { name: "AAPL", level: 1 })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);

    // 500 for 7,224.95 became 1,000; 300 and 150 were sold: 550 of them, at 7.22495 each
    const lots = page.getByTestId("open-lots");
    const cost = lots.getByRole("button", { name: /Why: Cost of the lot of Jan 15, 2003/ });
    await press(page, cost);
    const lot = page.getByRole("dialog");
    await expect(lot.getByTestId("why-value")).toHaveText("$3,973.7225");
    await press(page, lot.getByRole("button", { name: /Cost by buy of 2003-01-15/ }));
    await expect(lot.getByRole("button", { name: /Gross amount/ })).toContainText("$7,215.00");
    await press(page, lot.getByRole("button", { name: /Sold by sell of 2012-04-10/ }));
    await expect(lot.getByText("in proportion to units").first()).toBeVisible();

    await press(
      page,
      lot.getByRole("link", { name: "Transaction: Cost by buy of 2003-01-15" }).first(),
    );
    await expect(page).toHaveURL(/transactions\/[0-9a-f-]{36}/);
    await expect(page.getByRole("heading", { name: "Buy AAPL, Jan 15, 2003" })).toBeVisible();
  });
}

test("the tree fits a phone, and hidden amounts stay hidden in it", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await openDemo(page);
  await page.getByRole("button", { name: "Hide amounts" }).click();
  await page.getByTestId("nav").getByRole("button").click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: /Brokerage/ }).click();
  await panel.getByRole("button", { name: /^AAPL/ }).click();
  await expect(panel.getByText("800 units")).toBeVisible();
  expect(await panel.innerText()).not.toMatch(/[$€]\d/);
  const wide = await panel.evaluate((box) => box.scrollWidth - box.clientWidth);
  expect(wide).toBe(0);
});

/** Open one part after another of what is open in the panel. */
async function unfold(panel: Locator, ...names: readonly RegExp[]): Promise<void> {
  for (const name of names) await panel.getByRole("button", { name }).last().click();
}

test("a statistic leads to its days, and a day to what was held", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/risk?period=1Y`);
  const card = page.getByTestId("volatility");
  const shown = (await card.getByText(/%/).first().textContent()) ?? "";
  await card.getByRole("button", { name: /Why: Volatility/ }).click();
  const panel = page.getByRole("dialog", { name: "Why: Volatility" });
  const value = Number(await panel.getByTestId("why-value").textContent());
  expect(`${(value * 100).toFixed(2)}%`).toBe(shown.trim());
  await unfold(panel, /^Volatility/, /^Standard deviation/, /Variance of/, /Squared distances/);
  await unfold(
    panel,
    /^(plus )?20\d\d-\d\d /,
    /^(plus )?20\d\d-\d\d-\d\d /,
    /^(times )?Distance of/,
  );
  await unfold(panel, /^Return of 20\d\d/);
  await expect(
    panel.getByRole("button", { name: /^(Time-weighted return|Growth of 1)/ }),
  ).toBeVisible();
});

test("a window, a bar and a pair of the risk page lead to their returns", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/risk?period=3Y`);
  const over = page.getByRole("region", { name: /^Over time/ });
  const readout = over.getByTestId("rolling");
  const newest = await readout.textContent();
  // a point that is pressed stays read when the pointer leaves
  const chart = over.getByRole("slider").locator("..");
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (!box) throw new Error("the chart has a place");
  await page.mouse.click(box.x + box.width / 3, box.y + box.height / 2);
  await page.mouse.move(box.x + box.width / 3, box.y - 200);
  await expect(readout).not.toHaveText(newest ?? "");
  const shown = ((await readout.textContent()) ?? "").split("%")[0];
  await readout.getByRole("button").click();
  const panel = page.getByRole("dialog");
  await expect(panel.getByTestId("why-value")).toBeVisible();
  const value = Number(await panel.getByTestId("why-value").textContent());
  expect((value * 100).toFixed(2)).toBe(shown);
  await page.keyboard.press("Escape");

  // the lowest returns: pressed in the drawing, the same number in the table
  await page.locator("[data-bar='1']").click();
  const days = Number(await panel.getByTestId("why-value").textContent());
  await expect(panel.getByText(/bar 1 of \d+ equally wide ones/)).toBeVisible();
  await expect(panel.locator(".why-line")).toHaveCount(days);
  await unfold(panel, /^Return of 20\d\d/);
  await expect(
    panel.getByRole("button", { name: /^(Time-weighted return|Growth of 1)/ }).first(),
  ).toBeVisible();
  await page.keyboard.press("Escape");
  const counted = page.getByRole("region", { name: "A bad day" });
  await counted.getByRole("button", { name: "Show as table" }).click();
  await expect(counted.getByRole("button", { name: /^\d+ Why: Days from/ }).first()).toHaveText(
    String(days),
  );

  const pair = page.getByTestId("correlations").getByRole("row").nth(1).getByRole("button").nth(1);
  const correlation = (await pair.textContent()) ?? "";
  await pair.click();
  const told = Number(await panel.getByTestId("why-value").textContent());
  expect(told.toFixed(2).replace("-", "\u2212")).toBe(correlation);
  await settled(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("a month leads to its days, a year to its months", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/performance?period=Max`);
  for (const name of ["Feb 2012", "2012"]) {
    const figure = page.getByRole("button", { name: new RegExp(`Why: Return of ${name}$`) });
    const shown = ((await figure.textContent()) ?? "").replace("−", "-");
    await figure.click();
    const panel = page.getByRole("dialog", { name: `Why: Return of ${name}` });
    await expect(panel.getByTestId("why-value")).toBeVisible();
    const value = Number(await panel.getByTestId("why-value").textContent());
    expect((value * 100).toFixed(1)).toBe(shown.replace(/[+%*]/g, ""));
    await unfold(panel, /^Time-weighted return/, /^Growth of 1/);
    await expect(panel.getByRole("button", { name: /^(times )?2012-/ })).toHaveCount(
      name === "2012" ? 12 : 29,
    );
    await page.keyboard.press("Escape");
  }
});

test("a bar of the value change leads to its records", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/performance?period=Max`);
  const change = page.getByRole("table", { name: "Value change" });
  const bar = change.getByRole("row", { name: /^Realized gains/ });
  const shown = (await bar.getByRole("cell").last().textContent()) ?? "";
  await bar.getByRole("button", { name: /Why: Realized gains/ }).click();
  const panel = page.getByRole("dialog", { name: "Why: Realized gains" });
  await expect(panel.getByTestId("why-value")).toContainText(shown.replace(/[+−]/, "").trim());
  await unfold(panel, /^AAPL: Sell of/);
  await expect(panel.getByRole("button", { name: /^Proceeds/ }).first()).toBeVisible();
  await panel
    .getByRole("link", { name: /Transaction: AAPL: Sell of/ })
    .first()
    .click();
  await expect(page).toHaveURL(/transactions\/[0-9a-f-]{36}/);
});

test("a contribution leads to what a holding was worth on a day", async ({ page }) => {
  await openDemo(page);
  await page.goto(`${base()}/performance/attribution?period=1Y&by=instrument`);
  await page.getByRole("button", { name: /Why: Contribution of AAPL/ }).click();
  const panel = page.getByRole("dialog", { name: "Why: Contribution of AAPL" });
  await unfold(panel, /^By prices/, /^(plus )?20\d\d-\d\d /);
  await unfold(panel, /AAPL, 20\d\d-\d\d-\d\d/, /^Own gain/, /Value on 20/, /^AAPL \$/);
  await expect(panel.getByText("source: bundled data").first()).toBeVisible();
});
