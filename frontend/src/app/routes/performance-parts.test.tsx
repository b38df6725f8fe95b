import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { explained } from "@/shared/testing/explained";
import { RETURNS, change } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { PERFORMANCE, WHOLE } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { PerformancePage } from "./performance";

const asked: URL[] = [];
const performance = (parts: object = {}) =>
  http.get(api("/performance"), ({ request }) => {
    asked.push(new URL(request.url));
    return HttpResponse.json({ ...PERFORMANCE, ...parts });
  });

beforeEach(() => {
  asked.length = 0;
  server.use(performance(), change(), ...RETURNS);
});

const open = (at = "/") => show(() => <PerformancePage />, { at, validateSearch: readSearch });

const SECTORS = "0190a000-0000-7000-8000-0000000000c0";
const TECH = "0190a000-0000-7000-8000-0000000000c1";
const CHIPS = "0190a000-0000-7000-8000-0000000000c2";
const taxonomy = {
  id: SECTORS,
  name: "Sectors",
  starter: null,
  version: 4,
  category_count: 2,
  instrument_count: 1,
};
const category = { position: 0, color_index: 0, parent_id: null };
const sectors = () => [
  http.get(api("/taxonomies"), () => HttpResponse.json({ items: [taxonomy], starters: [] })),
  http.get(api(`/taxonomies/${SECTORS}`), () =>
    HttpResponse.json({
      ...taxonomy,
      categories: [
        { ...category, id: TECH, name: "Technology" },
        { ...category, id: CHIPS, name: "Chips", parent_id: TECH },
      ],
      assignments: [],
      instruments: [],
    }),
  ),
];

test("a category narrows the page, and what is in none does too", async () => {
  server.use(...sectors());
  const { user, router } = open();
  const field = await screen.findByLabelText("Category");
  expect(
    within(field)
      .getAllByRole("option")
      .map((option) => option.textContent),
  ).toEqual([
    "All",
    "Sectors: Technology",
    "Sectors: Technology › Chips",
    "Sectors: not classified",
  ]);
  await user.selectOptions(field, "Sectors: Technology › Chips");
  await user.selectOptions(field, "Sectors: not classified");
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ categories: `${CHIPS},none:${SECTORS}` });
    expect(asked.at(-1)?.searchParams.getAll("unclassified_in")).toEqual([SECTORS]);
  });
  expect(asked.at(-1)?.searchParams.getAll("category_id")).toEqual([CHIPS]);
  await user.click(screen.getByRole("button", { name: /Sectors: Technology › Chips.*take away/ }));
  await waitFor(() => {
    expect(router.state.location.search).toMatchObject({ categories: `none:${SECTORS}` });
  });
  await user.click(screen.getByRole("button", { name: "Show everything" }));
  await waitFor(() => {
    expect(router.state.location.search).not.toHaveProperty("categories");
  });
});

const REGIONS = "0190a000-0000-7000-8000-0000000000d0";
const ASIA = "0190a000-0000-7000-8000-0000000000d1";
const regions = { ...taxonomy, id: REGIONS, name: "Regions" };
const twoTaxonomies = http.get(api("/taxonomies"), () =>
  HttpResponse.json({ items: [taxonomy, regions], starters: [] }),
);

test("a taxonomy that cannot be loaded is left out alone, which is said", async () => {
  server.use(
    twoTaxonomies,
    ...sectors(),
    http.get(api(`/taxonomies/${REGIONS}`), () => refuse(404, { detail: "not now" })),
  );
  const { user } = open(`/?categories=${TECH},${ASIA},none:${REGIONS}`);
  const again = await screen.findByText("Load categories again");
  expect(screen.getByText(/^The categories of Regions could not be loaded\./)).toBeDefined();
  const field = screen.getByLabelText("Category");
  expect(
    within(field)
      .getAllByRole("option")
      .map((option) => option.textContent),
  ).toEqual(["Add…", "Sectors: Technology › Chips", "Sectors: not classified"]);
  const chosen = screen.getByRole("list", { name: "Only" });
  expect(within(chosen).getByText("Sectors: Technology")).toBeDefined();
  expect(within(chosen).getByText("A category that could not be loaded")).toBeDefined();
  expect(within(chosen).getByText("Regions: not classified")).toBeDefined();
  const asia = { ...category, id: ASIA, name: "Asia" };
  server.use(
    http.get(api(`/taxonomies/${REGIONS}`), () =>
      HttpResponse.json({ ...regions, categories: [asia], assignments: [], instruments: [] }),
    ),
  );
  await user.click(again);
  expect(await within(chosen).findByText("Regions: Asia")).toBeDefined();
  expect(screen.queryByText(/could not be loaded/)).toBeNull();
});

test("where no taxonomy could be asked for, that is said", async () => {
  server.use(http.get(api("/taxonomies"), () => refuse(404, { detail: "not now" })));
  open(`/?categories=${TECH}`);
  expect(await screen.findByText(/^The categories could not be loaded\./)).toBeDefined();
  expect(screen.getByText("A category that could not be loaded")).toBeDefined();
});

test("a category that is gone says so, and can be taken away", async () => {
  server.use(
    ...sectors(),
    http.get(api("/performance"), ({ request }) =>
      new URL(request.url).searchParams.has("category_id")
        ? refuse(404, { detail: "no such category" })
        : HttpResponse.json(PERFORMANCE),
    ),
  );
  const { user } = open("/?categories=0190a000-0000-7000-8000-0000000000ff");
  expect((await screen.findByRole("alert")).textContent).toContain("no such category");
  await user.click(await screen.findByRole("button", { name: /A category that was removed/ }));
  expect((await screen.findByTestId("return")).textContent).toContain("−0.54%");
});

test("the bars of a part say what moved in and out of it", async () => {
  server.use(change({ slice: { ...WHOLE, asset_classes: ["bond"], is_everything: false } }));
  const explains: URL[] = [];
  server.use(
    http.get(api("/explain/:figure"), ({ request }) => {
      explains.push(new URL(request.url));
      return HttpResponse.json(explained("1085", ["A part", "1085"]));
    }),
  );
  const { user } = open("/?classes=bond");
  const table = await screen.findByRole("table", { name: "Value change" });
  // both ends and what moved it are explained as of the part
  expect(
    within(table)
      .getAllByRole("img", { name: /^Why/ })
      .map((mark) => mark.getAttribute("aria-label")),
  ).toEqual([
    "Why: Value on Feb 28, 2013",
    "Why: Moved in",
    "Why: Unrealized gains",
    "Why: Value on Mar 1, 2013",
  ]);
  for (const name of ["Feb 28, 2013", "Why: Moved in", "Mar 1, 2013"]) {
    await user.click(within(table).getByRole("button", { name: new RegExp(name) }));
    await screen.findByText("A part");
    await user.keyboard("{Escape}");
  }
  expect(explains.map((url) => `${url.pathname}${url.search}`)).toEqual([
    "/api/v1/explain/nav?on=2013-02-28&asset_class=bond",
    "/api/v1/explain/value-change?bar=deposits&asset_class=bond&from=2013-02-28&to=2013-03-01",
    "/api/v1/explain/value-change?bar=closing&asset_class=bond&from=2013-02-28&to=2013-03-01",
  ]);
  expect(within(table).getByRole("button", { name: "Moved in" })).toBeDefined();
  expect(within(table).queryByRole("button", { name: "Paid in" })).toBeNull();
  expect(screen.getByText("Performance of a part only: Bond.")).toBeDefined();
  // and they can be kept, as any page
  expect(screen.getByRole("button", { name: "Keep this change" })).toBeDefined();
});

test("a part that leaves nothing out is explained bar by bar, as everything is", async () => {
  server.use(change({ slice: { ...WHOLE, asset_classes: ["bond"] } }));
  open("/?classes=bond");
  const table = await screen.findByRole("table", { name: "Value change" });
  expect(within(table).getByRole("img", { name: "Why: Paid in" })).toBeDefined();
  expect(within(table).getAllByRole("img", { name: /^Why/ })).toHaveLength(4);
});
