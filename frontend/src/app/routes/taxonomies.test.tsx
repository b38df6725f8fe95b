import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { PARTS, TAXONOMY } from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { api, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { TaxonomiesPage } from "./taxonomies";

test("what a file names and nothing here is called is told beside the taxonomy it made", async () => {
  const items: unknown[] = [];
  server.use(
    http.get(api("/taxonomies"), () => HttpResponse.json({ items })),
    http.get(api(`/taxonomies/${TAXONOMY.id}`), () => HttpResponse.json(TAXONOMY)),
    http.get(api("/allocation"), () => HttpResponse.json(PARTS)),
    http.post(api("/taxonomies/import"), () => {
      const { id, name, starter, version } = TAXONOMY;
      items.push({ id, name, starter, version, category_count: 3, instrument_count: 1 });
      return HttpResponse.json({ taxonomy: TAXONOMY, unmatched: ["NESN", "ROG"] }, { status: 201 });
    }),
  );
  const { user } = show(() => <TaxonomiesPage />, { validateSearch: readSearch });
  const file = new File([JSON.stringify({ format: "truenav.taxonomy" })], "sectors.json", {
    type: "application/json",
  });
  await user.upload(await screen.findByLabelText("Or from a file"), file);
  await screen.findByRole("navigation", { name: "Categories" });
  expect(
    await screen.findByText("Left out, because nothing here is called so: NESN, ROG."),
  ).toBeDefined();

  await user.click(screen.getByRole("radio", { name: "New" }));
  await screen.findByRole("form", { name: "New taxonomy" });
  expect(screen.queryByText(/Left out/)).toBeNull();
});
