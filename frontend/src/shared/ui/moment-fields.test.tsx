import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { show } from "@/shared/testing/render";
import { MomentFields, momentQuery, momentSearch, type Moment } from "./moment-fields";

function open(start: Moment) {
  const change = vi.fn<(part: Moment) => void>();
  function Page() {
    const [moment, setMoment] = useState(start);
    return (
      <MomentFields
        moment={moment}
        hasBasis
        onChange={(part) => {
          change(part);
          setMoment({ ...moment, ...part });
        }}
      />
    );
  }
  return { ...show(() => <Page />), change };
}

test("a year that is still being typed is not asked for", async () => {
  const { change } = open({});
  const field = await screen.findByLabelText<HTMLInputElement>("At the end of");
  fireEvent.change(field, { target: { value: "0201-03-04" } });
  expect(change).not.toHaveBeenCalled();
  expect(field.value).toBe("0201-03-04");
  fireEvent.change(field, { target: { value: "2013-03-04" } });
  expect(change).toHaveBeenCalledWith({ on: "2013-03-04" });
});

test("today empties every field", async () => {
  const { user, change } = open({ on: "2013-03-04", known: "2014-01-02", basis: "settled" });
  await user.click(await screen.findByRole("button", { name: "Back to today" }));
  expect(change).toHaveBeenCalledWith({ on: undefined, known: undefined, basis: undefined });
  expect(screen.getByLabelText<HTMLInputElement>("At the end of").value).toBe("");
  expect(screen.getByLabelText<HTMLSelectElement>("Basis").value).toBe("");
  expect(screen.queryByRole("button", { name: "Back to today" })).toBeNull();
});

test("what is not said is in neither the address nor the question", () => {
  expect(momentSearch({ on: undefined, basis: "settled" })).toEqual({ basis: "settled" });
  expect(momentQuery({ on: "2013-03-04", known: "2014-01-02" })).toEqual({
    on: "2013-03-04",
    as_known_on: "2014-01-02",
  });
});
