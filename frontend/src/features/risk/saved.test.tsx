import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { RISK } from "@/shared/testing/risk-samples";
import { savedFiles } from "@/shared/testing/saved";
import { Correlations } from "./correlations";
import { CountedReturns } from "./counted-returns";
import { WorstDays } from "./worst-days";

const nowhere = () => "";

const linesOf = async (file: Blob | undefined) => (await file?.text())?.trim().split("\r\n");

test("correlations are saved as they are, with nothing where nothing is known", async () => {
  const saved = savedFiles();
  const { user } = show(() => <Correlations found={RISK.correlations} where={nowhere} />);
  await user.click(await screen.findByRole("button", { name: "Save as CSV" }));
  expect(await linesOf(saved[0])).toEqual(["Holding,AAPL,IBM", "AAPL,1,-0.001", "IBM,-0.001,"]);
});

test("the picture of correlations says and tints what the table does", async () => {
  show(() => <Correlations found={RISK.correlations} where={nowhere} />);
  const table = await screen.findByRole("table");
  expect(screen.getByRole("button", { name: "Save as PNG" })).toBeDefined();
  const drawing = document.querySelector("[hidden] svg");
  expect([...(drawing?.querySelectorAll("text") ?? [])].map((text) => text.textContent)).toEqual([
    "AAPL", "IBM", "AAPL", "1.00", "0.00", "IBM", "0.00", "—",
  ]); // prettier-ignore
  const tints = within(table)
    .getAllByRole("cell")
    .map((cell) => cell.style.background);
  const drawn = [...(drawing?.querySelectorAll("rect") ?? [])].map((one) =>
    one.getAttribute("fill"),
  );
  expect(drawn).toEqual(tints.filter((tint) => tint !== ""));
  expect(drawn).toHaveLength(3);
});

test("nothing to compare is nothing to save", async () => {
  show(() => (
    <Correlations
      found={{ ...RISK.correlations, items: [], rows: [], reason: "fewer_than_two_holdings" }}
      where={nowhere}
    />
  ));
  await screen.findByText(/^Nothing to compare/);
  expect(screen.queryByRole("button", { name: /^Save/ })).toBeNull();
});

test("counted returns are saved in full, and as a picture while they are drawn", async () => {
  const saved = savedFiles();
  const { user } = show(() => <CountedReturns risk={RISK} where={nowhere} />);
  await user.click(await screen.findByRole("button", { name: "Save as CSV" }));
  expect(await linesOf(saved[0])).toEqual([
    "From,To,Days",
    "-0.03,-0.01,12",
    "-0.01,0.01,240",
  ]); // prettier-ignore
  expect(screen.getByRole("button", { name: "Save as PNG" })).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Show as table" }));
  expect(screen.queryByRole("button", { name: "Save as PNG" })).toBeNull();
});

test("the worst days are saved", async () => {
  const saved = savedFiles();
  const { user } = show(() => <WorstDays risk={RISK} />);
  await user.click(await screen.findByRole("button", { name: "Save as CSV" }));
  expect(await linesOf(saved[0])).toEqual(["Day,Return", "2012-06-01,-0.0301"]);
  const to = screen.getByRole("link", { name: /Jun 1, 2012/ }).getAttribute("href");
  expect(to).toBe("/performance?from=2012-05-31&to=2012-06-01");
});
