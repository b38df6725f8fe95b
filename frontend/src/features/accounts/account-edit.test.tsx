import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import type { AccountPatchIn } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { AccountEdit } from "./account-edit";

const ONE = api(`/accounts/${ACCOUNT.id}`);

/** Renames, and answers the saves in turn; what was sent comes back. */
async function rename(...replies: (() => Response)[]) {
  const sent: AccountPatchIn[] = [];
  server.use(
    http.patch(ONE, async ({ request }) => {
      sent.push((await request.json()) as AccountPatchIn);
      return replies[sent.length - 1]?.() ?? HttpResponse.error();
    }),
  );
  const saved = vi.fn();
  const theirs = vi.fn();
  const { user } = show(() => (
    <AccountEdit account={ACCOUNT} version={3} onSaved={saved} onTheirs={theirs} />
  ));
  const name = await screen.findByLabelText("Account name");
  await user.clear(name);
  await user.type(name, "Mine");
  await user.click(screen.getByRole("button", { name: "Save" }));
  return { user, sent, saved, theirs };
}

const THEIRS = { ...ACCOUNT, name: "Theirs", kind: "retirement", version: 4 } as const;
const stale = (status: number) => () =>
  refuse(status, { code: "stale_version", detail: "changed meanwhile", current: { ...THEIRS } });

test("a save names the version that was seen", async () => {
  const { sent, saved } = await rename(() =>
    HttpResponse.json({ ...ACCOUNT, name: "Mine", version: 4 }),
  );
  expect(await screen.findByText("Saved.")).toBeDefined();
  expect(saved).toHaveBeenCalledWith(4);
  expect(sent).toEqual([
    {
      version: 3,
      name: "Mine",
      broker: "Charles Schwab",
      kind: "brokerage",
      tax_treatment: "taxable",
      group_name: "",
      tags: [],
    },
  ]);
});

test.each([409, 412])(
  "an edit that met another (%i) shows both and can go over it",
  async (status) => {
    const { user, sent, theirs } = await rename(stale(status), () =>
      HttpResponse.json({ ...THEIRS, name: "Mine", version: 5 }),
    );
    const alert = await screen.findByRole("alert");
    const rows = within(alert)
      .getAllByRole("row")
      .map((row) => row.textContent);
    expect(rows).toEqual(["WhatTheirsYours", "Account nameTheirsMine", "KindRetirementBrokerage"]);
    await user.click(screen.getByRole("button", { name: "Save mine over it" }));
    await waitFor(() => {
      expect(sent).toHaveLength(2);
    });
    expect(sent[1]).toMatchObject({ version: 4, name: "Mine" });
    expect(theirs).not.toHaveBeenCalled();
  },
);

test("theirs can be kept", async () => {
  const { user, sent, theirs } = await rename(stale(409));
  await user.click(await screen.findByRole("button", { name: "Keep theirs" }));
  expect(theirs).toHaveBeenCalled();
  expect(sent).toHaveLength(1);
});

test("a taken name is told beside the name, not as a conflict", async () => {
  await rename(() => refuse(409, { code: "account_name_taken" }));
  expect(await screen.findByText("There is an account of that name")).toBeDefined();
  expect(screen.queryByText(/Somebody else/)).toBeNull();
});
