import type { OperationIn, OperationOut } from "@/shared/api/gen/types.gen";
import { readRefusal } from "./refused";
import type { GridApi } from "./store";

/** Calls that change records, each under a name: sent again after a lost answer, one acts once. */
export class Calls {
  /** Names of calls that had no answer yet, by what they say. */
  readonly attempts = new Map<string, string>();
  readonly #api: GridApi;
  readonly #onNamed: () => void;
  readonly #onDone: () => void;

  constructor(api: GridApi, onNamed: () => void, onDone: () => void) {
    this.#api = api;
    this.#onNamed = onNamed;
    this.#onDone = onDone;
  }

  async send(operations: OperationIn[]): Promise<OperationOut[]> {
    const text = JSON.stringify(operations);
    const key = this.attempts.get(text) ?? crypto.randomUUID();
    this.attempts.set(text, key);
    this.#onNamed(); // kept before it is sent: a page that ends now knows the name of its call
    try {
      const results = await this.#api.change(operations, key);
      this.attempts.delete(text);
      this.#onDone();
      return results;
    } catch (error) {
      const refused = readRefusal(error, []);
      if (refused.kind !== "all" || refused.isFinal) this.attempts.delete(text);
      throw error;
    }
  }
}
