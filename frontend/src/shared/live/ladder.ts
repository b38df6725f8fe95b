import { isNumbered, type Asked, type Message } from "./messages";
import { Positions } from "./positions";

/** The ways to hear of something, best first. */
export type Rung = "socket" | "events" | "polling";
export type LiveState = { rung: Rung; isOpen: boolean; notice: string | null };

export type Handlers = {
  onMessages: (messages: Message[]) => void;
  onClosed: (code: number) => void;
};

/** An open way to the server. */
export type Line = {
  subscribe: (asked: Asked[]) => void;
  unsubscribe: (topics: string[]) => void;
  beat: () => void;
  close: () => void;
};
/** `asked` says what is listened to, and from where, whenever it is called. */
export type Opener = (asked: () => Asked[], handlers: Handlers) => Line;

export type Listener = {
  onData: (kind: string, data: unknown) => void;
  /** What is shown may have a hole: read it anew. */
  onReload: () => void;
};

type Ways = { socket: Opener; events: Opener };

const TRIES = 3;
const FIRST_MS = 500;
const MOST_MS = 30_000;
const BEAT_MS = 25_000;
export const STALE_MS = 45_000;
export const UPGRADE_MS = 300_000;
const NEXT: Record<Rung, Rung> = { socket: "events", events: "polling", polling: "polling" };
const TOO_MANY = 4429;
/** Of these codes the same again helps nothing: a bug of ours, or nothing live to be had. */
const REFUSED: Record<number, string> = {
  [TOO_MANY]: "Live in five places already; prices are refreshed more slowly here",
  4503: "Live prices are not to be had now; they are refreshed more slowly",
  4400: "Live prices are off; they are refreshed more slowly",
  1009: "Live prices are off; they are refreshed more slowly",
};
const UNREACHABLE = "No live connection; prices are refreshed more slowly";

/**
 * One connection for all topics: a socket, else events, else polling, and up again later. Whoever
 * listens hears every message once and in order, or that it is to read anew.
 */
export class Ladder {
  private readonly positions = new Positions();
  private readonly topics = new Map<string, Set<Listener>>();
  private readonly watchers = new Set<() => void>();
  private state: LiveState = { rung: "socket", isOpen: false, notice: null };
  private line: Line | null = null;
  private failures = 0;
  private heardAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beating: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly ways: Ways,
    private readonly random: () => number = Math.random,
  ) {}

  snapshot = (): LiveState => this.state;

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Hear of a topic until the function that is returned is called. */
  listen(topic: string, listener: Listener): () => void {
    const known = this.topics.get(topic);
    if (known) known.add(listener);
    else {
      this.topics.set(topic, new Set([listener]));
      if (this.state.isOpen) this.line?.subscribe(this.positions.asked([topic]));
      else if (this.line === null && this.timer === undefined) this.open();
    }
    return () => {
      this.leave(topic, listener);
    };
  }

  /** The network is back, or somebody looks again: try at once, from the top. */
  wake(): void {
    if (this.state.isOpen && Date.now() - this.heardAt <= STALE_MS) return;
    this.close();
    this.failures = 0;
    if (this.topics.size > 0) this.climb("socket");
  }

  private leave(topic: string, listener: Listener): void {
    const listeners = this.topics.get(topic);
    listeners?.delete(listener);
    if (listeners === undefined || listeners.size > 0) return;
    this.topics.delete(topic);
    this.positions.forget(topic);
    if (this.topics.size === 0) {
      this.close();
      this.tell({ rung: "socket", isOpen: false, notice: null });
    } else if (this.state.isOpen) this.line?.unsubscribe([topic]);
  }

  private climb(rung: Rung, notice: string | null = this.state.notice): void {
    this.tell({ rung, isOpen: false, notice });
    if (rung === "polling") {
      this.later(UPGRADE_MS, () => {
        this.climb("socket");
      });
    } else this.open();
  }

  private open(): void {
    const { rung } = this.state;
    if (rung === "polling" || this.topics.size === 0) return;
    const line: Line = this.ways[rung](() => this.positions.asked(this.topics.keys()), {
      onMessages: (messages) => {
        if (this.line === line) this.hear(messages);
      },
      onClosed: (code) => {
        if (this.line === line) this.fall(code);
      },
    });
    this.line = line;
    this.heardAt = Date.now();
    clearInterval(this.beating);
    this.beating = setInterval(() => {
      if (Date.now() - this.heardAt > STALE_MS) this.fall(0);
      else line.beat();
    }, BEAT_MS);
  }

  private hear(messages: Message[]): void {
    this.heardAt = Date.now();
    if (!this.state.isOpen) {
      this.failures = 0;
      this.tell({ ...this.state, isOpen: true, notice: null });
    }
    for (const message of messages) this.take(message);
  }

  private take(message: Message): void {
    if (isNumbered(message)) {
      const found = this.positions.take(message);
      if (found === "hole") this.line?.subscribe(this.positions.asked([message.topic]));
      if (found === "new") {
        for (const one of this.topics.get(message.topic) ?? [])
          one.onData(message.kind, message.data);
      }
      return;
    }
    if (message.topic === undefined) return;
    if (message.kind === "subscribed") this.positions.resume(message.topic);
    if (message.kind === "reload") {
      this.positions.forget(message.topic);
      for (const one of this.topics.get(message.topic) ?? []) one.onReload();
    }
  }

  private fall(code: number): void {
    const wasOpen = this.state.isOpen;
    this.close();
    const refusal = REFUSED[code];
    if (refusal !== undefined) {
      this.climb("polling", refusal);
      return;
    }
    if (!wasOpen) this.failures += 1;
    if (this.failures >= TRIES) {
      this.failures = 0;
      const next = NEXT[this.state.rung];
      this.climb(next, next === "polling" ? UNREACHABLE : this.state.notice);
      return;
    }
    this.tell({ ...this.state, isOpen: false });
    const wait = Math.min(MOST_MS, FIRST_MS * 2 ** this.failures) * (0.5 + this.random());
    this.later(wait, () => {
      this.open();
    });
  }

  private close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    clearInterval(this.beating);
    const { line } = this;
    this.line = null;
    line?.close();
  }

  private later(milliseconds: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      act();
    }, milliseconds);
  }

  private tell(state: LiveState): void {
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}
