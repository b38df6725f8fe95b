import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

// a machine with other work takes minutes for the demo
const READY_MS = 300_000;

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => {
        done(port);
      });
    });
  });
}

async function ready(url: string, child: ChildProcess, said: () => string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`truenav up ended:\n${said()}`);
    const answer = await fetch(`${url}/ready`).catch(() => null);
    if (answer?.ok && said().includes("Open ")) return;
    await new Promise((next) => {
      setTimeout(next, 200);
    });
  }
  throw new Error(`truenav up was not ready in time:\n${said()}`);
}

/** The real product on a fresh data directory: `truenav up`, as a newcomer would start it. */
export default async function start(): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "tn-e2e-"));
  // journeys put files of prices here
  const prices = join(home, "prices");
  mkdirSync(prices);
  const port = await freePort();
  const root = resolve(import.meta.dirname, "../..");
  const output: string[] = [];
  const child = spawn(join(root, ".venv/bin/truenav"), ["up"], {
    env: {
      ...process.env,
      TRUENAV_HOME: home,
      TRUENAV_PORT: String(port),
      TRUENAV_OFFLINE: "1",
      TRUENAV_CSV_FOLDER: prices,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (data: Buffer) => output.push(data.toString()));
  child.stderr.on("data", (data: Buffer) => output.push(data.toString()));
  const url = `http://127.0.0.1:${String(port)}`;
  const stop = async (): Promise<void> => {
    const ended = new Promise((done) => {
      child.once("exit", done);
    });
    if (child.exitCode === null) {
      child.kill("SIGINT");
      await ended;
    }
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await ready(url, child, () => output.join(""));
  } catch (error) {
    await stop();
    throw error;
  }
  process.env["TRUENAV_E2E_URL"] = url;
  process.env["TRUENAV_E2E_HOME"] = home;
  return stop;
}
