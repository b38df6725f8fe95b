import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { ProviderOut, ProvidersOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { ProvidersTable } from "./providers-table";

const TIINGO: ProviderOut = {
  source: "tiingo",
  name: "Tiingo",
  not_asked: null,
  needs_key: true,
  has_key: true,
  terms: "internal use only",
  attribution: "Tiingo",
  state: "open",
  until: "2026-11-25T12:01:00Z",
  failure_count: 3,
  call_count: 4,
  success_count: 1,
  latency_p95_ms: 480,
  last_error: "status 503",
  last_success_at: "2026-11-25T11:00:00Z",
  newest_day: "2026-11-24",
  newest_quote_at: "2026-11-25T11:00:00Z",
  correction_count: 2,
  held_count: 1,
  limits: [{ calls: 50, seconds: 3600, used: 4, resets_at: "2026-11-25T13:00:00Z" }],
};
const YAHOO: ProviderOut = {
  ...TIINGO,
  source: "yahoo",
  name: "Yahoo",
  needs_key: false,
  has_key: false,
  state: "closed",
  until: null,
  call_count: 0,
  success_count: 0,
  latency_p95_ms: null,
  last_error: null,
  newest_day: null,
  newest_quote_at: null,
  correction_count: 0,
  held_count: 0,
  limits: [],
};
const KEYLESS: ProviderOut = {
  ...YAHOO,
  source: "massive",
  name: "Massive",
  not_asked: "no_key",
  needs_key: true,
};

const answer = (body: ProvidersOut) =>
  http.get(api("/operations/providers"), () => HttpResponse.json(body));

test("how each answers, what is left of it, and why one is not asked", async () => {
  server.use(answer({ items: [TIINGO, YAHOO, KEYLESS], is_shared: true }));
  show(() => <ProvidersTable canReset={false} />);
  const table = await screen.findByTestId("providers");
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(
      /left alone after failures until.*1 of 4.*status 503.*480 ms.*quote of.*2 corrections in 30 days.*1 held back.*4 of 50 an hour/,
    ),
    expect.stringMatching(/Yahoo.*asked.*not asked lately.*nothing in 60 days.*no limit/),
    expect.stringMatching(/Massive.*not asked: no key is set/),
  ]);
  expect(screen.queryByRole("button")).toBeNull();
});

test("an operator asks again at once", async () => {
  const asked: string[] = [];
  let items = [TIINGO];
  server.use(
    http.get(api("/operations/providers"), () => HttpResponse.json({ items, is_shared: true })),
    http.post(api("/operations/providers/tiingo/reset"), ({ request }) => {
      asked.push(new URL(request.url).pathname);
      items = [{ ...TIINGO, state: "closed", until: null }];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = show(() => <ProvidersTable canReset />);
  await user.click(await screen.findByRole("button", { name: "Ask again now" }));
  await screen.findByText("asked");
  expect(asked).toEqual(["/api/v1/operations/providers/tiingo/reset"]);
});

test("without the queue server it says what cannot be seen; an error can be tried again", async () => {
  server.use(answer({ items: [YAHOO], is_shared: false }));
  show(() => <ProvidersTable canReset />);
  await screen.findByText(/queue server is away/);
});

test("a refusal is told", async () => {
  server.use(http.get(api("/operations/providers"), () => refuse(503, {})));
  show(() => <ProvidersTable canReset />);
  await screen.findByRole("button", { name: /again/i });
});
