import { expect, test } from "vitest";
import { headingLines, standalone } from "./png";

function drawing(): SVGSVGElement {
  document.documentElement.style.setProperty("--paper", "rgb(1, 2, 3)");
  document.body.innerHTML =
    '<svg width="400" height="50"><g><path d="M0 0L9 9" style="stroke: rgb(9, 8, 7)"/></g></svg>';
  return document.body.querySelector("svg") as SVGSVGElement;
}

test("a picture has the colors of the page, its paper, and says what it is", () => {
  const whole = standalone(drawing(), "Returns; SPY & more");
  expect(whole.querySelector("path")?.getAttribute("stroke")).toBe("rgb(9, 8, 7)");
  expect(whole.querySelector("rect")?.getAttribute("fill")).toBe("rgb(1, 2, 3)");
  expect(whole.querySelector("text")?.textContent).toBe("Returns; SPY & more");
  // room for the heading above and paper around
  expect([whole.getAttribute("width"), whole.getAttribute("height")]).toEqual(["432", "110"]);
});

test("what is on the page stays as it is", () => {
  const svg = drawing();
  const before = svg.outerHTML;
  standalone(svg, "Returns");
  expect(svg.outerHTML).toBe(before);
});

test("a heading wider than the drawing takes more lines, and the drawing makes room", () => {
  expect(headingLines("Realized (full), unrealized (pale)", 200)).toEqual([
    "Realized (full),",
    "unrealized (pale)",
  ]);
  expect(headingLines("Returns", 20)).toEqual(["Returns"]);
  const long = `${"words of a heading ".repeat(5)}end`;
  const whole = standalone(drawing(), long);
  const lines = [...whole.querySelectorAll(":scope > text")];
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.map((line) => line.textContent).join(" ")).toBe(long);
  const [last, copy] = [lines.at(-1), whole.querySelector("svg")];
  expect(Number(copy?.getAttribute("y"))).toBeGreaterThan(Number(last?.getAttribute("y")));
  expect(Number(whole.getAttribute("height"))).toBe(Number(copy?.getAttribute("y")) + 50 + 16);
});
