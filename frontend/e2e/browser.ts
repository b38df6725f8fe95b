import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

export type Browser = { path: string; args: string[] };

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
// Chromium refuses its sandbox to root; an ordinary user keeps it.
const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/**
 * A browser for the journeys: the one named, the system's, Playwright's own, else the one an npm
 * package ships. None at all is an error: a journey that does not run proves nothing.
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env["TRUENAV_BROWSER"];
  for (const path of [named, ...SYSTEM, chromium.executablePath()]) {
    if (path && existsSync(path)) return { path, args: asRoot };
  }
  if (process.platform === "linux") {
    const { default: shipped } = await import("@sparticuz/chromium");
    const path = await shipped.executablePath();
    if (existsSync(path)) return { path, args: [...new Set([...shipped.args, ...asRoot])] };
  }
  throw new Error(
    "no browser for the journeys: install Chromium or Chrome, run `npx playwright install chromium`, " +
      "or set TRUENAV_BROWSER to an executable",
  );
}
