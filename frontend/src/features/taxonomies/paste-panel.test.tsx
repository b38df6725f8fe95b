import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ClassifiedOut, ClassifyIn } from "@/shared/api/gen/types.gen";
import { PARTS, TAXONOMY } from "@/shared/testing/allocation-samples";
import { show } from "@/shared/testing/render";
import { api, refuse, server } from "@/shared/testing/server";
import { TaxonomyEditor } from "./taxonomy-editor";

const one = `/taxonomies/${TAXONOMY.id}`;
const LINES = "Instruments, categories and weights";
const CHANGED = "Somebody else changed this taxonomy meanwhile";
let sent: ClassifyIn[] = [];
/** The version that is there by now. */
let current = TAXONOMY.version;

const looked = (changes: Partial<ClassifiedOut> = {}) =>
  HttpResponse.json({
    faults: [],
    instrument_count: 1,
    new_category_count: 0,
    is_done: false,
    taxonomy: { ...TAXONOMY, version: current },
    ...changes,
  } satisfies ClassifiedOut);

beforeEach(() => {
  sent = [];
  current = TAXONOMY.version;
  server.use(
    http.get(api(one), () => HttpResponse.json({ ...TAXONOMY, version: current })),
    http.get(api("/allocation"), () => HttpResponse.json(PARTS)),
    http.post(api(`${one}/classify`), async ({ request }) => {
      const body = (await request.json()) as ClassifyIn;
      sent.push(body);
      if (body.version !== current) return refuse(409, { code: "stale_version" });
      return looked(body.is_preview === false ? { is_done: true } : {});
    }),
  );
});

const classify = () => screen.getByRole<HTMLButtonElement>("button", { name: "Classify" });
const look = () => screen.getByRole("button", { name: "Look at it first" });

test("lines out of a file are looked at anew, whatever was looked at before", async () => {
  const { user } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  await user.type(await screen.findByLabelText(LINES), "AAPL, Health");
  await user.click(look());
  await screen.findByText("This would put 1 instrument.");
  expect(classify().disabled).toBe(false);

  const file = new File(["FUND, Energy"], "lines.csv", { type: "text/csv" });
  await user.upload(screen.getByLabelText("Or a CSV file"), file);
  await waitFor(() => {
    expect(screen.getByLabelText<HTMLTextAreaElement>(LINES).value).toBe("FUND, Energy");
  });
  expect(screen.queryByText("This would put 1 instrument.")).toBeNull();
  expect(classify().disabled).toBe(true);
});

test("lines that met somebody else's change wait until theirs is seen", async () => {
  const { user } = show(() => <TaxonomyEditor id={TAXONOMY.id} />);
  await user.type(await screen.findByLabelText(LINES), "AAPL, Health");
  current = 4;
  await user.click(look());
  await screen.findByText(CHANGED);
  expect(screen.queryByText("Nothing was changed")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Show theirs" }));
  await waitFor(() => {
    expect(screen.queryByText(CHANGED)).toBeNull();
  });
  expect(screen.getByLabelText<HTMLTextAreaElement>(LINES).value).toBe("AAPL, Health");
  await user.click(look());
  await screen.findByText("This would put 1 instrument.");
  await user.click(classify());
  await screen.findByText("Done: 1 instrument.");
  expect(sent.map(({ version }) => version)).toEqual([3, 4, 4]);
});
