import { createLiveTicket } from "@/shared/api/gen/sdk.gen";
import { bearer } from "@/shared/api/session";
import type { Opener } from "./ladder";
import { messagesOf, type Asked } from "./messages";

const PROTOCOL = "truenav.live.1";
const NEVER_OPENED = 0;

/** A WebSocket: opened by a ticket, which stands in no address. */
export const openSocket: Opener = (asked, { onMessages, onClosed }) => {
  let socket: WebSocket | null = null;
  let isOver = false;
  const say = (what: object): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
  };
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    onClosed(code);
  };
  const open = async (): Promise<void> => {
    const { data } = await createLiveTicket();
    if (isOver) return;
    if (!data) {
      end(NEVER_OPENED);
      return;
    }
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${window.location.host}/ws/market_data`, [
      PROTOCOL,
      `ticket.${data.ticket}`,
    ]);
    socket.onopen = () => {
      say({ kind: "subscribe", topics: asked() });
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      onMessages(messagesOf(event.data));
    };
    socket.onclose = (event) => {
      end(event.code);
    };
  };
  open().catch(() => {
    end(NEVER_OPENED);
  });
  return {
    subscribe: (topics) => {
      say({ kind: "subscribe", topics });
    },
    unsubscribe: (topics) => {
      say({ kind: "unsubscribe", topics });
    },
    beat: () => {
      say({ kind: "heartbeat" });
    },
    close: () => {
      isOver = true;
      socket?.close(1000);
    },
  };
};

const STATUS_CODES: Record<number, number> = { 401: 4401, 429: 4429, 503: 4503 };

/** Server-sent events over fetch, which can carry the access token; asked anew for other topics. */
export const openEvents: Opener = (asked, { onMessages, onClosed }) => {
  let isOver = false;
  let reading = new AbortController();
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    onClosed(code);
  };
  const read = async (signal: AbortSignal): Promise<void> => {
    const wanted = asked();
    const query = new URLSearchParams({ topics: wanted.map(({ topic }) => topic).join(",") });
    const headers = { Authorization: await bearer(), "Last-Event-ID": markOf(wanted) };
    const answer = await fetch(`/sse/market_data?${query.toString()}`, { headers, signal });
    const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    if (!answer.ok || !isStream || answer.body === null) {
      end(STATUS_CODES[answer.status] ?? NEVER_OPENED);
      return;
    }
    const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await lines.read();
      if (done) break;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const data = part.split("\n").find((line) => line.startsWith("data: "));
        const messages = messagesOf(data?.slice("data: ".length) ?? "");
        const closed = messages.find(({ kind }) => kind === "closed");
        if (closed) end(closed.code ?? NEVER_OPENED);
        else onMessages(messages);
      }
    }
    end(NEVER_OPENED);
  };
  const start = (): void => {
    reading = new AbortController();
    const { signal } = reading;
    read(signal).catch(() => {
      if (!signal.aborted) end(NEVER_OPENED);
    });
  };
  const again = (): void => {
    reading.abort();
    if (asked().length > 0) start();
  };
  start();
  return {
    subscribe: again,
    unsubscribe: again,
    beat: () => undefined,
    close: () => {
      isOver = true;
      reading.abort();
    },
  };
};

/** Where each topic stopped, in their order, as the events' own ids say it. */
const markOf = (asked: Asked[]): string =>
  asked
    .map(({ epoch, sequence }) => (epoch === undefined ? "-" : `${epoch}:${String(sequence)}`))
    .join("_");
