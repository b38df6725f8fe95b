import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";

export const base = (): string => process.env["TRUENAV_E2E_URL"] ?? "";

let people = 0;

/** A new person with a portfolio of their own. */
export async function signUp(page: Page): Promise<string> {
  people += 1;
  const email = `person-${String(Date.now())}-${String(people)}@example.com`;
  await page.goto(`${base()}/sign-up`);
  await page.getByLabel("Your name").fill("Ann Investor");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("a long sentence nobody guesses");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("Your portfolio is empty")).toBeVisible();
  return email;
}

/** A new person who looks after the installation: the first one does, others are named. */
export async function signUpAsOperator(page: Page): Promise<void> {
  const email = await signUp(page);
  const home = process.env["TRUENAV_E2E_HOME"];
  if (home === undefined) throw new Error("naming an operator takes the data of the product");
  execFileSync(
    join(resolve(import.meta.dirname, "../.."), ".venv/bin/truenav"),
    ["operator", email],
    { env: { ...process.env, TRUENAV_HOME: home } },
  );
  await page.reload();
  await expect(page.getByText("Your portfolio is empty")).toBeVisible();
}

export async function openDemo(page: Page): Promise<void> {
  await page.goto(`${base()}/sign-in`);
  await page.getByRole("button", { name: "Open the demo portfolio" }).click();
  await expect(page.getByTestId("nav")).toContainText("$");
}

/** Create an account on the import page, as a first import does. */
export async function newAccount(page: Page, name: string): Promise<void> {
  await page.goto(`${base()}/import`);
  await page.getByLabel("Account name").fill(name);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Into account")).toBeVisible();
}

export async function upload(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByLabel("File to import").setInputFiles({
    name,
    mimeType: "text/csv",
    buffer: Buffer.from(content),
  });
}

export async function commit(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Import \d+ transactions?/ }).click();
  await expect(page.getByText(/^Imported: \d+ transactions?/)).toBeVisible();
}

export async function undo(page: Page): Promise<void> {
  await page.getByText("Take the whole import back…").click();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("Taken back: every transaction")).toBeVisible();
}

export const cell = (row: Locator, index: number): Locator => row.getByRole("cell").nth(index);

/** The page shows what it was waiting for, in its own letters. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.locator(".skel")).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((drawn) => {
      requestAnimationFrame(() => requestAnimationFrame(drawn));
    });
  });
}
