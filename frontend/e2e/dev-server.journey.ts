import { request } from "node:http";
import { expect, test } from "@playwright/test";
import { createServer } from "vite";
import { base } from "./pages.ts";

/** What the server says to somebody who would rather have a socket. */
const switched = (port: number, path: string): Promise<number | undefined> =>
  new Promise((done, fail) => {
    request({
      port,
      path,
      host: "127.0.0.1",
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        Origin: `http://127.0.0.1:${String(port)}`,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "truenav.live.1",
      },
    })
      .on("upgrade", ({ statusCode }, socket) => {
        socket.destroy();
        done(statusCode);
      })
      .on("response", ({ statusCode }) => {
        done(statusCode);
      })
      .on("error", fail)
      .end();
  });

test("pages under development reach the backend, as pages of its own", async () => {
  process.env["TRUENAV_BACKEND"] = base();
  const { default: config } = await import("../vite.config.ts");
  const { proxy } = config.server ?? {};
  const dev = await createServer({
    configFile: false,
    logLevel: "error",
    optimizeDeps: { noDiscovery: true, include: [] },
    server: { host: "127.0.0.1", port: 0, watch: null, ...(proxy ? { proxy } : {}) },
  });
  try {
    await dev.listen();
    const address = dev.httpServer?.address();
    if (!address || typeof address === "string") throw new Error("no port is listened to");
    const { port } = address;
    const at = `http://127.0.0.1:${String(port)}`;
    const entered = await fetch(`${at}/api/v1/auth/log-in`, {
      method: "POST",
      headers: { Origin: at, "Content-Type": "application/json" },
      body: JSON.stringify({ email: "nobody@example.com", password: "not the one" }),
    });
    // refused for who asks, not for where from
    expect(await entered.json()).toMatchObject({ status: 401 });
    const events = await fetch(`${at}/sse/market_data?topics=none`);
    expect(events.headers.get("content-type")).toContain("application/problem+json");
    // one of a foreign page gets a 403
    expect(await switched(port, "/ws/market_data")).toBe(101);
  } finally {
    await dev.close();
  }
});
