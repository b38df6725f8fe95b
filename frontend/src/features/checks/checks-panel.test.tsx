import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { check, CHECKS } from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { sliceOf } from "@/shared/slice";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { ChecksPanel } from "./checks-panel";
import { limit, sentence } from "./phrases";

test("checks are told in sentences, what is worth a look first", async () => {
  server.use(http.get(api("/checks"), () => HttpResponse.json(CHECKS)));
  show(() => <ChecksPanel filter={{}} />);
  const items = within(await screen.findByTestId("checks")).getAllByRole("listitem");
  expect(items.map((item) => item.querySelector("p")?.textContent)).toEqual([
    "One currency. 62% of your money is in EUR.",
    "Emergency fund. Not known: say what you spend in a month.",
    "Prices. Every price is there and recent.",
  ]);
  expect(screen.getByText("1 check worth a look")).toBeDefined();
  const [first] = items;
  if (!first) throw new Error("no check is shown");
  expect(within(first).getByText("Yours: at most 60%")).toBeDefined();
  const link = within(first).getByRole("link", { name: "Where it comes from" });
  expect(link.getAttribute("href")).toBe("/allocation?by=currency");
});

test("where a check comes from is shown of the part it is of", async () => {
  server.use(http.get(api("/checks"), () => HttpResponse.json(CHECKS)));
  const slice = sliceOf({ currencies: "EUR", tags: "Anna" });
  show(() => <ChecksPanel filter={{ known: "2026-02-01", slice }} />);
  const [link] = await screen.findAllByRole("link", { name: "Where it comes from" });
  const told = new URL(link?.getAttribute("href") ?? "", "http://x").searchParams;
  expect(Object.fromEntries(told)).toEqual({
    by: "currency",
    currencies: "EUR",
    tags: "Anna",
    known: "2026-02-01",
  });
});

test("a threshold is changed as the version that was seen", async () => {
  let sent: unknown;
  server.use(
    http.get(api("/checks"), () => HttpResponse.json(CHECKS)),
    http.put(api("/checks/one_currency"), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({
        ...CHECKS,
        look_count: 0,
        items: [check("one_currency", { threshold: "0.755", verdict: "ok", version: 1 })],
      });
    }),
  );
  const { user } = show(() => <ChecksPanel filter={{}} />);
  await user.click(await screen.findByRole("button", { name: "Change: One currency" }));
  const field = screen.getByLabelText("At most, %");
  await user.clear(field);
  await user.type(field, "x");
  expect(screen.getByRole("button", { name: "Save" }).hasAttribute("disabled")).toBe(true);
  await user.clear(field);
  await user.type(field, "75.5");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Nothing is worth a look");
  expect(sent).toEqual({
    version: null,
    is_enabled: true,
    threshold: "0.755",
    taxonomy_id: null,
    amount: null,
  });
});

test("a threshold that met another one stays as typed, and can be saved over it", async () => {
  const sent: unknown[] = [];
  let stored = check("one_currency");
  const answer = () => HttpResponse.json({ ...CHECKS, items: [stored] });
  server.use(
    http.get(api("/checks"), answer),
    http.put(api("/checks/one_currency"), async ({ request }) => {
      const body = (await request.json()) as { version: number | null; threshold: string };
      sent.push(body);
      if (body.version !== stored.version) return refuse(409, { code: "stale_version" });
      stored = { ...stored, threshold: body.threshold, version: 3 };
      return answer();
    }),
  );
  const { user, queries } = show(() => <ChecksPanel filter={{}} />);
  await user.click(await screen.findByRole("button", { name: "Change: One currency" }));
  const field = screen.getByLabelText<HTMLInputElement>("At most, %");
  await user.clear(field);
  await user.type(field, "75.5");
  stored = { ...stored, threshold: "0.4", version: 2 };
  // figures are asked again all the time: that alone must not put this over what was never seen
  await queries.invalidateQueries();
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Nothing was changed");
  expect(screen.getByText("Yours: at most 40%")).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>("At most, %").value).toBe("75.5");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Yours: at most 76%");
  expect(screen.queryByLabelText("At most, %")).toBeNull();
  expect(sent).toMatchObject([{ version: null }, { version: 2, threshold: "0.755" }]);
});

test("a failure says so and can be tried again", async () => {
  let isAway = true;
  server.use(
    http.get(api("/checks"), () =>
      isAway ? refuse(503, { detail: "the database is away" }) : HttpResponse.json(CHECKS),
    ),
  );
  const { user } = show(() => <ChecksPanel filter={{}} />);
  await screen.findByText("the database is away");
  isAway = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => {
    expect(screen.getByTestId("checks")).toBeDefined();
  });
});

test("each kind of figure has its words", () => {
  const months = { unit: "months", direction: "at_least", threshold: "3" } as const;
  expect(sentence(check("emergency_fund", { ...months, figure: "4.26" }))).toBe(
    "Your cash lasts 4.3 months.",
  );
  expect(limit(check("emergency_fund", months))).toBe("at least 3 months");
  expect(sentence(check("fees", { figure: "0.0125" }))).toBe(
    "Fees of the last year were 1.25% of what you have now.",
  );
  expect(limit(check("fees", { threshold: "0.01" }))).toBe("at most 1.0%");
  expect(sentence(check("stale_prices", { figure: "2" }))).toBe("2 without a recent price.");
  expect(sentence(check("fees", { verdict: "off" }))).toBe("Switched off.");
});

test("of a part they are asked of that part, and asked anew when a threshold is changed", async () => {
  const asked: URL[] = [];
  server.use(
    http.get(api("/checks"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(CHECKS);
    }),
    http.put(api("/checks/one_currency"), () => HttpResponse.json({ ...CHECKS, items: [] })),
  );
  const filter = { account: ACCOUNT.id, slice: sliceOf({ classes: "bond" }) };
  const { user } = show(() => <ChecksPanel filter={filter} />);
  await screen.findByTestId("checks");
  expect(screen.getByText(/Of the part shown above/)).toBeDefined();
  expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
    account_id: ACCOUNT.id,
    asset_class: "bond",
  });
  await user.click(await screen.findByRole("button", { name: "Change: One currency" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(asked).toHaveLength(2);
  });
  // not what the whole portfolio was answered
  expect(screen.getByTestId("checks").children).toHaveLength(3);
});
