/** Every format the server reads by itself: its id, whose it is, and which export to ask for. */
export type Format = { id: string; name: string; broker: string; what: string };

const format = (id: string, name: string, broker: string, what: string): Format => ({
  id,
  name,
  broker,
  what,
});

export const FORMATS: readonly Format[] = [
  format("avanza_csv", "Avanza CSV", "Avanza", "transactions (CSV)"),
  format("coinbase_csv", "Coinbase CSV", "Coinbase", "transaction history (CSV)"),
  format("crypto_com_csv", "Crypto.com CSV", "Crypto.com", "app transactions (CSV)"),
  format("degiro_account_csv", "DEGIRO CSV", "DEGIRO", "account statement (CSV)"),
  format("etoro_csv", "eToro CSV", "eToro", "account activity (CSV)"),
  format("fidelity_csv", "Fidelity CSV", "Fidelity", "history (CSV)"),
  format("ghostfolio_json", "Ghostfolio JSON", "Ghostfolio", "export (JSON)"),
  format(
    "hargreaves_lansdown_csv",
    "Hargreaves Lansdown CSV",
    "Hargreaves Lansdown",
    "transaction summary (CSV)",
  ),
  format("ibkr_activity_csv", "Interactive Brokers CSV", "Interactive Brokers", "activity (CSV)"),
  format(
    "ibkr_flex_xml",
    "Interactive Brokers Flex XML",
    "Interactive Brokers",
    "Flex query (XML)",
  ),
  format(
    "ibkr_flex_csv",
    "Interactive Brokers Flex CSV",
    "Interactive Brokers",
    "Flex query (CSV)",
  ),
  format("kraken_ledgers_csv", "Kraken ledgers CSV", "Kraken", "ledgers (CSV)"),
  format("parqet_csv", "Parqet CSV", "Parqet", "activities (CSV)"),
  format(
    "portfolio_performance_csv",
    "Portfolio Performance CSV",
    "Portfolio Performance",
    "all transactions, English or German (CSV)",
  ),
  format("robinhood_csv", "Robinhood CSV", "Robinhood", "account activity (CSV)"),
  format("schwab_csv", "Schwab CSV", "Schwab", "history (CSV)"),
  format("schwab_awards_json", "Schwab equity awards JSON", "Schwab", "equity awards (JSON)"),
  format("swissquote_csv", "Swissquote CSV", "Swissquote", "transactions (CSV)"),
  format("thinkorswim_csv", "thinkorswim CSV", "thinkorswim", "account statement (CSV)"),
  format("trade_republic_csv", "Trade Republic CSV", "Trade Republic", "transaction export (CSV)"),
  format(
    "trade_republic_old_csv",
    "Trade Republic CSV (older)",
    "Trade Republic",
    "older Dutch export (CSV)",
  ),
  format("trading212_csv", "Trading 212 CSV", "Trading 212", "history of any year (CSV)"),
  format("vanguard_uk_csv", "Vanguard UK CSV", "Vanguard UK", "cash and investment report (CSV)"),
  format("wealthsimple_csv", "Wealthsimple CSV", "Wealthsimple", "activities (CSV)"),
  format("xtb_csv", "XTB CSV", "XTB", "cash operations (CSV)"),
];

const NAMES = new Map(FORMATS.map(({ id, name }) => [id, name]));

export const formatName = (id: string | null): string =>
  id === null ? "" : id === "generic_csv" ? "CSV" : (NAMES.get(id) ?? id);

/** Brokers in the order of the alphabet, each with what it can be asked for. */
export const brokers = (): readonly (readonly [string, string])[] => {
  const found = new Map<string, string[]>();
  for (const { broker, what } of FORMATS) found.set(broker, [...(found.get(broker) ?? []), what]);
  return [...found].map(([broker, what]) => [broker, what.join(", ")] as const);
};
