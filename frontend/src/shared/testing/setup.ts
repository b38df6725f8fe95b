import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { client } from "@/shared/api/gen/client.gen";
import { server } from "./server";

// how long a page may take to get there is nothing these tests judge: a busy machine only waits longer
configure({ asyncUtilTimeout: 15_000 });

class NoResize implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver = NoResize;
// jsdom has no layout and says so on every call; where a page scrolls to is a browser journey's matter
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};
// nor selectors to escape for, which open lists need
globalThis.CSS ??= {
  escape: (text: string) => text.replaceAll(/[^\w-]/g, String.raw`\$&`),
} as typeof CSS;

beforeAll(() => {
  server.listen({ onUnhandledFrame: "error" });
});
beforeEach(() => {
  // Node's fetch needs an address in full
  client.setConfig({ baseUrl: "http://localhost" });
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
});
afterAll(() => {
  server.close();
});
