import { expect, test } from "vitest";
import { knownPath } from "./known";

test("an explanation is asked of the same day, once", () => {
  expect(knownPath("/api/v1/explain/nav?on=2013-01-02", "2013-03-04")).toBe(
    "/api/v1/explain/nav?on=2013-01-02&as_known_on=2013-03-04",
  );
  const named = "/api/v1/explain/cash?as_known_on=2012-01-01";
  expect(knownPath(named, "2013-03-04")).toBe(named);
  expect(knownPath(named, undefined)).toBe(named);
});
