import { expect, test } from "vitest";
import { problemOf } from "./problem";

test("a problem that says less than the server's own is whole all the same", () => {
  const said = { code: "away", detail: "Come back later.", status: 503 };
  const found = problemOf(said, new Response(null, { status: 503 }));
  expect([found.code, found.detail, found.errors]).toEqual(["away", "Come back later.", []]);
});

test("what is no problem is told by its status, and no answer at all as such", () => {
  const page = problemOf("<html>", new Response(null, { status: 502 }));
  expect([page.code, page.detail]).toEqual([
    "unexpected_answer",
    "The server answered with status 502.",
  ]);
  expect(problemOf(new TypeError("failed"), undefined).code).toBe("offline");
});
