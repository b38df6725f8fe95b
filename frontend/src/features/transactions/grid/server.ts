import {
  changeTransactions,
  listInstruments,
  listTransactions,
  markTransactions,
} from "@/shared/api/gen/sdk.gen";
import { unwrap } from "@/shared/api/problem";
import { filterQuery } from "../queries";
import type { GridApi } from "./store";

const PAGE = 200;

/** The grid's questions as calls of the server. */
export const SERVER: GridApi = {
  marks: async (filter) => {
    const query = { ...filterQuery(filter), every: PAGE };
    const { total_count: total, every, cursors } = await unwrap(markTransactions({ query }));
    return { total, every, cursors };
  },
  page: async (filter, cursor) => {
    const query = { ...filterQuery(filter), limit: PAGE, ...(cursor ? { cursor } : {}) };
    return (await unwrap(listTransactions({ query }))).items;
  },
  change: async (operations, key) => {
    const call = changeTransactions({
      body: { operations },
      headers: { "Idempotency-Key": key },
    });
    return (await unwrap(call)).results;
  },
  findInstrument: async (symbol) => {
    const { items } = await unwrap(listInstruments({ query: { query: symbol, limit: 30 } }));
    const exact = items.filter((one) => one.symbol.toLowerCase() === symbol.toLowerCase());
    return exact[0] ?? null;
  },
};
