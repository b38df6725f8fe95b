import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "@/shared/testing/render";
import { FormatList } from "./format-list";
import { brokers, formatName, FORMATS } from "./formats";

test("the list names every broker once, with all it can be asked for", async () => {
  const { user } = show(() => <FormatList />);
  await user.click(await screen.findByText(/brokers and trackers are recognized/));
  expect(screen.getByText("DEGIRO").nextElementSibling?.textContent).toBe(
    "account statement (CSV)",
  );
  expect(screen.getByText("Schwab").nextElementSibling?.textContent).toBe(
    "history (CSV), equity awards (JSON)",
  );
  expect(screen.getAllByRole("term")).toHaveLength(brokers().length);
});

test("brokers stand in the order of the alphabet and no format twice", () => {
  const names = brokers().map(([broker]) => broker);
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
  expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
});

test("a format is called by its name, an unknown one by its id", () => {
  expect(formatName("kraken_ledgers_csv")).toBe("Kraken ledgers CSV");
  expect(formatName("generic_csv")).toBe("CSV");
  expect(formatName("from_the_future")).toBe("from_the_future");
  expect(formatName(null)).toBe("");
});
