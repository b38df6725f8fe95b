import type { Asked, Numbered, Position } from "./messages";

/**
 * What a client holds of each topic. A message that follows one it does not hold is a hole: then
 * nothing is taken until the topic was told again from where it stopped.
 */
export class Positions {
  private readonly held = new Map<string, Position>();
  private readonly asking = new Set<string>();

  /** Whether a message is new, was told before, or shows that something before it is missing. */
  take(message: Numbered): "new" | "old" | "hole" {
    const { topic, epoch, sequence, after } = message;
    const position = this.held.get(topic);
    if (this.asking.has(topic)) return "old"; // it comes again, in its turn
    if (position !== undefined && position.epoch === epoch && sequence <= position.sequence) {
      return "old";
    }
    const isAfterOurs =
      position === undefined || (position.epoch === epoch && after <= position.sequence);
    if (!isAfterOurs) {
      this.asking.add(topic);
      return "hole";
    }
    this.held.set(topic, { epoch, sequence });
    return "new";
  }

  /** The server tells a topic from where it stopped. */
  resume(topic: string): void {
    this.asking.delete(topic);
  }

  /** What was held means nothing any more. */
  forget(topic: string): void {
    this.asking.delete(topic);
    this.held.delete(topic);
  }

  /** What to ask the server for. */
  asked(topics: Iterable<string>): Asked[] {
    return Array.from(topics, (topic) => ({ topic, ...this.held.get(topic) }));
  }
}
