import { delay, http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SESSION } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { listAccounts } from "./gen/sdk.gen";
import { currentMe, enter, leave, restoreSession, subscribeSession } from "./session";

const REFRESH = api("/auth/refresh");
const ends = (inMs: number, token = "token-1") => ({
  ...SESSION,
  access_token: token,
  expires_at: new Date(Date.now() + inMs).toISOString(),
});

async function signOut() {
  server.use(http.post(api("/auth/log-out"), () => new HttpResponse(null, { status: 204 })));
  await leave();
}
// files share a page: the one before may have left somebody in
beforeEach(signOut);
afterEach(signOut);

/** Answers refreshes in turn, the last for ever; counts them. */
function refreshes(...replies: (() => Response)[]): { count: number } {
  const seen = { count: 0 };
  server.use(
    http.post(REFRESH, async () => {
      seen.count += 1;
      await delay(5);
      const reply = replies[Math.min(seen.count, replies.length) - 1];
      return reply ? reply() : HttpResponse.error();
    }),
  );
  return seen;
}

/** What the API is asked with. */
function bearers(status = 200): (string | null)[] {
  const seen: (string | null)[] = [];
  server.use(
    http.get(api("/accounts"), ({ request }) => {
      seen.push(request.headers.get("Authorization"));
      return status === 200 ? HttpResponse.json(pageOf([])) : refuse(status);
    }),
  );
  return seen;
}

async function signInFor(ms: number) {
  server.use(http.post(api("/auth/log-in"), () => HttpResponse.json(ends(ms))));
  await enter({ email: "ann@example.com", password: "x" });
}

test("a cookie that is good brings the session back, once for all who ask", async () => {
  const seen = refreshes(() => HttpResponse.json(ends(600_000)));
  expect(await Promise.all([restoreSession(), restoreSession()])).toEqual([true, true]);
  expect(seen.count).toBe(1);
  expect(currentMe()?.user.display_name).toBe("Ann");
  expect(await restoreSession()).toBe(true);
  expect(seen.count).toBe(1);
});

test("no cookie, no session; and no second try with a token that was refused", async () => {
  const seen = refreshes(() => refuse(401));
  expect(await restoreSession()).toBe(false);
  expect(currentMe()).toBeNull();
  expect(seen.count).toBe(1);
});

test("a refresh that lost a race against another tab is tried once more", async () => {
  const seen = refreshes(
    () => refuse(409, { code: "refresh_raced" }),
    () => HttpResponse.json(ends(600_000)),
  );
  expect(await restoreSession()).toBe(true);
  expect(seen.count).toBe(2);
});

test("a dead network does not end a session, it only does not bring one", async () => {
  refreshes(() => HttpResponse.error());
  expect(await restoreSession()).toBe(false);
  await signInFor(10_000); // within half a minute of its end, so the next call wants another
  bearers();
  await listAccounts();
  expect(currentMe()).not.toBeNull();
});

test("a token about to end is exchanged before the next call, once", async () => {
  const asked = bearers();
  const seen = refreshes(() => HttpResponse.json(ends(600_000, "token-2")));
  await signInFor(10_000);
  await Promise.all([listAccounts(), listAccounts()]);
  expect(asked).toEqual(["Bearer token-2", "Bearer token-2"]);
  expect(seen.count).toBe(1);
});

test("a token that is fresh is used as it is", async () => {
  const asked = bearers();
  const seen = refreshes(() => refuse(500));
  await signInFor(600_000);
  await listAccounts();
  expect(asked).toEqual(["Bearer token-1"]);
  expect(seen.count).toBe(0);
});

test("an API that knows us no more ends the session and tells the pages", async () => {
  await signInFor(600_000);
  bearers(401);
  let told = 0;
  const stop = subscribeSession(() => {
    told += 1;
  });
  await listAccounts();
  expect(currentMe()).toBeNull();
  expect(told).toBe(1);
  stop();
});
