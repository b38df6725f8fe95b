import type { OperationIn, OperationOut, TransactionOut } from "@/shared/api/gen/types.gen";
import { ProblemError, problemOf } from "@/shared/api/problem";
import { AAPL, PURCHASE } from "@/shared/testing/samples";
import type { GridApi } from "./store";

/* For tests: what the grid talks to, in memory. */

export const record = (n: number, parts: Partial<TransactionOut> = {}): TransactionOut => ({
  ...PURCHASE,
  id: `r${String(n)}`,
  chain_id: `c${String(n)}`,
  note: `note ${String(n)}`,
  ...parts,
});

/** A server of five records that keeps chains as the real one does. */
export class FakeLedger {
  live = new Map<string, TransactionOut>([1, 2, 3, 4, 5].map((n) => [`c${String(n)}`, record(n)]));
  all = new Map<string, TransactionOut>([...this.live.values()].map((one) => [one.id, one]));
  calls: { operations: OperationIn[]; key: string }[] = [];
  failing: (() => void)[] = [];
  #ids = 0;

  api: GridApi = {
    marks: () => Promise.resolve({ total: this.live.size, every: 200, cursors: [] }),
    page: () => Promise.resolve([...this.live.values()]),
    findInstrument: (symbol) => Promise.resolve(symbol === "AAPL" ? AAPL : null),
    change: async (operations, key) => {
      this.calls.push({ operations, key });
      await Promise.resolve();
      this.failing.shift()?.();
      return operations.map((operation) => this.#one(operation));
    },
  };

  #one({ op, id, body, client_ref }: OperationIn): OperationOut {
    const named = this.all.get(id ?? "");
    const chain = named?.chain_id ?? `n${String(this.#ids)}`;
    if (op !== "create" && op !== "restore" && this.live.get(chain)?.id !== id) {
      const current = this.live.get(chain) ?? { id: null, chain_id: chain };
      throw problem(409, { code: "stale_version", current: { ...current } });
    }
    this.#ids += 1;
    const next: TransactionOut = {
      ...(named ?? PURCHASE),
      ...(body ? { note: body.note ?? null, quantity: body.quantity ?? null } : {}),
      ...(body ? { fee: body.fee ? { ...body.fee, rate: "1" } : null } : {}),
      id: `x${String(this.#ids)}`,
      chain_id: chain,
    };
    if (op === "reverse") this.live.delete(chain);
    else {
      this.live.set(chain, next);
      this.all.set(next.id, next);
    }
    return { client_ref: client_ref ?? null, op, record: op === "reverse" && named ? named : next };
  }
}

export const problem = (status: number, parts: Partial<ProblemError["problem"]> = {}) =>
  new ProblemError({ ...problemOf(null, new Response(null, { status })), ...parts });
