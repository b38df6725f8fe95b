import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { RETURNS } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { api, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { RiskPage } from "./risk";

test("risk of a part reads as such", async () => {
  server.use(
    ...RETURNS,
    http.get(api("/overview"), () => new Promise<HttpResponse<null>>(() => undefined)),
  );
  show(() => <RiskPage />, { at: "/?classes=bond&base=CHF", validateSearch: readSearch });
  expect(await screen.findByText("Risk of a part only: Bond. Told in CHF.")).toBeDefined();
});
