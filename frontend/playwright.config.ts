import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser.ts";

const browser = await findBrowser();

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.journey.ts",
  globalSetup: "./e2e/stack.ts",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  retries: 0,
  workers: 1,
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    launchOptions: {
      executablePath: browser.path,
      env: { ...(process.env as Record<string, string>), ...browser.env },
      args: [
        ...browser.args,
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    trace: "retain-on-failure",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    {
      name: "phone",
      use: { viewport: { width: 390, height: 844 }, hasTouch: true },
      testMatch: /(pages|import|past)\.journey\.ts/,
    },
  ],
});
