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

type Ways = {
  socket: Opener;
  events: Opener;
  /** The session is said to have ended: find out, before the next attempt. */
  renew: () => Promise<unknown>;
};

const TRIES = 3;
const FIRST_MS = 500;
const MOST_MS = 30_000;
const BEAT_MS = 25_000;
/** A line that lasted so long was no failure, however it ended. */
const LASTING_MS = 10_000;
export const STALE_MS = 45_000;
export const UPGRADE_MS = 300_000;
const NEXT: Record<Rung, Rung> = { socket: "events", events: "polling", polling: "polling" };
const TOO_MANY = 4429;
const SESSION_ENDED = 4401;
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
  private readonly refused = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private state: LiveState = { rung: "socket", isOpen: false, notice: null };
  private line: Line | null = null;
  /** What the open line was asked for. */
  private asked = new Set<string>();
  /** Attempts in a row that never opened, and lines in a row that did not last. */
  private failures = 0;
  private falls = 0;
  private openedAt = 0;
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
      if (this.state.isOpen) this.subscribe([topic]);
      else if (this.line === null && this.timer === undefined) this.open();
    }
    return () => {
      this.leave(topic, listener);
    };
  }

  /** Whether it hears of a topic now: connected, and not refused. */
  hears(topic: string): boolean {
    return this.state.isOpen && !this.refused.has(topic);
  }

  /** The network is back, or somebody looks again: try at once, from the top. */
  wake(): void {
    if (this.state.isOpen && Date.now() - this.heardAt <= STALE_MS) return;
    this.close();
    this.failures = 0;
    this.falls = 0;
    if (this.topics.size > 0) this.climb("socket");
  }

  private leave(topic: string, listener: Listener): void {
    const listeners = this.topics.get(topic);
    listeners?.delete(listener);
    if (listeners === undefined || listeners.size > 0) return;
    this.topics.delete(topic);
    this.refused.delete(topic);
    this.positions.forget(topic);
    if (this.topics.size === 0) {
      this.close();
      this.tell({ rung: "socket", isOpen: false, notice: null });
    } else if (this.state.isOpen) this.unsubscribe([topic]);
  }

  private subscribe(topics: string[]): void {
    for (const topic of topics) this.asked.add(topic);
    this.line?.subscribe(this.positions.asked(topics));
  }

  private unsubscribe(topics: string[]): void {
    for (const topic of topics) this.asked.delete(topic);
    this.line?.unsubscribe(topics);
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
    this.asked = new Set(this.topics.keys());
    this.refused.clear();
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
    if (messages.length === 0) return;
    this.heardAt = Date.now();
    if (!this.state.isOpen) this.opened();
    for (const message of messages) this.take(message);
  }

  private opened(): void {
    this.failures = 0;
    this.openedAt = Date.now();
    this.tell({ ...this.state, isOpen: true, notice: null });
    // who began or ceased to listen while it opened
    const late = [...this.topics.keys()].filter((topic) => !this.asked.has(topic));
    const gone = [...this.asked].filter((topic) => !this.topics.has(topic));
    if (late.length > 0) this.subscribe(late);
    if (gone.length > 0) this.unsubscribe(gone);
    if (this.state.rung === "events") {
      this.later(UPGRADE_MS, () => {
        this.close();
        this.climb("socket");
      });
    }
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
    if (message.kind === "refused") {
      this.refused.add(message.topic);
      this.tell({ ...this.state });
    }
    if (message.kind === "reload") {
      this.positions.forget(message.topic);
      for (const one of this.topics.get(message.topic) ?? []) one.onReload();
    }
  }

  private fall(code: number): void {
    const { isOpen } = this.state;
    const hasLasted = isOpen && Date.now() - this.openedAt >= LASTING_MS;
    this.close();
    const refusal = REFUSED[code];
    if (refusal !== undefined) {
      this.climb("polling", refusal);
      return;
    }
    if (!isOpen) this.failures += 1;
    this.falls = hasLasted ? 0 : this.falls + 1;
    if (this.failures >= TRIES) {
      this.failures = 0;
      this.falls = 0;
      const next = NEXT[this.state.rung];
      this.climb(next, next === "polling" ? UNREACHABLE : this.state.notice);
      return;
    }
    this.tell({ ...this.state, isOpen: false });
    const wait = Math.min(MOST_MS, FIRST_MS * 2 ** this.falls) * (0.5 + this.random());
    this.later(wait, () => {
      if (code !== SESSION_ENDED) this.open();
      else {
        const again = (): void => {
          if (this.line === null && this.timer === undefined) this.open();
        };
        this.ways.renew().then(again, again);
      }
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
