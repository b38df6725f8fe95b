import { expect, test } from "vitest";
import { FUND_ID, HEALTH, node, part, PARTS } from "@/shared/testing/allocation-samples";
import { levelOf, nodeOf } from "./level";

const plain = (key: string) => node(key, key, { color_index: null });
const colorsOf = (by: string, keys: readonly string[]) =>
  levelOf({ ...PARTS, by, nodes: keys.map(plain), holdings: [] }, null).map(({ color }) => color);

test("a class without a color of its own takes no other class's", () => {
  const colors = colorsOf("asset_class", ["other", "receivable", "equity", "fund"]);
  const named = ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)"];
  expect(colors.slice(2)).toEqual(["var(--c1)", "var(--c2)"]);
  expect(new Set(colors).size).toBe(4);
  expect(named).not.toContain(colors[0]);
  expect(named).not.toContain(colors[1]);
});

test("beside categories and cash the others take what is left of the palette", () => {
  const categories = [node("a", "A", { color_index: 0 }), node("b", "B", { color_index: 1 })];
  const all = [...categories, plain("cash"), plain("receivable")];
  const colors = levelOf({ ...PARTS, nodes: all, holdings: [] }, null).map(({ color }) => color);
  expect(colors).toEqual(["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)"]);
});

test("where no name is known the palette begins at its start", () => {
  expect(colorsOf("currency", ["USD", "EUR"])).toEqual(["var(--c1)", "var(--c2)"]);
});

test("holdings of a category look otherwise than the categories beside them", () => {
  const below = node("b", "B", { parent_key: HEALTH, color_index: 1 });
  const data = {
    ...PARTS,
    nodes: [node(HEALTH, "Health"), below],
    holdings: [part(HEALTH), part(HEALTH, { instrument_id: FUND_ID })],
  };
  const colors = levelOf(data, nodeOf(data, HEALTH)).map(({ color }) => color);
  expect(new Set(colors).size).toBe(3);
});

test("every one of thirty parts has a color CSS can read", () => {
  const keys = Array.from({ length: 30 }, (_, index) => `account ${String(index)}`);
  for (const color of colorsOf("account", keys)) {
    expect(color).toMatch(
      /^var\(--c\d\)$|^color-mix\(in oklab, var\(--c\d\) \d+%, var\(--ink-3\)\)$/,
    );
  }
});
