import { expect, test } from "vitest";
import { anchorAt } from "./anchor";

test("a label at the edge keeps its sign", () => {
  expect([4, 23, 24, 300, 576, 577].map((place) => anchorAt(place, 600))).toEqual([
    "start", "start", "middle", "middle", "middle", "end",
  ]); // prettier-ignore
});
