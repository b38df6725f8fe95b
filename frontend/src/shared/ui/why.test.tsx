import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeAll, expect, test, vi } from "vitest";
import { explainPath } from "@/shared/api/explanations";
import type { ExplainedOut, ExplanationOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { Money } from "./figures";
import { Why } from "./why";
import { places, treeText } from "./why-figure";

const node = (parts: Partial<ExplainedOut>): ExplainedOut => ({
  label: "A figure",
  kind: "event",
  unit: "USD",
  value: "0",
  formula: "",
  note: "",
  unknown_reason: null,
  is_stale: false,
  ref: null,
  page: null,
  more: null,
  children: [],
  ...parts,
});
const RECORD = "0190a000-0000-7000-8000-0000000000b1";
const ref = {
  transaction_id: null,
  instrument_id: null,
  account_id: null,
  day: null,
  source: null,
};
const LOT = "/api/v1/explain/lots/0190a000-0000-7000-8000-0000000000f2?figure=cost";
const GAIN: ExplanationOut = {
  figure: "174.5",
  is_equal: true,
  root: node({
    label: "Unrealized gain",
    kind: "difference",
    value: "174.5",
    formula: "market value − cost",
    page: "nav",
    children: [
      node({
        label: "Market value",
        kind: "product",
        value: "1000",
        formula: "units × price",
        children: [
          node({ label: "Units", unit: "units", value: "10" }),
          node({
            label: "Close of 2026-03-04",
            kind: "price",
            value: "100",
            is_stale: true,
            ref: { ...ref, instrument_id: AAPL.id, day: "2026-03-04", source: "yahoo" },
          }),
        ],
      }),
      node({ label: "Cost", value: "825.5", more: LOT }),
    ],
  }),
};
const COST: ExplanationOut = {
  figure: "825.5",
  is_equal: true,
  root: node({
    label: "Cost of the lot",
    kind: "sum",
    value: "825.5",
    children: [
      node({
        label: "Cost by buy of 2024-01-02",
        kind: "record",
        value: "825.5",
        ref: { ...ref, transaction_id: RECORD, day: "2024-01-02" },
      }),
    ],
  }),
};

function open(answer: () => Response | Promise<Response>) {
  server.use(http.get(api("/explain/holdings"), answer));
  return show(() => (
    <p>
      <Why figure="Unrealized gain" path={explainPath("holdings", { figure: "unrealized_gain" })}>
        <Money value="174.5" currency="USD" />
      </Why>
    </p>
  ));
}

// the panel is its own bundle: on a busy machine loading it takes longer than a test waits
beforeAll(async () => {
  await import("./why-panel");
}, 30_000);

const figure = () => screen.findByRole("button", { name: /Why: Unrealized gain/ });

test("a figure opens the tree it comes from, and closing leads back to it", async () => {
  const { user } = open(() => HttpResponse.json(GAIN));
  await user.click(await figure());
  const panel = await screen.findByRole("dialog", { name: "Why: Unrealized gain" });
  expect((await within(panel).findByTestId("why-value")).textContent).toBe("$174.50");
  expect(panel.textContent).toContain("docs/calculations/nav.md");

  const value = within(panel).getByRole("button", { name: /Market value/ });
  expect(value.getAttribute("aria-expanded")).toBe("false");
  await user.click(value);
  expect(value.getAttribute("aria-expanded")).toBe("true");
  expect(panel.textContent).toContain("10 units");
  expect(panel.textContent).toContain("source: Yahoo");
  expect(panel.textContent).toContain("stale");
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).toBeNull();
  });
  const asker = await figure();
  await waitFor(() => {
    expect(document.activeElement).toBe(asker);
  });
});

test("what lies deeper is asked for when it is opened, by keyboard, down to the record", async () => {
  const asked: string[] = [];
  server.use(
    http.get(api("/explain/lots/:lot"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(COST);
    }),
  );
  const { user } = open(() => HttpResponse.json(GAIN));
  (await figure()).focus();
  await user.keyboard("{Enter}");
  const cost = await screen.findByRole("button", { name: /minus ?Cost/ });
  expect(asked).toEqual([]);
  cost.focus();
  await user.keyboard("{Enter}");
  const link = await screen.findByRole("link", { name: "Transaction: Cost by buy of 2024-01-02" });
  expect(asked).toEqual(["?figure=cost"]);
  expect(link.getAttribute("href")).toMatch(/^\/transactions\/[0-9a-f-]{36}$/);
});

test("waiting is said; a failure is said and can be tried again", async () => {
  let fail: (answer: Response) => void = () => undefined;
  const failing = new Promise<Response>((done) => {
    fail = done;
  });
  const answers = [() => failing, () => HttpResponse.json(GAIN)];
  const { user } = open(() => (answers.shift() ?? (() => HttpResponse.json(GAIN)))());
  await user.click(await figure());
  expect(await screen.findByRole("status", { name: "Loading the explanation" })).toBeDefined();
  fail(refuse(503, { code: "database_unavailable" }));
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByTestId("why-value")).toBeDefined();
});

test("an unknown figure says what is missing, and a differing one that it differs", async () => {
  const missing = node({
    label: "Price",
    kind: "unknown",
    value: null,
    unknown_reason: "price_missing",
  });
  const root = node({ kind: "product", value: null, children: [missing] });
  const { user } = open(() => HttpResponse.json({ figure: "1", is_equal: false, root }));
  await user.click(await figure());
  const panel = await screen.findByRole("dialog");
  await within(panel).findByTestId("why-value");
  expect(panel.textContent).toContain("a part of it is not known");
  expect(panel.textContent).toContain("no price is known");
  expect(panel.textContent).toContain("The page shows another figure");
});

test("hidden amounts are hidden here and in what is copied", async () => {
  localStorage.setItem("truenav.hidden", "1");
  const noted = { ...GAIN, root: { ...GAIN.root, note: "units × price would be 174.49" } };
  const { user } = open(() => HttpResponse.json(noted));
  const write = vi.spyOn(navigator.clipboard, "writeText");
  await user.click(await figure());
  const panel = await screen.findByRole("dialog");
  expect((await within(panel).findByTestId("why-value")).textContent).toContain("amount hidden");
  await user.click(within(panel).getByRole("button", { name: "Copy as text" }));
  await within(panel).findByText("Copied");
  const text = write.mock.calls[0]?.[0] ?? "";
  expect(text).toContain("Units: 10 units");
  expect(panel.textContent + text).not.toMatch(/174|825|1,000/);
  localStorage.removeItem("truenav.hidden");
});

test("a tree as text keeps its order, its signs and its sources", () => {
  expect(treeText(GAIN.root, false)).toBe(
    [
      "Unrealized gain: $174.50 [market value − cost]",
      "  Market value: $1,000.00 [units × price]",
      "    Units: 10 units",
      "    × Close of 2026-03-04: $100.00 (yahoo)",
      "  − Cost: $825.50",
    ].join("\n"),
  );
});

test("figures have the places they need: six at most, and more where there would be nothing", () => {
  expect(places("81.55", 2)).toBe(2);
  expect(places("80", 2)).toBe(2);
  expect(places("1.2345", 2)).toBe(4);
  expect(places("1.123456789", 2)).toBe(6);
  expect(places("-0.000000009", 2)).toBe(10);
  expect(places("0.1234567", 2)).toBe(6);
});
