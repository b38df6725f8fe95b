import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CALENDAR, INCOME, PROJECTION, YIELDS } from "@/shared/testing/income-samples";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { drawnPictures, savedFiles } from "@/shared/testing/saved";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { IncomeView } from "./income-view";

const answers = (path: string, body: object) =>
  http.get(api(path), () => HttpResponse.json(body as never));

beforeEach(() => {
  server.use(
    answers("/income", INCOME),
    answers("/income/calendar", CALENDAR),
    answers("/income/projection", PROJECTION),
    answers("/income/yields", YIELDS),
    answers("/income/preferences", { items: [] }),
    answers("/accounts", pageOf([ACCOUNT])),
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const open = () => show(() => <IncomeView filter={{ period: "1Y" }} onChange={() => undefined} />);
const away = (path: string) => http.get(api(path), () => refuse(503, { detail: "away" }));
const figure = (name: string) => screen.getByText(name).parentElement?.textContent;

test("a projection that fails says so where it is missing, and can be tried again", async () => {
  server.use(away("/income/projection"));
  const { user } = open();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("What is expected could not be loaded");
  expect(figure("Next twelve months")).toContain("unknown: it could not be loaded");
  server.use(answers("/income/projection", PROJECTION));
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("tax not known of all of it")).toBeDefined();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a projection that could not be refreshed stays, marked", async () => {
  const { queries } = open();
  await screen.findByText("tax not known of all of it");
  server.use(away("/income/projection"));
  await queries.invalidateQueries({ queryKey: ["valuation", "income-projection"] });
  expect(await screen.findByText(/earlier figures: what is expected/)).toBeDefined();
  expect(figure("Next twelve months")).toContain("tax not known of all of it");
});

test("yields that fail are not waited for at the top of the page", async () => {
  server.use(away("/income/yields"));
  open();
  await screen.findByRole("alert");
  expect(figure("Yield")).toContain("unknown: it could not be loaded");
});

const FOURTEEN = Array.from({ length: 14 }, (_, index) => ({
  ...INCOME.payments[0],
  transaction_id: `0190a000-0000-7000-8000-0000000001${String(index).padStart(2, "0")}`,
}));

test("more payments than are sent are told, as the file has no more either", async () => {
  server.use(answers("/income", { ...INCOME, payments: FOURTEEN, payment_count: 800 }));
  const { user } = open();
  await screen.findByText("The newest 14 of 800 payments; the file holds the same.");
  await user.click(screen.getByRole("button", { name: "Show the newest 14" }));
  expect(screen.getByRole("button", { name: "Show fewer" })).toBeDefined();
});

test("where all payments are sent, all of them are offered", async () => {
  server.use(answers("/income", { ...INCOME, payments: FOURTEEN, payment_count: 14 }));
  open();
  expect(await screen.findByRole("button", { name: "Show all 14" })).toBeDefined();
  expect(screen.queryByText(/The newest 14/)).toBeNull();
});

test("what came is saved as it is added up", async () => {
  const saved = savedFiles();
  const { user } = open();
  const table = await screen.findByRole("table", { name: "Income received" });
  await user.click(screen.getByRole("radio", { name: "Year" }));
  const below = table.closest(".tablewrap")?.nextElementSibling as HTMLElement;
  await user.click(within(below).getByRole("button", { name: "Save as CSV" }));
  expect(((await saved[0]?.text()) ?? "").trim().split("\r\n")).toEqual([
    "Year,Before tax,Withheld,Net,Currency",
    "2025,100,15,85,USD",
  ]);
});

/** Gives every element a width, which jsdom does not. */
function drawing(): readonly string[] {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly tell: ResizeObserverCallback;
      constructor(tell: ResizeObserverCallback) {
        this.tell = tell;
      }
      observe() {
        this.tell([{ contentRect: { width: 640 } } as ResizeObserverEntry], this as never);
      }
      disconnect() {}
    },
  );
  return drawnPictures();
}

test("the bars of the months are saved as a picture, while they are drawn", async () => {
  const pictures = drawing();
  const { user } = open();
  const months = await screen.findByRole("region", { name: "Month by month" });
  await user.click(await within(months).findByRole("button", { name: "Save as PNG" }));
  expect(pictures[0]).toContain("Net income by month in USD");
  expect(pictures[0]).toContain("Sep ’25");
  await user.click(within(months).getByRole("button", { name: "Show as table" }));
  expect(within(months).queryByRole("button", { name: "Save as PNG" })).toBeNull();
});

test("a picture of hidden amounts has no amounts", async () => {
  localStorage.setItem("truenav.hidden", "1");
  const pictures = drawing();
  const { user } = open();
  const months = await screen.findByRole("region", { name: "Month by month" });
  await user.click(await within(months).findByRole("button", { name: "Save as PNG" }));
  expect(pictures[0]).toContain("Sep ’25");
  expect(pictures[0]).not.toContain("$");
});

test("a payment in another currency says what it came to in that of the page", async () => {
  const [payment] = INCOME.payments;
  const abroad = { ...payment, currency: "EUR", net: "85", net_in_base: "102.5", withheld: "15" };
  server.use(answers("/income", { ...INCOME, payments: [abroad], payment_count: 1 }));
  open();
  const link = await screen.findByRole("link", { name: /^AAPL, Sep 20, 2025/ });
  expect(link.closest("li")?.textContent).toContain("€85.00$102.50€15.00 withheld");
});

test("what is expected is told by who pays it, and leaves in a file", async () => {
  const told = (net: string) => ({ ...PROJECTION.total, gross: net, withheld: "0", net });
  const instruments = [
    { instrument_id: ACCOUNT.id, symbol: "AAPL", amounts: told("90") },
    { instrument_id: null, symbol: null, amounts: told("30.25") },
  ];
  server.use(answers("/income/projection", { ...PROJECTION, instruments }));
  const saved = savedFiles();
  const { user } = open();
  const table = await screen.findByRole("table", { name: "Income expected" });
  const lines = within(table).getAllByRole("row").slice(1);
  expect(lines.map((line) => line.firstElementChild?.textContent)).toEqual([
    "AAPL", "Interest", "Declared", "Estimated", "Together",
  ]); // prettier-ignore
  const section = table.closest("section");
  if (!section) throw new Error("it has a section of its own");
  await user.click(within(section).getByRole("button", { name: "Save as CSV" }));
  expect(await saved[0]?.text()).toBe(
    "Paid by,Before tax,Withheld,Net,Currency\r\nAAPL,90,0,90,USD\r\nInterest,30.25,0,30.25,USD\r\n",
  );
});
