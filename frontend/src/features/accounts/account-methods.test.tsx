import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { AccountPatchIn, LotMethodsIn, LotMethodsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { AccountSettings } from "./account-settings";

const STORED: LotMethodsOut = {
  version: 3,
  first: "fifo",
  base_currency: "USD",
  has_records: true,
  tax_currency: null,
  oversell: "open_short",
  changes: [{ begins_on: "2020-01-02", lot_method: "hifo" }],
};
const ONE = api(`/accounts/${ACCOUNT.id}`);
const METHODS = `${ONE}/lot-methods`;

/** Opens the settings; saves are answered in turn, and what was sent comes back. */
function open(...saves: ((body: LotMethodsIn) => Response)[]) {
  const sent: LotMethodsIn[] = [];
  server.use(
    http.get(ONE, () => HttpResponse.json(ACCOUNT)),
    http.get(METHODS, () => HttpResponse.json(STORED)),
    http.put(METHODS, async ({ request }) => {
      const body = (await request.json()) as LotMethodsIn;
      sent.push(body);
      return saves[sent.length - 1]?.(body) ?? HttpResponse.error();
    }),
  );
  return { ...show(() => <AccountSettings accountId={ACCOUNT.id} />), sent };
}
const stored = (version: number) => (body: LotMethodsIn) =>
  HttpResponse.json({ ...STORED, ...body, version });
const save = () => screen.getByRole("button", { name: "Save and work it out again" });

test("the method and its changes are shown, changed and saved by version", async () => {
  const { user, sent } = open(stored(4));
  await user.selectOptions(await screen.findByLabelText("Sales take"), "average");
  expect(screen.getByLabelText<HTMLInputElement>("From").value).toBe("2020-01-02");
  expect(screen.getByLabelText<HTMLSelectElement>("sales take").value).toBe("hifo");
  await user.click(screen.getByRole("button", { name: "Change it from a day on" }));
  const days = screen.getAllByLabelText("From");
  await user.type(days[1] as HTMLElement, "2021-03-01");
  await user.click(screen.getAllByRole("button", { name: "Remove" })[0] as HTMLElement);
  await user.type(screen.getByLabelText("Tax currency"), "cad");
  await user.selectOptions(screen.getByLabelText("Selling more than is held"), "refuse");
  await user.click(save());

  expect(await screen.findByText("Saved. Every lot and gain was worked out again.")).toBeDefined();
  expect(sent).toEqual([
    {
      version: 3,
      first: "average",
      base_currency: "USD",
      tax_currency: "CAD",
      oversell: "refuse",
      changes: [{ begins_on: "2021-03-01", lot_method: "average" }],
    },
  ]);
});

test("while it is worked out again, that is said", async () => {
  const { user } = open(() => new Promise<never>(() => {}) as never);
  await user.selectOptions(await screen.findByLabelText("Sales take"), "lifo");
  await user.click(save());
  expect(await screen.findByText("Every lot and gain is being worked out again.")).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Working it out…" }).disabled).toBe(
    true,
  );
});

test("the currency of an account with transactions stays, and it says why", async () => {
  open();
  const currency = await screen.findByLabelText<HTMLSelectElement>("Currency of its totals");
  expect(currency.disabled).toBe(true);
  expect(screen.getByText(/Stays while there are transactions/)).toBeDefined();
});

test("somebody else's choice is shown beside ours, and ours can go over it", async () => {
  const { user, sent } = open(() => refuse(409, { code: "stale_version" }), stored(8));
  await user.selectOptions(await screen.findByLabelText("Sales take"), "lifo");
  server.use(
    http.get(METHODS, () =>
      HttpResponse.json({ ...STORED, version: 7, first: "acb", tax_currency: "CAD", changes: [] }),
    ),
  );
  await user.click(save());

  const alert = await screen.findByRole("alert");
  const rows = within(alert)
    .getAllByRole("row")
    .map((row) => row.textContent);
  expect(rows).toEqual([
    "WhatTheirsYours",
    "Sales takeCanada: adjusted cost baseLast in, first out",
    "From a day onnoneJan 2, 2020: Highest cost first",
    "Tax currencyCADnone",
  ]);
  await user.click(within(alert).getByRole("button", { name: "Save mine over it" }));
  await screen.findByText("Saved. Every lot and gain was worked out again.");
  expect(sent[1]).toMatchObject({ version: 7, first: "lifo", tax_currency: null });
});

test("theirs can be kept: the form then shows it", async () => {
  const { user, sent } = open(() => refuse(409, { code: "stale_version" }));
  await user.selectOptions(await screen.findByLabelText("Sales take"), "lifo");
  server.use(
    http.get(ONE, () => HttpResponse.json({ ...ACCOUNT, version: 7 })),
    http.get(METHODS, () => HttpResponse.json({ ...STORED, version: 7, first: "acb" })),
  );
  await user.click(save());
  await user.click(await screen.findByRole("button", { name: "Keep theirs" }));

  await waitFor(() => {
    expect(screen.getByLabelText<HTMLSelectElement>("Sales take").value).toBe("acb");
  });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(sent).toHaveLength(1);
});

test("one's own change in one section is none in the other", async () => {
  const { user, sent } = open(stored(5));
  const patched: AccountPatchIn[] = [];
  server.use(
    http.patch(ONE, async ({ request }) => {
      patched.push((await request.json()) as AccountPatchIn);
      return HttpResponse.json({ ...ACCOUNT, name: "Mine", version: 4 });
    }),
  );
  const name = await screen.findByLabelText("Account name");
  await user.clear(name);
  await user.type(name, "Mine");
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved.")).toBeDefined();
  await user.selectOptions(screen.getByLabelText("Sales take"), "lifo");
  await user.click(save());

  await screen.findByText("Saved. Every lot and gain was worked out again.");
  expect([patched[0]?.version, sent[0]?.version]).toEqual([3, 4]);
});

test("an account nobody has, and one that cannot be loaded, are two things", async () => {
  server.use(http.get(ONE, () => refuse(404, { code: "not_found" })));
  show(() => <AccountSettings accountId={ACCOUNT.id} />);
  expect(await screen.findByText("There is no such account")).toBeDefined();
});

test("a failure can be tried again", async () => {
  server.use(
    http.get(ONE, () => refuse(503, { detail: "not now" }), { once: true }),
    http.get(ONE, () => HttpResponse.json(ACCOUNT)),
    http.get(METHODS, () => HttpResponse.json({ ...STORED, has_records: false })),
  );
  const { user } = show(() => <AccountSettings accountId={ACCOUNT.id} />);
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  const currency = await screen.findByLabelText<HTMLSelectElement>("Currency of its totals");
  expect(currency.disabled).toBe(false);
});
