import { useQuery } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { TaxonomySummaryOut } from "@/shared/api/gen/types.gen";
import { taxonomiesQuery } from "@/shared/api/taxonomies";
import { TAXONOMY } from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { TaxonomyHead } from "./taxonomy-picker";

const one = api(`/taxonomies/${TAXONOMY.id}`);
const SUMMARY: TaxonomySummaryOut = {
  id: TAXONOMY.id,
  name: "Sectors",
  starter: "sectors",
  version: 3,
  category_count: 3,
  instrument_count: 1,
};
const EXPLAINED = ["valuation", "explain", "of a part"];
let stored = SUMMARY;
let sent: unknown[] = [];

const isSeen = (version: number) => version === stored.version;

beforeEach(() => {
  sent = [];
  stored = SUMMARY;
  server.use(
    http.get(api("/taxonomies"), () => HttpResponse.json({ items: [stored] })),
    http.patch(one, async ({ request }) => {
      const body = (await request.json()) as { version: number; name: string };
      sent.push(body);
      if (!isSeen(body.version)) return refuse(409, { code: "stale_version" });
      stored = { ...stored, name: body.name, version: stored.version + 1 };
      return HttpResponse.json({ ...TAXONOMY, name: stored.name, version: stored.version });
    }),
    http.delete(one, ({ request }) => {
      const version = Number(new URL(request.url).searchParams.get("version"));
      sent.push(version);
      if (!isSeen(version)) return refuse(409, { code: "stale_version" });
      return new HttpResponse(null, { status: 204 });
    }),
  );
});

function Page({ onRemoved }: { onRemoved: () => void }) {
  const { data } = useQuery(taxonomiesQuery);
  const item = data?.items[0];
  return item && <TaxonomyHead item={item} onRemoved={onRemoved} />;
}

function open() {
  const removed = vi.fn();
  const shown = show(() => <Page onRemoved={removed} />);
  shown.queries.setQueryData(EXPLAINED, {});
  return { ...shown, removed };
}

test("Enter renames, once, and every figure is asked again", async () => {
  const { user, queries } = open();
  const name = await screen.findByLabelText("Called");
  await user.clear(name);
  await user.type(name, "Branches{Enter}");
  await expect.poll(() => sent).toEqual([{ version: 3, name: "Branches" }]);
  await expect.poll(() => queries.getQueryState(EXPLAINED)?.isInvalidated).toBe(true);
  await screen.findByRole("button", { name: "Remove: Branches" });
  await user.click(name);
  await user.tab();
  expect(sent).toHaveLength(1);
});

test("a name that met somebody else's stays as it was typed, and can be saved again", async () => {
  const { user } = open();
  const name = await screen.findByLabelText<HTMLInputElement>("Called");
  stored = { ...SUMMARY, name: "Theirs", version: 4 };
  await user.clear(name);
  await user.type(name, "Mine{Enter}");
  await screen.findByText("Nothing was changed");
  await screen.findByRole("button", { name: "Remove: Theirs" });
  const kept = screen.getByLabelText<HTMLInputElement>("Called");
  expect(kept.value).toBe("Mine");
  await user.type(kept, "{Enter}");
  await screen.findByRole("button", { name: "Remove: Mine" });
  expect(sent).toEqual([
    { version: 3, name: "Mine" },
    { version: 4, name: "Mine" },
  ]);
  expect(screen.queryByText("Nothing was changed")).toBeNull();
});

test("removing can be tried again over somebody else's change, and every figure is asked again", async () => {
  const { user, queries, removed } = open();
  const remove = async (called: string) => {
    await user.click(await screen.findByRole("button", { name: `Remove: ${called}` }));
    await user.click(await screen.findByRole("button", { name: "Remove it" }));
  };
  await screen.findByLabelText("Called");
  stored = { ...SUMMARY, name: "Theirs", version: 4 };
  await remove("Sectors");
  await screen.findByText("Nothing was changed");
  await remove("Theirs");
  await expect.poll(() => removed.mock.calls).toHaveLength(1);
  expect(sent).toEqual([3, 4]);
  await expect.poll(() => queries.getQueryState(EXPLAINED)?.isInvalidated).toBe(true);
});
