import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { useState } from "react";
import { expect, test } from "vitest";
import type { InstrumentOut, InstrumentSearchOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { AAPL } from "@/shared/testing/samples";
import { api, pageOf, refuse, server } from "@/shared/testing/server";
import { AddInstrument } from "./add-instrument";
import { InstrumentField } from "./instrument-field";

const SEARCH = api("/instruments/search");
const NONE: InstrumentSearchOut = { items: [], found: [], asked: [], not_asked: "not_wanted" };
const HOUSE: InstrumentOut = {
  ...AAPL,
  id: "0190a000-0000-7000-8000-0000000000ab",
  symbol: "HOUSE",
  name: "The house",
  asset_class: "other",
  exchange: null,
  is_listed: false,
};

const open = async () => {
  const added: string[] = [];
  const { user } = show(() => (
    <AddInstrument
      onAdded={({ symbol }) => {
        added.push(symbol);
      }}
    >
      Add an instrument
    </AddInstrument>
  ));
  await user.click(await screen.findByRole("button", { name: "Add an instrument" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Add an instrument" }));
  return { user, dialog, added };
};

test("one that is known is chosen by keyboard, after one question for all that was typed", async () => {
  const asked: string[] = [];
  server.use(
    http.get(SEARCH, ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ ...NONE, items: [AAPL] });
    }),
  );
  const { user, dialog, added } = await open();
  await user.type(dialog.getByLabelText("Symbol or name"), "apple");
  expect(await dialog.findByRole("option", { name: /AAPL/ })).toBeDefined();
  await user.tab();
  await user.keyboard("{ArrowDown}{Enter}");

  await expect.poll(() => added).toEqual(["AAPL"]);
  expect(asked).toEqual(["?q=apple"]);
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("providers are asked only when told to; what one lists is looked over and added", async () => {
  let sent: unknown;
  const theirs = {
    symbol: "APLE",
    name: "Apple Hospitality",
    exchange: null,
    currency: "USD",
    asset_class: "equity",
    source: "tiingo",
  };
  server.use(
    http.get(SEARCH, ({ request }) => {
      const isAsking = new URL(request.url).searchParams.has("ask_providers");
      const asked = [{ source: "tiingo", outcome: "ok" }];
      return HttpResponse.json(
        isAsking ? { ...NONE, found: [theirs], asked, not_asked: null } : NONE,
      );
    }),
    http.post(api("/instruments"), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...HOUSE, symbol: "APLE" }, { status: 201 });
    }),
  );
  const { user, dialog, added } = await open();
  await user.type(dialog.getByLabelText("Symbol or name"), "aple");
  expect(await dialog.findByText("None that you know is called so.")).toBeDefined();
  await user.click(dialog.getByRole("button", { name: "Ask providers" }));
  await user.click(await dialog.findByRole("option", { name: /APLE/ }));
  expect(dialog.getByLabelText("Name")).toHaveProperty("value", "Apple Hospitality");
  await user.click(dialog.getByRole("button", { name: "Add it" }));

  await expect.poll(() => added).toEqual(["APLE"]);
  expect(sent).toEqual({
    symbol: "APLE",
    name: "Apple Hospitality",
    exchange: null,
    currency: "USD",
    asset_class: "equity",
    isin: null,
  });
});

test.each([
  [{ ...NONE, not_asked: "offline" as const }, /offline: nobody else was asked/],
  [{ ...NONE, not_asked: "nobody" as const }, /No provider that can search is set up/],
  [
    { ...NONE, not_asked: null, asked: [{ source: "tiingo", outcome: "quota_exhausted" }] },
    /Tiingo could not tell/,
  ],
])("who was not asked, or could not tell, is said", async (answer, words) => {
  server.use(http.get(SEARCH, () => HttpResponse.json(answer)));
  const { user, dialog } = await open();
  await user.type(dialog.getByLabelText("Symbol or name"), "x");

  expect(await dialog.findByText(words)).toBeDefined();
});

test("a search that fails can be tried again", async () => {
  server.use(http.get(SEARCH, () => refuse(503)));
  const { user, dialog } = await open();
  await user.type(dialog.getByLabelText("Symbol or name"), "x");

  expect(await dialog.findByRole("button", { name: "Try again" })).toBeDefined();
});

test("a refused field is told beside it", async () => {
  server.use(
    http.post(api("/instruments"), () =>
      refuse(422, { errors: [{ pointer: "/body/isin", detail: "its check digit does not fit" }] }),
    ),
  );
  const { user, dialog } = await open();
  await user.click(dialog.getByRole("button", { name: "Enter by hand" }));
  await user.type(dialog.getByLabelText("Symbol"), "HOUSE");
  await user.click(dialog.getByRole("button", { name: "Add it" }));

  expect(await dialog.findByText("its check digit does not fit")).toBeDefined();
});

function Form({ onSubmit }: { onSubmit: () => void }) {
  const [value, setValue] = useState<InstrumentOut | null>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <InstrumentField value={value} error={undefined} isOptional={false} onChange={setValue} />
      <output>{value?.symbol}</output>
    </form>
  );
}

test("added from a form it is chosen there, and the form is not sent", async () => {
  let sent = 0;
  server.use(
    http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))),
    http.get(SEARCH, () => HttpResponse.json(NONE)),
    http.post(api("/instruments"), () => HttpResponse.json(HOUSE, { status: 201 })),
  );
  const { user } = show(() => (
    <Form
      onSubmit={() => {
        sent += 1;
      }}
    />
  ));
  await user.type(await screen.findByRole("combobox", { name: "Instrument" }), "house");
  await user.tab();
  await user.keyboard("{Enter}"); // the button after the field
  const dialog = within(await screen.findByRole("dialog", { name: "Add an instrument" }));
  expect(dialog.getByLabelText("Symbol or name")).toHaveProperty("value", "house");
  await user.click(dialog.getByRole("button", { name: "Enter by hand" }));
  expect(dialog.getByLabelText("Symbol")).toHaveProperty("value", "HOUSE");
  await user.click(dialog.getByRole("button", { name: "Add it" }));

  await expect.poll(() => document.querySelector("output")?.textContent).toBe("HOUSE");
  expect(screen.getByRole("combobox", { name: "Instrument" })).toHaveProperty("value", "HOUSE");
  expect(sent).toBe(0);
});

test("what is passed on at once leaves the field empty, and in reach, for the next one", async () => {
  server.use(http.get(api("/instruments"), () => HttpResponse.json(pageOf([AAPL]))));
  const passed: (string | undefined)[] = [];
  const { user } = show(() => (
    <InstrumentField
      value={null}
      error={undefined}
      isOptional={false}
      isPassedOn
      onChange={(found) => {
        passed.push(found?.symbol);
      }}
    />
  ));
  for (const times of [1, 2]) {
    await user.type(await screen.findByRole("combobox", { name: "Instrument" }), "aap");
    await user.click(await screen.findByRole("option", { name: /AAPL/ }));
    await expect.poll(() => passed).toHaveLength(times);
    // an open list would hide the page from who reads it by ear
    await expect.poll(() => screen.queryByRole("listbox")).toBeNull();
    const field = screen.getByRole<HTMLInputElement>("combobox", { name: "Instrument" });
    expect(field.value).toBe("");
    expect(document.activeElement).toBe(field);
  }
  expect(passed).toEqual(["AAPL", "AAPL"]);
});
