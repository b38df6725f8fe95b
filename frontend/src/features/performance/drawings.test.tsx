import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { CHANGE, MONTHS } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { Months } from "./months";
import { Waterfall } from "./waterfall";
import type { WaterfallOut } from "./waterfall-types";

const FILTER = { period: "Max" } as const;
const letters = () =>
  [...document.querySelectorAll("[hidden] svg text")].map((text) => text.textContent);
const fills = () =>
  [...document.querySelectorAll("[hidden] svg rect")].map((rect) => rect.getAttribute("fill"));
const open = (parts: Partial<WaterfallOut> = {}) =>
  show(() => <Waterfall data={{ ...CHANGE, ...parts }} filter={FILTER} />);

test("the picture of the change of value adds up as the table does", async () => {
  open();
  await screen.findByRole("button", { name: "Save as PNG" });
  expect(letters()).toEqual([
    "Value on Feb 28, 2013", "$1,000.00", "Paid in", "+$25.00",
    "Unrealized gains", "+$60.00", "Value on Mar 1, 2013", "$1,085.00",
  ]); // prettier-ignore
  expect(fills()).toEqual(["var(--gain)", "var(--gain)"]);
});

test("what is not known has no bar in the picture, and a loss has its color", async () => {
  const [paid, rest] = CHANGE.bars;
  if (!paid || !rest) throw new Error("the sample has two bars");
  open({ bars: [{ ...paid, amount: "-25" }, { ...rest, amount: null, reasons: ["price_missing"] }], closing_nav: null }); // prettier-ignore
  await screen.findByRole("button", { name: "Save as PNG" });
  expect(letters().slice(2)).toEqual([
    "Paid in", "−$25.00", "Unrealized gains", "—", "Value on Mar 1, 2013", "—",
  ]); // prettier-ignore
  expect(fills()).toEqual(["var(--loss)"]);
});

test("hidden amounts are not in the picture either", async () => {
  localStorage.setItem("truenav.hidden", "1");
  open();
  await screen.findByRole("button", { name: "Save as PNG" });
  expect(letters().join(" ")).not.toContain("$");
});

test("the picture of the months has every month, what is cut and what is not known", async () => {
  show(() => <Months data={MONTHS} filter={FILTER} />);
  await screen.findByRole("button", { name: "Save as PNG" });
  const all = letters();
  expect(all.slice(0, 13)).toEqual([
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Whole",
  ]); // prettier-ignore
  expect(all.slice(13)).toEqual(["2013", "+3.1%", "—", ...Array<string>(10).fill(""), "−2.1%*"]);
  expect(fills()).toHaveLength(1);
});
