import { cleanup, screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";
import type { PartsOut } from "@/shared/api/gen/types.gen";
import { turns } from "@/shared/charts/ring";
import { AAPL } from "@/shared/testing/samples";
import { HEALTH, node, PARTS } from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { drawnPictures } from "@/shared/testing/saved";
import { api, refuse, server } from "@/shared/testing/server";
import { AllocationView, type Look } from "./allocation-view";

function Page({ look: first }: { look: Look }) {
  const [{ node: at, look }, change] = useState<{ node?: string | undefined; look?: Look }>({
    look: first,
  });
  return (
    <AllocationView
      filter={{ by: PARTS.by }}
      look={look ?? "map"}
      node={at}
      onChange={(next) => {
        change((before) => ({ ...before, ...next }));
      }}
    />
  );
}

function open(answer: PartsOut, look: Look = "map") {
  server.use(http.get(api("/allocation"), () => HttpResponse.json(answer)));
  return show(() => <Page look={look} />);
}

const rows = () =>
  within(screen.getByTestId("parts"))
    .getAllByRole("row")
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole("cell")
        .map((found) => found.textContent),
    );

test("a level at a time, down to the holdings and back by the path", async () => {
  const { user } = open(PARTS);
  const map = await screen.findByRole("list", { name: "Sectors, map" });
  expect(within(map).getAllByRole("listitem")).toHaveLength(2);
  await user.click(within(map).getByRole("button", { name: /^Energy/ }));
  await user.click(screen.getAllByRole("button", { name: /^Oil/ })[0] ?? document.body);
  expect(rows()).toEqual([["FUND A fund, 50.00% of it by its parts", "$250", "25.0%"]]);
  expect(screen.getByRole("navigation", { name: "Level" }).textContent).toBe("SectorsEnergyOil");
  await user.click(screen.getByRole("button", { name: "Sectors" }));
  expect(rows()).toHaveLength(3);
});

const picture = () => document.querySelector("[hidden] svg");
const lettersOf = (drawing: Element | null) =>
  [...(drawing?.querySelectorAll("text") ?? [])].map((text) => text.textContent);

test("the map can be saved as the picture it is; the table is no picture", async () => {
  open(PARTS);
  await screen.findByRole("button", { name: "Save as PNG" });
  expect(lettersOf(picture())).toContain("Energy");
  cleanup();
  open(PARTS, "table");
  await screen.findByRole("button", { name: "Save as CSV" });
  expect(screen.queryByRole("button", { name: "Save as PNG" })).toBeNull();
});

test("the ring can be saved with the names and shares beside it, in the colors of the page", async () => {
  const pictures = drawnPictures();
  const { user } = open(PARTS, "ring");
  const list = await screen.findByRole("list", { name: "Sectors, ring" });
  await user.click(screen.getByRole("button", { name: "Save as PNG" }));
  for (const said of ["Sectors, Mar 5, 2026", "because it is owed: Cash", "Health", "85.0%"]) {
    expect(pictures[0]).toContain(said);
  }
  const drawing = picture();
  // no share of what is owed: it has no slice
  expect(lettersOf(drawing)).toEqual(["Health", "85.0%", "Energy", "25.0%"]);
  const shown = [...list.querySelectorAll("i")].map((key) => key.style.background);
  const fills = (found: string) =>
    [...(drawing?.querySelectorAll(found) ?? [])].map((one) => one.getAttribute("fill"));
  expect(shown).toEqual(["var(--c1)", "var(--c2)"]);
  expect([fills("path"), fills("rect")]).toEqual([shown, shown]);
});

test("a picture of nothing is not offered", async () => {
  open({ ...PARTS, nodes: PARTS.nodes.filter(({ key }) => key === "cash") }, "ring");
  await screen.findByRole("button", { name: "Save as CSV" });
  expect(screen.queryByRole("button", { name: "Save as PNG" })).toBeNull();
});

test("what is owed is told, not drawn", async () => {
  open(PARTS);
  await screen.findByText(/Not drawn, because it is owed: Cash/);
  const cash = rows().find(([label]) => label?.startsWith("Cash"));
  expect(cash?.[0]).toContain("−$100 of it is owed");
  expect(cash?.slice(1)).toEqual(["−$100", "−10.0%"]);
});

test("a share that is not known says why in the map and in the ring", async () => {
  const message = "no price is known for AAPL";
  const unknowns = [
    { reason_code: "price_missing", message, instrument_id: AAPL.id, symbol: "AAPL", count: 1 },
  ];
  const nodes = [node("cash", "Cash", { value: "50", weight_ratio: null })];
  for (const look of ["map", "ring"] as const) {
    open({ ...PARTS, nav: null, unknown_count: 1, nodes, unknowns }, look);
    const list = await screen.findByRole("list", { name: `Sectors, ${look}` });
    expect(within(list).getByText(`unknown: ${message}`)).toBeDefined();
    cleanup();
  }
});

test("an unknown part makes every share unknown, and says where to mend it", async () => {
  const unknown = { value: null, weight_ratio: null, unknown_count: 1 };
  open({
    ...PARTS,
    nav: null,
    unknown_count: 1,
    nodes: [
      node(HEALTH, "Health", unknown),
      node("cash", "Cash", { value: "50", weight_ratio: null }),
    ],
    unknowns: [
      {
        reason_code: "price_missing",
        message: "no price is known for AAPL",
        instrument_id: AAPL.id,
        symbol: "AAPL",
        count: 1,
      },
    ],
  });
  const mend = await screen.findByRole("link", { name: "Set a price of AAPL" });
  expect(mend.getAttribute("href")).toBe(`/holdings/${AAPL.id}#own-prices`);
  expect(rows().map(([, , share]) => share)).toEqual([
    expect.stringContaining("unknown"),
    expect.stringContaining("unknown"),
  ]);
});

test("the ring's list can be walked and opened by keyboard", async () => {
  const { user } = open(PARTS, "ring");
  const list = await screen.findByRole("list", { name: "Sectors, ring" });
  const first = within(list).getByRole("button", { name: /^Health/ });
  first.focus();
  await user.keyboard("{Enter}");
  expect(screen.getByRole("heading", { name: "Health" })).toBeDefined();
  expect(rows().map(([label]) => label)).toEqual([
    "AAPL Apple Inc",
    "FUND A fund, 50.00% of it by its parts",
  ]);
});

test("nothing held, and a failure, look different", async () => {
  open({ ...PARTS, nodes: [], holdings: [] });
  await screen.findByText("Nothing is held");
});

test("a failure says so", async () => {
  server.use(http.get(api("/allocation"), () => refuse(503, { detail: "the database is away" })));
  show(() => <Page look="map" />);
  await screen.findByText("the database is away");
});

test("a ring goes round once", () => {
  const slice = (weight: number) => ({ key: String(weight), label: "", weight, color: "" });
  const found = turns([slice(1), slice(3)]);
  expect(found.map(({ start, end }) => [start, end])).toEqual([
    [0, Math.PI / 2],
    [Math.PI / 2, 2 * Math.PI],
  ]);
});
