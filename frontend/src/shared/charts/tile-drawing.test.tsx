import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../testing/render";
import { fitted, TileDrawing } from "./tile-drawing";

const tile = (key: string, value: number) => ({
  key,
  label: `Part ${key}`,
  share: `${String(value)}%`,
  value,
  color: "var(--c1)",
});

test("areas are in proportion, and what has room says its name and its share", async () => {
  show(() => (
    <div data-testid="box">
      <TileDrawing items={[tile("A", 75), tile("B", 25)]} width={400} height={200} />
    </div>
  ));
  const svg = (await screen.findByTestId("box")).querySelector("svg");
  const wide = [...(svg?.querySelectorAll("g > rect:first-child") ?? [])].map((rect) =>
    Number(rect.getAttribute("width")),
  );
  expect(wide).toEqual([298, 98]);
  expect([...(svg?.querySelectorAll("text") ?? [])].map((text) => text.textContent)).toEqual([
    "Part A", "75%", "Part B", "25%",
  ]); // prettier-ignore
});

test("a name without room is shortened, and one without any is left out", () => {
  expect(fitted("Emerging markets", 200)).toBe("Emerging markets");
  expect(fitted("Emerging markets", 80)).toBe("Emergin…");
  expect(fitted("Emerging markets", 30)).toBe("");
});
