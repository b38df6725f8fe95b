/** How far a reader has come in a topic: a number means something within its epoch only. */
export type Position = { epoch: string; sequence: number };
export type Asked = { topic: string } & Partial<Position>;

/** A message of the live protocol (docs/live.md); kinds nobody knows are skipped. */
export type Message = {
  kind: string;
  topic?: string;
  epoch?: string;
  sequence?: number;
  after?: number;
  reason?: string;
  code?: number;
  data?: unknown;
};

export type Numbered = Message & Required<Pick<Message, "topic" | "epoch" | "sequence" | "after">>;

export const isNumbered = (message: Message): message is Numbered =>
  message.data !== undefined &&
  typeof message.topic === "string" &&
  typeof message.epoch === "string" &&
  typeof message.sequence === "number" &&
  typeof message.after === "number";

/** The messages of a frame; none for what is no list of them. */
export function messagesOf(text: string): Message[] {
  try {
    const told: unknown = JSON.parse(text);
    return Array.isArray(told) ? (told as Message[]) : [];
  } catch {
    return [];
  }
}
