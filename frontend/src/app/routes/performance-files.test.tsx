import { screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { change, RETURNS } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { PERFORMANCE } from "@/shared/testing/samples";
import { savedFiles } from "@/shared/testing/saved";
import { api, refuse, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { PerformancePage } from "./performance";

test("the file of a long span has every day to the last digit, though few of them are drawn", async () => {
  const [first] = PERFORMANCE.items;
  if (!first) throw new Error("the sample has days");
  const day = (as_of: string, return_ratio: string | null) => ({ ...first, as_of, return_ratio });
  const few = [day("2012-12-31", "0"), day("2013-02-28", "0.0123456789")];
  const every = [...few.slice(0, 1), day("2013-01-31", null), ...few.slice(1)];
  const points: (string | null)[] = [];
  let isAway = true;
  server.use(
    change(),
    ...RETURNS,
    http.get(api("/performance"), ({ request }) => {
      const wanted = new URL(request.url).searchParams.get("max_points");
      points.push(wanted);
      if (wanted !== "10000") {
        return HttpResponse.json({
          ...PERFORMANCE,
          benchmark: null,
          items: few,
          is_decimated: true,
        });
      }
      if (isAway) return refuse(503, { detail: "away" });
      return HttpResponse.json({ ...PERFORMANCE, benchmark: null, items: every });
    }),
  );
  const saved = savedFiles();
  const { user } = show(() => <PerformancePage />, { validateSearch: readSearch });
  const [button] = await screen.findAllByRole("button", { name: "Save as CSV" });
  if (!button) throw new Error("there is a file to save");
  await user.click(button);
  expect((await screen.findByRole("alert")).textContent).toContain("could not be made");
  isAway = false;
  await user.click(button);
  await waitFor(() => {
    expect(saved).toHaveLength(1);
  });
  expect(await saved[0]?.text()).toBe(
    'Date,"Portfolio, time-weighted"\r\n2012-12-31,0\r\n2013-01-31,\r\n2013-02-28,0.0123456789\r\n',
  );
  expect(points.filter((wanted) => wanted === "10000")).toHaveLength(2);
});
