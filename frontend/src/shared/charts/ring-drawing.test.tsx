import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../testing/render";
import { RingDrawing } from "./ring-drawing";

const slice = (key: number, label = `Part ${String(key)}`) => ({
  key: String(key),
  label,
  weight: 1,
  share: "10.0%",
  color: "var(--c1)",
});

async function drawn(slices: Parameters<typeof RingDrawing>[0]["slices"]) {
  show(() => (
    <div data-testid="box">
      <RingDrawing slices={slices} />
    </div>
  ));
  return (await screen.findByTestId("box")).querySelector("svg");
}

test("the list grows the picture where it is longer than the ring is tall", async () => {
  const drawing = await drawn(Array.from({ length: 20 }, (_, place) => slice(place)));
  const last = [...(drawing?.querySelectorAll("text") ?? [])].at(-1);
  expect(Number(drawing?.getAttribute("height"))).toBe(480);
  expect(Number(last?.getAttribute("y"))).toBeLessThan(480);
});

test("a long name is shortened before it meets its share", async () => {
  const drawing = await drawn([
    slice(1, "A fund with a name that is longer than there is room for"),
  ]);
  const [name, share] = [...(drawing?.querySelectorAll("text") ?? [])].map(
    (text) => text.textContent,
  );
  expect(name).toMatch(/^A fund with a name that .*…$/);
  expect(share).toBe("10.0%");
});
