import { useQuery } from "@tanstack/react-query";
import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { show } from "@/shared/testing/render";
import type { Listener } from "./ladder";
import { live } from "./live";
import { GATHER_MS, useValuations } from "./valuations";

let listener: Listener | undefined;
const left = vi.fn();
const figure = vi.fn(() => Promise.resolve("1"));
const other = vi.fn(() => Promise.resolve("2"));

function Page({ tenant }: { tenant: string }) {
  useValuations(tenant);
  const { data } = useQuery({ queryKey: ["valuation", "nav"], queryFn: figure });
  useQuery({ queryKey: ["accounts"], queryFn: other });
  return <p>{data}</p>;
}

beforeEach(() => {
  listener = undefined;
  for (const mock of [left, figure, other]) mock.mockClear();
  vi.spyOn(live, "listen").mockImplementation((topic, given) => {
    expect(topic).toBe("valuation:t1");
    listener = given;
    return left;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

async function told(say: () => void): Promise<void> {
  vi.useFakeTimers();
  await act(async () => {
    say();
    await vi.advanceTimersByTimeAsync(GATHER_MS);
  });
  vi.useRealTimers();
}

test("values worked out anew are asked for again, once for many accounts, and nothing else", async () => {
  show(() => <Page tenant="t1" />);
  await screen.findByText("1");
  expect([figure.mock.calls.length, other.mock.calls.length]).toEqual([1, 1]);
  await told(() => {
    listener?.onData("rebuilt", { account_id: "a", from_date: "2026-02-03" });
    listener?.onData("rebuilt", { account_id: "b", from_date: "2026-02-03" });
  });
  expect([figure.mock.calls.length, other.mock.calls.length]).toEqual([2, 1]);
});

test("what may have been missed is asked for; a kind of another day is not", async () => {
  show(() => <Page tenant="t1" />);
  await screen.findByText("1");
  await told(() => listener?.onData("something new", {}));
  expect(figure).toHaveBeenCalledTimes(1);
  await told(() => listener?.onReload());
  expect(figure).toHaveBeenCalledTimes(2);
});

test("who leaves listens no more", async () => {
  show(() => <Page tenant="t1" />);
  await screen.findByText("1");
  cleanup();
  expect(left).toHaveBeenCalledTimes(1);
});
