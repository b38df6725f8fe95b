import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test, vi } from "vitest";
import type { LotMethodsIn, LotMethodsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { AccountMethods } from "./account-methods";

const STORED: LotMethodsOut = {
  version: 3,
  first: "fifo",
  tax_currency: null,
  oversell: "open_short",
  changes: [{ begins_on: "2020-01-02", lot_method: "hifo" }],
};
const path = api(`/accounts/${ACCOUNT.id}/lot-methods`);

function open(save: (body: LotMethodsIn) => Response) {
  const sent: LotMethodsIn[] = [];
  server.use(
    http.get(path, () => HttpResponse.json(STORED)),
    http.put(path, async ({ request }) => {
      const body = (await request.json()) as LotMethodsIn;
      sent.push(body);
      return save(body);
    }),
  );
  const done = vi.fn();
  const { user } = show(() => <AccountMethods account={ACCOUNT} onDone={done} />);
  return { user, sent, done };
}

test("the method and its changes are shown, changed and saved by version", async () => {
  const { user, sent, done } = open((body) =>
    HttpResponse.json({ ...STORED, ...body, version: 4 }),
  );
  await user.selectOptions(await screen.findByLabelText("Sales take"), "average");
  expect(screen.getByLabelText<HTMLInputElement>("From").value).toBe("2020-01-02");
  expect(screen.getByLabelText<HTMLSelectElement>("sales take").value).toBe("hifo");
  await user.click(screen.getByRole("button", { name: "Change it from a day on" }));
  const days = screen.getAllByLabelText("From");
  await user.type(days[1] as HTMLElement, "2021-03-01");
  await user.click(screen.getAllByRole("button", { name: "Remove" })[0] as HTMLElement);
  await user.type(screen.getByLabelText("Tax currency"), "cad");
  await user.selectOptions(screen.getByLabelText("Selling more than is held"), "refuse");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await waitFor(() => {
    expect(done).toHaveBeenCalled();
  });
  expect(sent).toEqual([
    {
      version: 3,
      first: "average",
      tax_currency: "CAD",
      oversell: "refuse",
      changes: [{ begins_on: "2021-03-01", lot_method: "average" }],
    },
  ]);
});

test("somebody else's change is said and nothing is closed", async () => {
  const { user, done } = open(() => refuse(409, { code: "stale_version" }));
  await user.selectOptions(await screen.findByLabelText("Sales take"), "lifo");
  await user.click(screen.getByRole("button", { name: "Save" }));

  await screen.findByText(/Somebody else changed this account/);
  expect(done).not.toHaveBeenCalled();
});
