import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test } from "vitest";
import { spanName, spanParameters, spanQuery, type Span } from "@/shared/span";
import { show } from "@/shared/testing/render";
import { SpanChoice } from "./span-choice";

const PERIODS = ["1M", "1Y"] as const;
type Period = (typeof PERIODS)[number];

function open(start: Span<Period>) {
  const seen: Span<Period>[] = [];
  function Page() {
    const [span, setSpan] = useState(start);
    seen.push(span);
    return (
      <SpanChoice
        span={span}
        periods={PERIODS}
        onChange={(change) => {
          setSpan({ ...span, ...change });
        }}
      />
    );
  }
  return { ...show(() => <Page />), last: () => seen.at(-1) };
}

test("two days stand in for a period once they are a span, and a period for them", async () => {
  const { user, last } = open({ period: "1Y" });
  expect(await screen.findByRole("radio", { name: "1Y", checked: true })).toBeDefined();
  await user.click(screen.getByRole("radio", { name: "Dates" }));
  await user.click(screen.getByRole("button", { name: "Show these days" }));
  expect(screen.getByRole("alert").textContent).toBe("Name the first day, the last, or both.");

  await user.type(screen.getByLabelText("From the end of"), "2012-06-30");
  await user.type(screen.getByLabelText("To the end of"), "2012-06-29");
  await user.click(screen.getByRole("button", { name: "Show these days" }));
  expect(screen.getByRole("alert").textContent).toBe("The last day has to come after the first.");
  expect(last()).toEqual({ period: "1Y" });

  await user.clear(screen.getByLabelText("To the end of"));
  await user.type(screen.getByLabelText("To the end of"), "2012-07-31{Enter}");
  expect(last()).toEqual({ period: "1Y", from: "2012-06-30", to: "2012-07-31" });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("radio", { name: "Dates", checked: true })).toBeDefined();

  await user.click(screen.getByRole("radio", { name: "1M" }));
  expect(last()).toEqual({ period: "1M", from: undefined, to: undefined });
  expect(screen.queryByLabelText("From the end of")).toBeNull();
});

test("days of an address that are no span say why at once", async () => {
  open({ period: "1Y", from: "2012-06-30", to: "2012-01-01" });
  expect((await screen.findByRole("alert")).textContent).toBe(
    "The last day has to come after the first.",
  );
});

test("days of one's own go before a period, in what is asked, kept and named", () => {
  const own = { period: "1Y", from: "2012-06-30", to: undefined } as const;
  expect(spanQuery(own)).toEqual({ from: "2012-06-30" });
  expect(spanParameters(own)).toEqual({ from_date: "2012-06-30", to_date: null });
  expect(spanQuery({ period: "1Y" })).toEqual({ period: "1Y" });
  expect(spanName(own)).toBe("from 2012-06-30");
  expect(spanName({ period: "1Y", to: "2012-06-30" })).toBe("to 2012-06-30");
});
