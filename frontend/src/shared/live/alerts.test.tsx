import { useQuery } from "@tanstack/react-query";
import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { show } from "@/shared/testing/render";
import { alertsKey, useAlerts } from "./alerts";
import type { Listener } from "./ladder";
import { live } from "./live";

let listener: Listener | undefined;
const left = vi.fn();
const count = vi.fn(() => Promise.resolve("1"));

function Page() {
  useAlerts("t1");
  const { data } = useQuery({ queryKey: [...alertsKey, "unread"], queryFn: count });
  return <p>{data}</p>;
}

beforeEach(() => {
  count.mockClear();
  left.mockClear();
  vi.spyOn(live, "listen").mockImplementation((topic, given) => {
    expect(topic).toBe("alerts:t1");
    listener = given;
    return left;
  });
});

test("what was told is asked for again at once, and after what may have been missed", async () => {
  show(() => <Page />);
  await screen.findByText("1");
  act(() => listener?.onData("alert", { alert_id: "a" }));
  await waitFor(() => {
    expect(count).toHaveBeenCalledTimes(2);
  });
  act(() => listener?.onData("something new", {}));
  act(() => listener?.onReload());
  await waitFor(() => {
    expect(count).toHaveBeenCalledTimes(3);
  });
});

test("who leaves listens no more", async () => {
  show(() => <Page />);
  await screen.findByText("1");
  cleanup();
  expect(left).toHaveBeenCalledTimes(1);
});
