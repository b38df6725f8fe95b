import { describe, expect, test } from "vitest";
import type { Numbered } from "./messages";
import { Positions } from "./positions";

const told = (sequence: number, after = sequence - 1, epoch = "e"): Numbered => ({
  kind: "quote",
  topic: "instrument:a",
  epoch,
  sequence,
  after,
  data: {},
});

describe("what a client holds of a topic", () => {
  test("takes each message once, in order", () => {
    const positions = new Positions();
    expect([told(5), told(5), told(4), told(6)].map((one) => positions.take(one))).toEqual([
      "new",
      "old",
      "old",
      "new",
    ]);
  });

  test("a message that was overtaken is no hole, one that is missing is", () => {
    const positions = new Positions();
    positions.take(told(1));
    expect(positions.take(told(5, 1))).toBe("new");
    expect(positions.take(told(7, 6))).toBe("hole");
  });

  test("takes nothing after a hole until it is told again from where it stopped", () => {
    const positions = new Positions();
    positions.take(told(1));
    expect(positions.take(told(3, 2))).toBe("hole");
    expect(positions.take(told(4))).toBe("old");
    expect(positions.asked(["instrument:a"])).toEqual([
      { topic: "instrument:a", epoch: "e", sequence: 1 },
    ]);
    positions.resume("instrument:a");
    expect([told(2), told(3), told(4)].map((one) => positions.take(one))).toEqual([
      "new",
      "new",
      "new",
    ]);
  });

  test("numbers of another epoch follow nothing it holds", () => {
    const positions = new Positions();
    positions.take(told(9));
    expect(positions.take(told(1, 0, "f"))).toBe("hole");
    positions.forget("instrument:a");
    expect(positions.take(told(1, 0, "f"))).toBe("new");
  });
});
