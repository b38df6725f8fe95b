import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import type { LotMethodsOut } from "@/shared/api/gen/types.gen";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import { AccountSettings } from "./account-settings";

const METHODS: LotMethodsOut = {
  version: 3,
  first: "fifo",
  base_currency: "USD",
  has_records: true,
  tax_currency: null,
  oversell: "open_short",
  changes: [],
};
const ONE = api(`/accounts/${ACCOUNT.id}`);

test("figures by account, group and tag are asked again once an account is called otherwise", async () => {
  server.use(
    http.get(ONE, () => HttpResponse.json(ACCOUNT)),
    http.get(`${ONE}/lot-methods`, () => HttpResponse.json(METHODS)),
    http.patch(ONE, () => HttpResponse.json({ ...ACCOUNT, group_name: "Family", version: 4 })),
  );
  const { user, queries } = show(() => <AccountSettings accountId={ACCOUNT.id} />);
  const figures = [
    ["valuation", "allocation", { by: "account" }],
    ["valuation", "explain", "of an account"],
  ];
  for (const key of figures) queries.setQueryData(key, {});
  await user.type(await screen.findByLabelText("Group (optional)"), "Family");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Saved.");
  for (const key of figures) expect(queries.getQueryState(key)?.isInvalidated).toBe(true);
});
