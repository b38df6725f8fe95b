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
  "opacity",
  "font-size",
  "font-weight",
  "text-anchor",
] as const;
const SPACE = { top: 44, side: 16, bottom: 16 };
const SCALE = 2;

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
  const page = getComputedStyle(document.documentElement);
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  whole.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  whole.setAttribute("font-family", "system-ui, sans-serif");
  whole.setAttribute("width", String(width + 2 * SPACE.side));
  whole.setAttribute("height", String(height + SPACE.top + SPACE.bottom));
  const paper = document.createElementNS(whole.namespaceURI, "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", page.getPropertyValue("--paper") || "white");
  const title = document.createElementNS(whole.namespaceURI, "text");
  title.setAttribute("x", String(SPACE.side));
  title.setAttribute("y", "28");
  title.setAttribute("font-size", "15");
  title.setAttribute("fill", page.getPropertyValue("--ink") || "black");
  title.textContent = heading;
  copy.setAttribute("x", String(SPACE.side));
  copy.setAttribute("y", String(SPACE.top));
  whole.append(paper, title, copy);
  return whole;
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
