import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../testing/render";
import { savedFiles } from "../testing/saved";
import { SaveAs } from "./save-as";

const ROWS = [
  ["Month", "Paid"],
  ["2026-01", "12.5"],
];
const box = { current: null };
const open = () =>
  show(() => <SaveAs file="income" rows={() => ROWS} chart={{ box, heading: "Income" }} />);

test("figures are saved as they are", async () => {
  const saved = savedFiles();
  const { user } = open();
  await user.click(await screen.findByRole("button", { name: "Save as CSV" }));
  expect(await saved[0]?.text()).toBe("Month,Paid\r\n2026-01,12.5\r\n");
});

test("hidden amounts leave in no file; a picture shows no more than the page does", async () => {
  localStorage.setItem("truenav.hidden", "1");
  open();
  await screen.findByRole("button", { name: "Save as PNG" });
  expect(screen.queryByRole("button", { name: "Save as CSV" })).toBeNull();
  screen.getByText("No file while amounts are hidden");
});
