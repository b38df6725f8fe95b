import { fireEvent, screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import { explained } from "@/shared/testing/explained";
import { change, MONTHS, RETURNS } from "@/shared/testing/performance-samples";
import { show } from "@/shared/testing/render";
import { PERFORMANCE } from "@/shared/testing/samples";
import { api, server } from "@/shared/testing/server";
import { readSearch } from "../search";
import { PerformancePage } from "./performance";

const asked: URL[] = [];
/** What every explanation of the page asks for: the part, the days, the conventions. */
const PAGE = {
  account_group: "Anna",
  from: PERFORMANCE.from_date,
  to: PERFORMANCE.to_date,
  fees: "gross",
  taxes: "gross",
  as_known_on: "2013-02-01",
};

beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get(api("/performance"), () => HttpResponse.json(PERFORMANCE)),
    change(),
    ...RETURNS,
    http.get(api("/explain/performance"), ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(explained("0.1", ["A part", "0.1"]));
    }),
  );
});

const AT = "/?period=1Y&groups=Anna&fees=gross&taxes=gross&known=2013-02-01";
const open = (at = AT) => show(() => <PerformancePage />, { at, validateSearch: readSearch });
const last = () => Object.fromEntries(asked.at(-1)?.searchParams ?? []);

test("a month and a year are explained as parts of the span, also where they are unknown", async () => {
  const [year] = MONTHS.years;
  if (!year) throw new Error("the sample has a year");
  const [january, ...rest] = year.months;
  if (!january) throw new Error("the sample has months");
  const first = { ...january, from_date: "2012-12-31", to_date: "2013-01-31" };
  const whole = { ...year.whole, from_date: "2012-12-31" };
  server.use(
    http.get(api("/performance/monthly"), () =>
      HttpResponse.json({ ...MONTHS, years: [{ ...year, months: [first, ...rest], whole }] }),
    ),
  );
  const { user } = open();
  const months = await screen.findByRole("list", { name: "Returns by month" });
  const parts = [
    ["Jan 2013", "+3.1%"],
    ["Feb 2013", "unknown: the value on a day of this span is not known"],
    ["2013", "−2.1%*"],
  ] as const;
  for (const [name, text] of parts) {
    const figure = within(months).getByRole("button", { name: new RegExp(`Return of ${name}$`) });
    expect(figure.textContent).toContain(text);
    await user.click(figure);
    await screen.findByText("A part");
    expect(last()).toMatchObject({ ...PAGE, from: MONTHS.from_date, figure: "time_weighted" });
    await user.keyboard("{Escape}");
  }
  expect(asked.map(({ searchParams }) => [searchParams.get("since"), searchParams.get("until")])).toEqual([
    ["2012-12-31", "2013-01-31"], ["2013-01-31", "2013-02-28"], ["2012-12-31", "2013-02-28"],
  ]); // prettier-ignore
});

test("a window that was chosen stays and is explained, as is each of the table", async () => {
  const { user } = open();
  const section = await screen.findByRole("region", { name: "Rolling returns" });
  const slider = await within(section).findByRole("slider");
  fireEvent.change(slider, { target: { value: "0" } });
  fireEvent.blur(slider);
  const name = "Return of the 12 months before Feb 28, 2013";
  await user.click(within(section).getByRole("button", { name: new RegExp(`Why: ${name}`) }));
  await screen.findByRole("dialog", { name: `Why: ${name}` });
  await screen.findByText("A part");
  expect(last()).toEqual({ ...PAGE, figure: "rolling", on: "2013-02-28", window: "12" });
  await user.keyboard("{Escape}");

  await user.click(within(section).getByRole("button", { name: "Show as table" }));
  const row = within(section).getByRole("row", { name: /Mar 1, 2013/ });
  await user.click(within(row).getByRole("button"));
  await screen.findByText("A part");
  expect(last()).toEqual({ ...PAGE, figure: "rolling", on: "2013-03-01", window: "12" });
});

test("figures of an earlier meaning are not explained as those of today's", async () => {
  open("/?version=2026.1");
  const months = await screen.findByRole("list", { name: "Returns by month" });
  expect(within(months).queryAllByRole("button")).toEqual([]);
  expect(screen.getByText(/as version 2026.1 meant them. Only today’s meaning is/)).toBeDefined();
  expect(screen.queryByRole("img", { name: /^Why/ })).toBeNull();
});
