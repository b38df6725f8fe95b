import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { explained } from "@/shared/testing/explained";
import { RETURNS } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { RISK } from "@/shared/testing/risk-samples";
import { OVERVIEW } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { RiskPage } from "./risk";

const asked: URL[] = [];

beforeEach(() => {
  asked.length = 0;
  server.use(
    ...RETURNS,
    http.get(api("/overview"), () => HttpResponse.json(OVERVIEW)),
    http.get(api("/risk"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(RISK);
    }),
    http.get(api("/explain/risk"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("1", ["A part", "1"]));
    }),
  );
});

const open = (at = "/") => show(() => <RiskPage />, { at, validateSearch: readSearch });

test("risk of a part reads as such", async () => {
  open("/?classes=bond&base=CHF");
  expect(await screen.findByText("Risk of a part only: Bond. Told in CHF.")).toBeDefined();
  // a part of the portfolio has a timing of its own
  expect(screen.queryByLabelText("Flows count at the")).toBeNull();
});

test("flows count when the page of returns says, and gaps are bridged as there", async () => {
  const { user, router } = open("/?timing=end_of_day&gaps=modified_dietz");
  await user.click(await screen.findByRole("button", { name: /Why: Worst fall/ }));
  await screen.findByText("A part");
  await user.keyboard("{Escape}");
  expect(asked.map(({ pathname }) => pathname)).toEqual(["/api/v1/risk", "/api/v1/explain/risk"]);
  for (const url of asked) {
    expect(url.searchParams.get("flow_timing")).toBe("end_of_day");
    expect(url.searchParams.get("gaps")).toBe("modified_dietz");
  }
  await user.selectOptions(screen.getByLabelText("Flows count at the"), "Start of day");
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ gaps: "modified_dietz" });
  });
});
