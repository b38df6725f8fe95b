import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Ladder, STALE_MS, UPGRADE_MS, type Handlers, type Opener } from "./ladder";
import type { Asked, Message } from "./messages";

/** A way whose other end is in the test's hand. */
class FakeWay {
  opened: { asked: Asked[]; handlers: Handlers }[] = [];
  subscribed: Asked[][] = [];
  left: string[][] = [];
  beats = 0;
  closed = 0;

  readonly open: Opener = (asked, handlers) => {
    this.opened.push({ asked: asked(), handlers });
    return {
      subscribe: (topics) => {
        this.subscribed.push(topics);
      },
      unsubscribe: (topics) => {
        this.left.push(topics);
      },
      beat: () => {
        this.beats += 1;
      },
      close: () => {
        this.closed += 1;
      },
    };
  };

  say(...messages: Message[]): void {
    this.opened.at(-1)?.handlers.onMessages(messages);
  }

  end(code: number): void {
    this.opened.at(-1)?.handlers.onClosed(code);
  }
}

const WELCOME = { kind: "welcome" };
const quote = (sequence: number, after = sequence - 1, epoch = "e"): Message => ({
  kind: "quote",
  topic: "a",
  epoch,
  sequence,
  after,
  data: sequence,
});

function climb() {
  const [socket, events] = [new FakeWay(), new FakeWay()];
  const renew = vi.fn(() => Promise.resolve(true));
  const ways = { socket: socket.open, events: events.open, renew };
  const ladder = new Ladder(ways, () => 0.5);
  const heard: unknown[] = [];
  const leave = ladder.listen("a", {
    onData: (_, data) => heard.push(data),
    onReload: () => heard.push("reload"),
  });
  return { ladder, socket, events, renew, heard, leave };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("while it is connected", () => {
  test("opens one way for all topics, and closes it when nobody listens", () => {
    const { ladder, socket, leave } = climb();
    socket.say(WELCOME);
    const other = ladder.listen("b", { onData: vi.fn(), onReload: vi.fn() });
    expect(socket.opened.length).toBe(1);
    expect(socket.subscribed).toEqual([[{ topic: "b" }]]);
    leave();
    expect(socket.left).toEqual([["a"]]);
    other();
    expect(socket.closed).toBe(1);
    expect(ladder.snapshot()).toEqual({ rung: "socket", isOpen: false, notice: null });
  });

  test("asks again from where it stopped when it sees a hole, and hears each message once", () => {
    const { socket, heard } = climb();
    socket.say(WELCOME, quote(1), quote(2));
    socket.say(quote(5, 4));
    expect(socket.subscribed).toEqual([[{ topic: "a", epoch: "e", sequence: 2 }]]);
    socket.say(
      { kind: "subscribed", topic: "a", epoch: "e", sequence: 2 },
      quote(3),
      quote(4),
      quote(5),
    );
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  test("tells who listens to read anew where the server says so", () => {
    const { socket, heard } = climb();
    socket.say(WELCOME, quote(9));
    socket.say(
      { kind: "reload", topic: "a", epoch: "f", sequence: 1, reason: "history_lost" },
      quote(1, 0, "f"),
    );
    expect(heard).toEqual([9, "reload", 1]);
  });

  test("gives signs of life, and takes a line that says nothing for dead", () => {
    const { ladder, socket } = climb();
    socket.say(WELCOME);
    vi.advanceTimersByTime(STALE_MS - 1);
    expect(socket.beats).toBe(1);
    expect(ladder.snapshot().isOpen).toBe(true);
    vi.advanceTimersByTime(STALE_MS);
    expect(socket.opened.length).toBe(2);
  });
});

describe("when it is cut", () => {
  test("cut every seven messages it has no hole and hears nothing twice", () => {
    const { socket, heard } = climb();
    let sequence = 0;
    for (let cut = 0; cut < 6; cut += 1) {
      const from = socket.opened.at(-1)?.asked[0]?.sequence ?? 0;
      expect(from).toBe(sequence);
      socket.say(WELCOME, { kind: "subscribed", topic: "a", epoch: "e", sequence: from });
      for (let count = 0; count < 7; count += 1) socket.say(quote((sequence += 1)));
      socket.end(1006);
      vi.advanceTimersByTime(30_000);
    }
    expect(heard).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
  });

  test("after three refusals it goes on over events, after three more it polls and says so", () => {
    const { ladder, socket, events } = climb();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      socket.end(1006);
      vi.advanceTimersByTime(30_000);
    }
    expect(socket.opened.length).toBe(3);
    expect(ladder.snapshot().rung).toBe("events");
    for (let attempt = 0; attempt < 3; attempt += 1) {
      events.end(0);
      vi.advanceTimersByTime(30_000);
    }
    expect(ladder.snapshot()).toMatchObject({ rung: "polling", isOpen: false });
    expect(ladder.snapshot().notice).toContain("No live connection");
  });

  test("what came over events goes on where the socket stopped", () => {
    const { socket, events, heard } = climb();
    socket.say(WELCOME, quote(1), quote(2));
    for (let attempt = 0; attempt < 4; attempt += 1) {
      socket.end(1006);
      vi.advanceTimersByTime(30_000);
    }
    expect(events.opened[0]?.asked).toEqual([{ topic: "a", epoch: "e", sequence: 2 }]);
    events.say(WELCOME, quote(3));
    expect(heard).toEqual([1, 2, 3]);
  });

  test("waits longer each time, and never all at once", () => {
    const { socket } = climb();
    socket.end(1006);
    vi.advanceTimersByTime(999);
    expect(socket.opened.length).toBe(1);
    vi.advanceTimersByTime(1);
    expect(socket.opened.length).toBe(2);
    socket.end(1006);
    vi.advanceTimersByTime(1999);
    expect(socket.opened.length).toBe(2);
    vi.advanceTimersByTime(1);
    expect(socket.opened.length).toBe(3);
  });

  test.each([4429, 4503, 4400])("told %i it polls at once, and tries again later", (code) => {
    const { ladder, socket } = climb();
    socket.end(code);
    expect(ladder.snapshot().rung).toBe("polling");
    expect(ladder.snapshot().notice).not.toBeNull();
    vi.advanceTimersByTime(UPGRADE_MS);
    expect(socket.opened.length).toBe(2);
    socket.say(WELCOME);
    expect(ladder.snapshot()).toEqual({ rung: "socket", isOpen: true, notice: null });
  });

  test("a line that opens and is closed at once is tried less and less often", () => {
    const { socket } = climb();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const before = socket.opened.length;
      socket.say(WELCOME);
      socket.end(1011);
      let waited = 0;
      while (socket.opened.length === before) {
        vi.advanceTimersByTime(500);
        waited += 500;
      }
      waits.push(waited);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test("told that the session has ended it finds out before it tries again", async () => {
    const { socket, renew } = climb();
    socket.say(WELCOME);
    socket.end(4401);
    expect(renew).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(renew).toHaveBeenCalledOnce();
    expect(socket.opened.length).toBe(2);
  });

  test("from events it goes up to a socket again", () => {
    const { ladder, socket, events } = climb();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      socket.end(1006);
      vi.advanceTimersByTime(30_000);
    }
    events.say(WELCOME, quote(1));
    for (let passed = 0; passed < UPGRADE_MS; passed += 10_000) {
      vi.advanceTimersByTime(10_000);
      events.say({ kind: "heartbeat" });
    }
    expect(events.closed).toBe(1);
    expect(socket.opened.at(-1)?.asked).toEqual([{ topic: "a", epoch: "e", sequence: 1 }]);
    socket.say(WELCOME);
    expect(ladder.snapshot()).toMatchObject({ rung: "socket", isOpen: true });
  });

  test("who begins or ceases to listen while it opens is heard all the same", () => {
    const { ladder, socket, leave } = climb();
    ladder.listen("b", { onData: vi.fn(), onReload: vi.fn() });
    leave();
    expect(socket.subscribed).toEqual([]);
    socket.say(WELCOME);
    expect(socket.subscribed).toEqual([[{ topic: "b" }]]);
    expect(socket.left).toEqual([["a"]]);
  });

  test("what it may not hear of is not taken for heard", () => {
    const { ladder, socket } = climb();
    socket.say(WELCOME);
    expect(ladder.hears("a")).toBe(true);
    socket.say({ kind: "refused", topic: "a", reason: "not_found" });
    expect(ladder.hears("a")).toBe(false);
  });

  test("the lid opens: it tries at once, from the top; what is alive is left alone", () => {
    const { ladder, socket } = climb();
    socket.end(4429);
    ladder.wake();
    expect(socket.opened.length).toBe(2);
    socket.say(WELCOME);
    ladder.wake();
    expect(socket.opened.length).toBe(2);
  });
});
