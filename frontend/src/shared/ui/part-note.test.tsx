import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { sliceOf, type SliceText } from "@/shared/slice";
import { show } from "@/shared/testing/render";
import { PartNote } from "./sliced";

const A = "0190a000-0000-7000-8000-00000000000a";
const B = "0190a000-0000-7000-8000-00000000000b";

test.each<[SliceText, string]>([
  [{ categories: A }, "Holdings of a part only: one category."],
  [{ categories: `${A},${B}`, classes: "bond" }, "Holdings of a part only: Bond, 2 categories."],
  [{ categories: `none:${A}` }, "Holdings of a part only: what is not classified."],
  [
    { categories: `${A},none:${A},none:${B}`, base: "EUR" },
    "Holdings of a part only: one category, what is not classified. Told in EUR.",
  ],
  [{ instruments: `${A},${B}`, currencies: "USD" }, "Holdings of a part only: USD, 2 instruments."],
  [{ groups: "Ours", tags: "old" }, "Holdings of a part only: Ours, #old."],
  [{ base: "CHF" }, "Told in CHF."],
])("%o is told as %s", async (text, told) => {
  show(() => <PartNote slice={sliceOf(text)} what="Holdings" />);
  expect((await screen.findByRole("status")).textContent).toBe(told);
});

test("of everything nothing is said", async () => {
  show(() => (
    <>
      <p>the page</p>
      <PartNote slice={sliceOf({})} what="Holdings" />
    </>
  ));
  await screen.findByText("the page");
  expect(screen.queryByRole("status")).toBeNull();
});
