import type { ActionAccountOut, ActionOut, ActionPreviewOut } from "@/shared/api/gen/types.gen";
import { AAPL, ACCOUNT } from "./samples";

/* Events as the server tells them; a test changes what it is about. */

export const LINE: ActionAccountOut = {
  account_id: ACCOUNT.id,
  account_name: "Broker",
  state: "pending",
  units: "12",
  units_after: "120",
  new_units: null,
  cash_amount: null,
  currency: null,
  warnings: [],
  was_reversed: false,
  transaction_ids: [],
  income_handling: null,
};
export const SPLIT: ActionOut = {
  id: "0190a000-0000-7000-8000-0000000000e1",
  kind: "forward_split",
  instrument_id: AAPL.id,
  symbol: "NVDA",
  instrument_name: "Nvidia",
  ex_date: "2024-06-10",
  record_date: null,
  pay_date: null,
  old_units: "1",
  new_units: "10",
  cash_amount: null,
  currency: null,
  new_instrument_id: null,
  new_symbol: null,
  alternate_instrument_id: null,
  alternate_symbol: null,
  alternate_units: null,
  basis_fraction: null,
  fair_value: null,
  new_fair_value: null,
  fraction_price: null,
  accrued_interest: null,
  is_taxable: false,
  note: null,
  source: "yahoo",
  is_own: false,
  is_overridden: false,
  version: null,
  accounts: [LINE],
};
export const PREVIEW: ActionPreviewOut = {
  id: SPLIT.id,
  accounts: [
    {
      account_id: ACCOUNT.id,
      account_name: "Broker",
      state: "pending",
      units: "12",
      records: [
        {
          kind: "split",
          sub_kind: null,
          trade_date: "2024-06-10",
          settlement_date: null,
          symbol: "NVDA",
          quantity: null,
          ratio: "10",
          price: null,
          amount: null,
          currency: "USD",
          basis_fraction: null,
        },
      ],
      positions: [
        {
          instrument_id: AAPL.id,
          symbol: "NVDA",
          quantity_before: "12",
          quantity_after: "120",
          cost_before: "6000",
          cost_after: "6000",
          currency: "USD",
        },
      ],
      lots_before: [],
      lots_after: [],
      cash: [],
      gains: [],
      realized: [{ currency: "USD", before: "-400", after: "100" }],
      warnings: [],
      notes: [],
      explanations: [],
    },
  ],
};

/** Stands for the field that finds instruments, which is another feature's. */
