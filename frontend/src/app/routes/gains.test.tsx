import { screen } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { ACCOUNT } from "@/shared/testing/samples";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { GainsPage } from "./gains";
import { GainsTogetherPage } from "./gains-together";

// where the links lead does not depend on the figures
beforeEach(() => {
  server.use(http.get(api("/*"), () => refuse(404, { detail: "not now" })));
});

const AT = `/?account=${ACCOUNT.id}&known=2013-03-01&year=2012`;
const KEPT = `account=${ACCOUNT.id}&known=2013-03-01&year=2012`;

test("the year goes along between gains one by one and side by side", async () => {
  show(() => <GainsPage />, { at: AT, validateSearch: readSearch });
  const beside = await screen.findByRole("link", { name: "Realized vs unrealized" });
  expect(beside.getAttribute("href")).toBe(`/gains/unrealized?${KEPT}`);
  show(() => <GainsTogetherPage />, { at: AT, validateSearch: readSearch });
  const each = await screen.findByRole("link", { name: "Realized gains one by one" });
  expect(each.getAttribute("href")).toBe(`/gains?${KEPT}`);
});
