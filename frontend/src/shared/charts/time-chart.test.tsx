import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TimeChart } from "./time-chart";
import type { TimePoint } from "./time-plot";

const POINTS: TimePoint[] = [10, 20, null, 30, null, 40].map((value, day) => ({
  date: `2026-03-0${String(day + 1)}`,
  value,
}));

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(private readonly told: (entries: object[]) => void) {}
      observe = () => {
        this.told([{ contentRect: { width: 600 } }]);
      };
      disconnect = () => undefined;
    },
  );
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(
    DOMRect.fromRect({ width: 600, height: 200 }),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function drawn() {
  const read: (TimePoint | null)[] = [];
  const { container } = render(
    <TimeChart
      points={POINTS}
      height={200}
      color="red"
      label="Value"
      tick={String}
      speak={({ value }) => (value === null ? "unknown" : String(value))}
      onRead={(point) => {
        read.push(point);
      }}
    />,
  );
  return { read, container };
}

test("what is known alone is a dot, what is known beside another a line", () => {
  const { container } = drawn();
  // 10 and 20 are joined; 30 stands alone, and so does 40, where the line stands now
  expect(container.querySelectorAll('path[stroke="red"]')).toHaveLength(1);
  expect(container.querySelectorAll('circle[r="2"]')).toHaveLength(2);
});

test("a day whose value is not known is read as unknown, by pointer and by keys", () => {
  const { read, container } = drawn();
  const box = container.firstElementChild;
  if (!box) throw new Error("there is a chart");
  // 2 to 538 is the first to the sixth day: the third at 2/5 of it
  fireEvent.pointerMove(box, { clientX: 216 });
  expect(read.at(-1)).toEqual({ date: "2026-03-03", value: null });
  expect(screen.getByRole("slider").getAttribute("aria-valuetext")).toBe("unknown");
  expect(container.querySelectorAll('circle[r="4.5"]')).toHaveLength(0);
  fireEvent.pointerMove(box, { clientX: 324 });
  expect(read.at(-1)).toEqual({ date: "2026-03-04", value: 30 });
  expect(container.querySelectorAll('circle[r="4.5"]')).toHaveLength(1);
});
