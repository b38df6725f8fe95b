import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

export type Browser = { path: string; args: string[]; env: Record<string, string> };

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const UNSANDBOXED = ["--no-sandbox"];
// Chromium refuses its sandbox to root; an ordinary user keeps it.
const asRoot = process.getuid?.() === 0 ? UNSANDBOXED : [];

/**
 * A browser for the journeys: the one named, the system's, Playwright's own, else the one an npm
 * package ships (TRUENAV_BROWSER=shipped asks for that one). None at all is an error: a journey
 * that does not run proves nothing.
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env["TRUENAV_BROWSER"];
  if (named !== "shipped") {
    if (named && !existsSync(named)) throw new Error(`TRUENAV_BROWSER: there is no ${named}`);
    for (const path of [named, ...SYSTEM, chromium.executablePath()]) {
      if (path && existsSync(path)) return { path, args: asRoot, env: {} };
    }
  }
  if (process.platform === "linux" && process.arch === "x64") return shippedBrowser();
  throw new Error(
    "no browser for the journeys: install Chromium or Chrome, run `npx playwright install chromium`, " +
      "or set TRUENAV_BROWSER to an executable",
  );
}

const CACHE = join(import.meta.dirname, "../node_modules/.cache/truenav-browser");

/**
 * The package is made for a cloud function; here its files are unpacked beside it, for this user
 * alone, and its flags (one process, no web security) are left aside: the journeys test both.
 */
async function shippedBrowser(): Promise<Browser> {
  if (!existsSync(CACHE)) await unpack();
  const path = join(CACHE, "chromium");
  const env: Record<string, string> = {};
  if (lacksLibraries(path)) env["LD_LIBRARY_PATH"] = join(CACHE, "al2023/lib");
  // its sandbox needs a helper that is not in the package; it loads our own pages only
  return { path, args: UNSANDBOXED, env };
}

/** Into a folder of its own, then in place at once: a run that was cut off leaves no half browser. */
async function unpack(): Promise<void> {
  const shipped = await import("@sparticuz/chromium");
  const packed = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "../bin");
  mkdirSync(dirname(CACHE), { recursive: true });
  const fresh = mkdtempSync(join(dirname(CACHE), "browser-"));
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = fresh; // where the package unpacks to
  try {
    for (const name of ["chromium.br", "al2023.tar.br", "swiftshader.tar.br"]) {
      await shipped.inflate(join(packed, name));
    }
    renameSync(fresh, CACHE);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // another run may have been first; then what it unpacked serves as well
    if (!existsSync(CACHE)) throw error;
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

/** Whether the system has less than the browser is linked to. */
function lacksLibraries(path: string): boolean {
  try {
    return execFileSync("ldd", [path], { encoding: "utf8" }).includes("not found");
  } catch (error) {
    throw new Error(`${basename(path)} cannot be examined with ldd`, { cause: error });
  }
}
