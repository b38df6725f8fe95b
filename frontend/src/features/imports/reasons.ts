import { words } from "@/shared/format/format";

/** Why a row of a file was skipped, failed, or wants a look; and what to do where that helps. */
export const ROW_REASONS: Readonly<Record<string, string>> = {
  // already in the account
  duplicate: "The account holds this record already",
  // skipped on purpose
  blank: "An empty row",
  cash_sweep: "Money between the account and its cash account; it cancels out",
  continuation: "The rest of the row before",
  detail: "One line of a trade that is counted once",
  detail_level: "One line of a trade that is counted once",
  footer: "The file's closing text",
  header: "The column names again",
  information: "Told again by the row that counts",
  internal: "Within the account: nothing came or left",
  liability: "A debt entered by hand; no record of an account",
  no_amount: "A row without an amount",
  no_quantity: "Nothing moved: no units and no cash",
  opening_balance: "What was there before the file begins",
  other_section: "A section that repeats or sums up",
  paired: "The other half of a row that is imported",
  pending: "Not settled yet; the settled row follows",
  repeated: "The same operation listed twice",
  section_not_read: "A part of the file that records no transactions",
  subtotal: "A subtotal; its rows are counted",
  summary: "A summary; its rows are counted",
  title: "The title of a section",
  total: "A total; its rows are counted",
  // failed
  cell_missing: "A cell that is needed is empty",
  date_ambiguous: "The date can be read in two ways; export it with the year first",
  date_in_future: "The date lies in the future",
  date_missing: "The date is missing",
  formula: "The cell holds a formula, not a number",
  not_a_date: "The date cannot be read",
  not_a_number: "The number cannot be read",
  not_understood: "The text does not say what is needed",
  number_ambiguous: "The number can be read in two ways: 1,234 as one or as thousands",
  number_too_large: "The number is too large to keep",
  number_too_long: "The number has too many characters",
  too_many_cells: "More cells than columns; an amount with a comma may lack its quotes",
  two_digit_year: "The year has two digits; export it with four",
  unknown_currency: "This is not a currency we know",
  // imported, with a warning
  amount_mismatch: "The amount is not units × price",
  unknown_action: "An action we do not know: kept for review, only its cash counts",
  unpaired_conversion: "A conversion whose other currency is not in the file",
  unpaired_split: "A split whose other units are not in the file: kept for review",
  unpaired_swap: "A swap whose other side is not in the file",
  unpaired_trade: "A trade whose other side is not in the file",
  value_unknown: "Coins for coins without a value: their cost is unknown",
};

export const rowReason = (code: string): string => ROW_REASONS[code] ?? words(code);

/** The server's sentence without the place, which stands beside it. */
export const withoutPlace = (message: string): string => message.replace(/^row \d+, /, "");
