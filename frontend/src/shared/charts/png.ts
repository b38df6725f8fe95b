import { saveFile } from "../save-file";

/** What a drawing's colors and letters are made of; the file stands without the page's styles. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;
const SPACE = { top: 44, side: 16, bottom: 16 };
const HEADING = { size: 15, letter: 7.8, line: 20 };
const SCALE = 2;

/** A heading in as many lines as it takes: the paper ends where the drawing does. */
export function headingLines(heading: string, width: number): string[] {
  const most = Math.max(1, Math.floor(width / HEADING.letter));
  const lines: string[] = [];
  for (const word of heading.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1) ?? ""} ${word}` : word;
    if (lines.length > 0 && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The drawing with the colors it has on the page, under a heading, on the page's paper. */
export function standalone(svg: SVGSVGElement, heading: string): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((element, place) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value) to[place]?.setAttribute(name, value);
    }
  });
  const { width, height } = sizeOf(svg);
  const lines = headingLines(heading, width);
  const top = SPACE.top + (lines.length - 1) * HEADING.line;
  const page = getComputedStyle(document.documentElement);
  const whole = drawn("svg", {
    xmlns: SVG,
    "font-family": "system-ui, sans-serif",
    width: width + 2 * SPACE.side,
    height: height + top + SPACE.bottom,
  });
  const fill = page.getPropertyValue("--paper") || "white";
  whole.append(drawn("rect", { width: "100%", height: "100%", fill }));
  lines.forEach((line, place) => {
    const title = drawn("text", {
      x: SPACE.side,
      y: 28 + place * HEADING.line,
      "font-size": HEADING.size,
      fill: page.getPropertyValue("--ink") || "black",
    });
    title.textContent = line;
    whole.append(title);
  });
  // the letters of a picture are the system's: wider ones may reach into the margin
  copy.setAttribute("overflow", "visible");
  copy.setAttribute("x", String(SPACE.side));
  copy.setAttribute("y", String(top));
  whole.append(copy);
  return whole;
}

const SVG = "http://www.w3.org/2000/svg";

function drawn<N extends "svg" | "rect" | "text">(
  name: N,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[N] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

const sizeOf = (svg: SVGSVGElement) => ({
  width: Number(svg.getAttribute("width")) || svg.clientWidth || 800,
  height: Number(svg.getAttribute("height")) || svg.clientHeight || 300,
});

/** A picture of the drawing, as a file the browser saves. */
export async function savePng(svg: SVGSVGElement, name: string, heading: string): Promise<void> {
  const drawing = standalone(svg, heading);
  const text = new XMLSerializer().serializeToString(drawing);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Number(drawing.getAttribute("width")) * SCALE;
  canvas.height = Number(drawing.getAttribute("height")) * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, "image/png");
  });
  if (blob) saveFile(`${name}.png`, blob);
}
