import { expect, test } from "vitest";
import { standalone } from "./png";

function drawing(): SVGSVGElement {
  document.documentElement.style.setProperty("--paper", "rgb(1, 2, 3)");
  document.body.innerHTML =
    '<svg width="100" height="50"><g><path d="M0 0L9 9" style="stroke: rgb(9, 8, 7)"/></g></svg>';
  return document.body.querySelector("svg") as SVGSVGElement;
}

test("a picture has the colors of the page, its paper, and says what it is", () => {
  const whole = standalone(drawing(), "Returns; SPY & more");
  expect(whole.querySelector("path")?.getAttribute("stroke")).toBe("rgb(9, 8, 7)");
  expect(whole.querySelector("rect")?.getAttribute("fill")).toBe("rgb(1, 2, 3)");
  expect(whole.querySelector("text")?.textContent).toBe("Returns; SPY & more");
  // room for the heading above and paper around
  expect([whole.getAttribute("width"), whole.getAttribute("height")]).toEqual(["132", "110"]);
});

test("what is on the page stays as it is", () => {
  const svg = drawing();
  const before = svg.outerHTML;
  standalone(svg, "Returns");
  expect(svg.outerHTML).toBe(before);
});
