import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { TaxonomyOut } from "@/shared/api/gen/types.gen";
import { AAPL } from "@/shared/testing/samples";
import {
  FUND_ID,
  HEALTH,
  node,
  OIL,
  part,
  PARTS,
  TAXONOMY,
} from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { taxonomyQuery } from "./queries";
import { TaxonomyEditor } from "./taxonomy-editor";
import { restOf, typedWeight } from "./weights";

const one = `/taxonomies/${TAXONOMY.id}`;
let sent: { path: string; body: unknown }[] = [];

const answering = (path: string, made: TaxonomyOut) =>
  http.put(api(path), async ({ request }) => {
    sent.push({ path, body: await request.json() });
    return HttpResponse.json(made);
  });

beforeEach(() => {
  sent = [];
  server.use(
    http.get(api(one), () => HttpResponse.json(TAXONOMY)),
    http.get(api("/allocation"), () =>
      HttpResponse.json({
        ...PARTS,
        nodes: [node("uncategorized", "Not classified", { weight_ratio: "0.34" })],
        holdings: [
          part("uncategorized", { share_ratio: "0.4", weight_ratio: "0.24" }),
          part("uncategorized", {
            instrument_id: FUND_ID,
            label: "FUND",
            name: "A fund",
            weight_ratio: "0.1",
          }),
        ],
      }),
    ),
  );
});

test("what is not classified is counted, and many are put somewhere at once", async () => {
  const after = { ...TAXONOMY, version: 4 };
  server.use(answering(`${one}/assignments`, after));
  const { user } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  await screen.findByText(/2 holdings not classified, or not as a whole: 34.0% of the value/);
  await user.click(screen.getByRole("checkbox", { name: /AAPL/ }));
  await user.click(screen.getByRole("checkbox", { name: /FUND/ }));
  await user.selectOptions(screen.getByLabelText("Put the chosen ones in"), OIL);
  await user.click(screen.getByRole("button", { name: "Put 2 instruments there" }));
  await screen.findByRole("button", { name: "Undo putting 2 instruments" });
  // what AAPL has already stays: only the rest of it goes there
  expect(sent).toEqual([
    {
      path: `${one}/assignments`,
      body: {
        version: 3,
        items: [
          {
            instrument_id: AAPL.id,
            weights: [
              { category_id: HEALTH, weight_ratio: "0.6" },
              { category_id: OIL, weight_ratio: "0.4" },
            ],
          },
          { instrument_id: FUND_ID, weights: [{ category_id: OIL, weight_ratio: "1" }] },
        ],
      },
    },
  ]);
});

test("a weight is changed, and taken back to the version that is there now", async () => {
  const after = {
    ...TAXONOMY,
    version: 4,
    assignments: [{ instrument_id: AAPL.id, category_id: HEALTH, weight_ratio: "0.125" }],
  };
  server.use(
    answering(`${one}/assignments`, after),
    answering(`${one}/content`, { ...TAXONOMY, version: 5 }),
  );
  const { user } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  const tree = await screen.findByRole("navigation", { name: "Categories" });
  await user.click(within(tree).getByRole("button", { name: /Health/ }));
  const field = screen.getByLabelText("Percent of AAPL in Health");
  await user.clear(field);
  await user.type(field, "12.5{Enter}");
  await user.click(await screen.findByRole("button", { name: "Undo the weight of AAPL" }));
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: /^Undo/ })).toBeNull();
  });
  expect(sent.map(({ body }) => body)).toEqual([
    {
      version: 3,
      items: [
        {
          instrument_id: AAPL.id,
          weights: [{ category_id: HEALTH, weight_ratio: "0.125" }],
        },
      ],
    },
    { version: 4, categories: TAXONOMY.categories, assignments: TAXONOMY.assignments },
  ]);
});

test("no step goes back behind somebody else's change", async () => {
  const after = { ...TAXONOMY, version: 4 };
  server.use(answering(`${one}/assignments`, after));
  const { user, queries } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  const tree = await screen.findByRole("navigation", { name: "Categories" });
  await user.click(within(tree).getByRole("button", { name: /Health/ }));
  const field = screen.getByLabelText("Percent of AAPL in Health");
  await user.clear(field);
  await user.type(field, "12.5{Enter}");
  await screen.findByRole("button", { name: /^Undo/ });
  const theirs = { ...after, version: 5, assignments: [] };
  queries.setQueryData(taxonomyQuery(TAXONOMY.id).queryKey, theirs);
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: /^Undo/ })).toBeNull();
  });
});

test("somebody else's change is never written over", async () => {
  server.use(
    http.patch(api(`${one}/categories/${HEALTH}`), () => refuse(409, { code: "stale_version" })),
  );
  const { user } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  const tree = await screen.findByRole("navigation", { name: "Categories" });
  await user.click(within(tree).getByRole("button", { name: /Health/ }));
  await user.click(screen.getByRole("button", { name: "Move up" }));
  await screen.findByText("Somebody else changed this taxonomy meanwhile");
  await user.click(screen.getByRole("button", { name: "Show theirs" }));
  await waitFor(() => {
    expect(screen.queryByText("Somebody else changed this taxonomy meanwhile")).toBeNull();
  });
});

test("Enter gives a category its name, and every figure is asked again", async () => {
  server.use(
    http.patch(api(`${one}/categories/${HEALTH}`), async ({ request }) => {
      sent.push({ path: HEALTH, body: await request.json() });
      const categories = TAXONOMY.categories.map((found) =>
        found.id === HEALTH ? { ...found, name: "Care" } : found,
      );
      return HttpResponse.json({ ...TAXONOMY, version: 4, categories });
    }),
  );
  const { user, queries } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  const explained = ["valuation", "explain", "of a part"];
  queries.setQueryData(explained, {});
  const tree = await screen.findByRole("navigation", { name: "Categories" });
  await user.click(within(tree).getByRole("button", { name: /Health/ }));
  const name = screen.getByLabelText("Name");
  await user.clear(name);
  await user.type(name, "Care{Enter}");
  await screen.findByRole("button", { name: "Undo renaming Health" });
  expect(sent).toEqual([{ path: HEALTH, body: { version: 3, name: "Care" } }]);
  expect(queries.getQueryState(explained)?.isInvalidated).toBe(true);
});

test("removing a category asks where what is in it goes", async () => {
  let asked = "";
  server.use(
    http.delete(api(`${one}/categories/${HEALTH}`), ({ request }) => {
      asked = new URL(request.url).search;
      return HttpResponse.json({ ...TAXONOMY, version: 4 });
    }),
  );
  const { user } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  const tree = await screen.findByRole("navigation", { name: "Categories" });
  await user.click(within(tree).getByRole("button", { name: /Health/ }));
  await user.click(screen.getByText("Remove this category"));
  await user.selectOptions(screen.getByLabelText("Its instruments go to"), OIL);
  await user.click(screen.getByRole("button", { name: "Remove Health" }));
  await screen.findByRole("button", { name: "Undo removing Health" });
  expect(asked).toBe(`?version=3&move_to=${OIL}`);
});

test("weights are ratios of exact text", () => {
  expect(["12.5", "100", "33.333333", "7 %"].map(typedWeight)).toEqual([
    "0.125",
    "1",
    "0.33333333",
    "0.07",
  ]);
  expect(["0", "101", "-1", "x", ""].map(typedWeight)).toEqual([null, null, null, null, null]);
  expect(restOf(TAXONOMY.assignments)).toBe("0.4");
});
