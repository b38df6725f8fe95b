"""Files of many brokers, replayed: cash and units equal the figures that stand in the files.

Each test says which figures: a running balance, a total, or the sum of a column as a spreadsheet
adds it up. Balances are compared event by event, so one wrong row shows itself.
"""

from collections.abc import Sequence
from decimal import Decimal

from tests.core.imports.replaying import (
    balance_gaps,
    column_sum,
    held,
    named,
    state_after,
    units,
)
from tests.core.imports.samples import broker_bytes, broker_file, drafts
from truenav.core.imports.parsed import ParsedFile, ParsedRow
from truenav.core.ledger.replay import LedgerState


def text_of(name: str, encoding: str = "utf-8") -> str:
    """The file as text."""
    return broker_bytes(name).decode(encoding)


def first_rows(file: ParsedFile, until: int) -> list[ParsedRow]:
    """The rows up to a line, oldest last."""
    return [row for row in file.rows if row.row_number <= until]


def gains(state: LedgerState) -> list[Decimal]:
    """Realized gains, in the order they were made."""
    return [closure.gain for closure in state.closures]


def test_swissquote_balances() -> None:
    file = broker_file("swissquote.csv")
    gaps = balance_gaps(
        reversed(file.rows), stamp=("Date",), balance="Balance", currency="Currency"
    )
    # the published sample leaves records out between these rows and the ones before them: in USD
    # 21,345.80 on 29 April and 56,938.69 after 489.92 on 10 May, and so on; all others agree
    assert sorted(gaps) == [5, 7, 13, 15, 17, 19]
    assert gaps[19] == Decimal("56938.69") - Decimal("489.92") - Decimal("21345.80")
    state = state_after(file)
    # 250 + 600 in two fills of one order, bought for 3,482.70 and 8,390.90 net
    assert held(state)[named("IE000EBFYWX3")] == (Decimal(850), Decimal("11873.60"))
    # both legs of both conversions: 100,000 for 106,017.30 and 1,995.39 for 2,000
    assert state.cash["EUR"] == Decimal("1995.39") + Decimal("486.58")


def test_degiro_balances() -> None:
    file = broker_file("degiro_account.csv", "EUR")
    # the first 23 lines are one stretch of one account; the rest are rows out of many
    stretch = [row for row in first_rows(file, 23) if row.original["Datum"]]
    gaps = balance_gaps(
        reversed(stretch), stamp=("Datum", "Tijd"), balance="column 11", currency="Saldo"
    )
    assert gaps == {}
    held_units = units(state_after(file))
    assert held_units[named("US9256521090")] == 1
    # 1 046,3825 units of a cash fund are cash, not a holding
    assert named("NL0010661914") not in held_units
    # 500 bought; the new name of the share takes them all over
    assert held(state_after(file))[named("AU000000FBR4")] == (Decimal(500), Decimal("19.50"))


def test_degiro_order_costs() -> None:
    state = state_after(broker_file("degiro_account.csv", "EUR"))
    # 479.76 + 4.90 of the same order; 42.53 + 1
    assert held(state)[named("FI4000198031")] == (Decimal(6), Decimal("484.66"))
    assert held(state)[named("IE00B0M63391")] == (Decimal(1), Decimal("43.53"))


def test_trading212_totals_and_results() -> None:
    state = state_after(broker_file("trading212_2026.csv", "GBP"))
    # the column Result of the two sales
    assert gains(state) == [Decimal("46.29"), Decimal("75.08")]
    # the totals are 10000 - 1201.80 + 1248.09 - 803.60 + 878.68
    assert state.cash == {"GBP": Decimal("10121.37")}
    assert held(state) == {}


def test_trading212_of_2024() -> None:
    state = state_after(broker_file("trading212_2024.csv", "GBP"))
    # the totals are 3000 - 2381.35 + 0.04 + 0.75 + 0.11 + 3138.50 - 2000
    assert state.cash == {"GBP": Decimal("1758.05")}
    assert gains(state) == [Decimal("757.15")]


def test_trading212_of_2023() -> None:
    state = state_after(broker_file("trading212_2023.csv", "EUR"))
    # the totals are 31 - 1.33 - 1.20 - 1.47 + 0.70 + 0.03 + 0.03 + 17.67 + 0.01; what units
    # were worth that came, went or were split moves no cash
    assert state.cash == {"EUR": Decimal("45.44")}
    assert held(state)[named("US17275R1023")] == (Decimal("0.029053"), Decimal("1.33"))
    assert units(state)[named("US9078181081")] == Decimal("11.0563304")


def test_vanguard_uk_balances() -> None:
    cash = broker_file("vanguard_uk_cash.csv", "GBP")
    assert balance_gaps(cash.rows, stamp=("Date",), balance="Balance", currency="GBP") == {}
    both = broker_file("vanguard_uk_both.csv", "GBP")
    upper = first_rows(both, 22)
    assert balance_gaps(upper, stamp=("Date",), balance="Balance", currency="GBP") == {}
    for file in (cash, both):
        state = state_after(file)
        assert state.cash == {"GBP": Decimal("23.59")}  # its last balance
        # Quantity in the second table: 1550, 294 less 1, 6.77 and 0.9232
        assert sorted(units(state).values()) == [
            Decimal("0.9232"),
            Decimal("6.77"),
            Decimal(293),
            Decimal(1550),
        ]


def test_kraken_balances() -> None:
    file = broker_file("kraken_ledgers.csv", "EUR")
    state = state_after(file)
    # the last balance of each asset; money is kept to the cent (878.9920)
    assert state.cash == {"EUR": Decimal("878.99")}
    assert units(state) == {named("BTC"): Decimal("0.00049"), named("ETH"): Decimal("0.01501")}
    # 30 - 0.078 for a quarter of the 0.002 that cost 100.18
    assert gains(state) == [Decimal("29.92") - Decimal("100.18") / 4]


def test_robinhood_amounts() -> None:
    state = state_after(broker_file("robinhood.csv"))
    # -200 + 299.92 - 5 + 5.25 - 0.79 - 5 + 72.29 - 300 + 1000
    assert state.cash == {"USD": Decimal("866.67")}
    # 3 bought, 9 more by the split; the sample sells 3 it did not buy and reinvests in 0.2
    assert held(state)[named("SPX1")] == (Decimal(12), Decimal(300))
    assert units(state)[named("ORB")] == Decimal("-2.8")
    assert held(state)[named("ORB 08/21/2026 45.00 C")] == (Decimal(-2), Decimal("-299.92"))


def test_wealthsimple_amounts() -> None:
    state = state_after(broker_file("wealthsimple.csv", "CAD"))
    # net_cash_amount: 500 - 381.20 - 32.93 + 156 + 1.32 + 0.05, and 24.33
    assert state.cash == {"CAD": Decimal("243.24"), "USD": Decimal("24.33")}
    # 10 - 4 at 38.12
    assert held(state) == {named("XEQT"): (Decimal(6), Decimal("228.72"))}
    assert gains(state) == [Decimal(156) - 4 * Decimal("38.12")]


def test_thinkorswim_balances() -> None:
    file = broker_file("thinkorswim.csv")
    running = Decimal(20000)  # "Cash balance at the start of business day"
    for row in file.rows:
        if row.drafts:
            running += state_after_row(row)
            assert running == Decimal(row.original["BALANCE"].replace(",", ""))
    assert running == Decimal("14701.22")
    state = state_after(file)
    # Account Trade History: +100 and -40; the call was sold to open for 150 less 0.67
    assert held(state) == {
        named("ZQX"): (Decimal(60), Decimal(6000)),
        named("ORB 12/19/2025 45 C"): (Decimal(-1), Decimal("-149.33")),
    }


def state_after_row(row: ParsedRow) -> Decimal:
    """What one row does to cash in dollars."""
    file = ParsedFile(format="", broker="", encoding="", rows=(row,))
    return state_after(file).cash.get("USD", Decimal(0))


def test_coinbase_totals() -> None:
    file = broker_file("coinbase.csv", "EUR")
    state = state_after(file)
    # the total of the purchase, in either currency; conversions move no money
    assert state.cash == {"EUR": Decimal("-70.00"), "USD": Decimal("-70.00")}
    # 156.145683 for what 0.00363125 were worth: the subtotal
    assert held(state)[named("XRP")] == (Decimal("156.145683"), Decimal("338.93"))
    # 0.17305191 + 0 of ETH2 came by conversion, 0.180914809326 left: more than was there
    moved = [d.quantity for d in drafts(file) if d.instrument and d.instrument.symbol == "ETH2"]
    assert moved == [Decimal("-0.180914809326"), Decimal("0.17305191")]


def test_avanza_amounts() -> None:
    state = state_after(broker_file("avanza.csv", "SEK"))
    # Belopp adds up to -54400 + 54447.41 - 91900 - 1214.99 + 1215 - 1800 + 3650 - 7447 + 285.38
    # + 0.84 + 0.72 + 1.24 + 85.97 - 26 - 118 - 16.49 - 7104.41 + 10000
    assert state.cash == {"SEK": Decimal("-94340.33")}
    assert held(state)[named("SE0004841500")] == (Decimal("6.3572"), Decimal("1214.99"))
    # 2 * 330.16 USD at 10.72655, and 21.45 of courtage
    assert held(state)[named("US78409V1044")] == (Decimal(2), Decimal("7104.41"))
    # the fund's units went over to its successor
    assert units(state)[named("LU2553958823")] == Decimal("3.6545")
    assert named("LU0302296149") not in units(state)


def test_xtb_amounts() -> None:
    file = broker_file("xtb.csv", "EUR")
    state = state_after(file)
    # the column Amount, without the three operations listed twice (-94.62, -99, -4.38) and the
    # correction of -0.5 whose date is no date; the swap of "-0." is nothing
    listed = column_sum(text_of("xtb.csv"), "Amount", delimiter=";")
    twice = Decimal("-94.62") + Decimal(-99) + Decimal("-4.38")
    assert state.cash == {"EUR": listed - twice - Decimal("-0.5")}
    # 34 + 8 + 0.5658 + 85 + 35 + 26 + 26
    assert units(state)[named("SPYL.DE")] == Decimal("214.5658")
    # 399.43 + 93.98 + 6.65 + 997.09 + 410.92 + 294.84 + 295.10
    assert held(state)[named("SPYL.DE")][1] == Decimal("2498.01")
    assert named("ZAL.DE") not in units(state)


def test_etoro_balances() -> None:
    file = broker_file("etoro.csv")
    state = state_after(file)
    # the contracts of 2020, by their balances: 12.87 after 100, then 0.10 less
    rows = {row.row_number: row for row in file.rows}
    assert state_after_row(rows[24]) == Decimal("12.77") - Decimal("12.87")
    # Amount, with the sign of each type: 0.08 + 0.17 + 0.16 + 0.51 - 1.36 - 100.11 + 0.28 + 0.04
    # + 18.43 + 0.38 - 49.88 - 27.37 - 93.62 + 0.14 + 0.29 + 0.07 + 61.27 + 0.03 + 0.01 + 0.01
    # - 100 - 0.10 - 200 - 0.31 + 0.21 + 392.16 - 6.97
    assert state.cash == {"USD": Decimal("-105.48")}
    # 0.337209 opened, 0.388423 closed
    assert units(state)[named("AMD")] == Decimal("-0.051214")
    assert held(state)[named("SWKS")] == (Decimal("0.888488"), Decimal("93.62"))


def test_hargreaves_lansdown_values() -> None:
    state = state_after(broker_file("hargreaves_lansdown.csv", "GBP"))
    total = column_sum(text_of("hargreaves_lansdown.csv", "latin-1"), "Value (£)", skip=5)
    assert state.cash == {"GBP": total} == {"GBP": Decimal("-55018.97")}
    fund = named("Vanguard FTSE Developed World UCITS ETF")
    assert units(state) == {fund: Decimal(4563 - 1000)}
    # 44,988.05 less 1,000 of the 4,563 that cost 150,006.84
    (gain,) = gains(state)
    assert abs(gain - (Decimal("44988.05") - Decimal("150006.84") * 1000 / 4563)) < Decimal("1e-12")


def test_trade_republic_amounts() -> None:
    state = state_after(broker_file("trade_republic.csv", "EUR"))
    # amount + fee + tax: 200 - 61 - 50 + 2.25 - 2.25 + 2.55 + 20.80 + 0.23 - 25
    assert state.cash == {"EUR": Decimal("87.58")}
    assert units(state) == {named("US9900000922"): Decimal(1), named("BTC"): Decimal("0.001")}
    # a third of 61 went with the 0.5 sold
    assert gains(state)[0].quantize(Decimal("0.01")) == Decimal("20.80") - Decimal("20.33")


def test_the_older_trade_republic() -> None:
    state = state_after(broker_file("trade_republic_old.csv", "EUR"))
    # Waarde (netto) adds up, each to the cent, to -10.84 + 0.01 - 5 + 10.80
    # - 5 + 0.03 - 25 + 86.71 - 690.25
    assert state.cash == {"EUR": Decimal("-638.54")}
    # Aantal adds up to 0.052361 + 0.05198 - 0.104341
    assert named("IE00BKX55T58") not in units(state)
    assert held(state)[named("SI0031102120")] == (Decimal(5), Decimal("690.25"))


def test_parqet_amounts() -> None:
    state = state_after(broker_file("parqet.csv", "EUR"))
    # what was bought is 6 * 500 + 2 * 100 + 5.91 + 7.01 + 0.03 + 8.16 + 9.51 + 6.72 + 15 + 8.55
    # + 25.20 + 13.55; sold: 1578 - 14.83 - 1, 320.32 + 12.64 - 1
    # dividends less tax: 7.18 + 0.84 + 7.26 + 26.40 + 1.19 + 7.09 + 71.34
    bought = -Decimal("3299.64")
    assert state.cash == {
        "EUR": bought + Decimal("1562.17") + Decimal("331.96") + Decimal("121.30")
    }
    # shares of the world fund: 17.83803 + 0.250089 + 16.747613 + 17.050298 + 0.511508 + 17.190991
    # + 17.655367 + 0.47846 + 17.510068
    assert units(state)[named("LU2089238203")] == Decimal("105.232424")


def test_crypto_com_units() -> None:
    file = broker_file("crypto_com.csv", "EUR")
    state = state_after(file)
    assert state.cash == {"EUR": Decimal(0)}  # coins were exchanged for coins, or went to the card
    held_units = units(state)
    assert held_units[named("BTC")] == Decimal("0.01152324")
    # 150.865358 + 2.279542 + 81.161849
    assert held_units[named("USDC")] == Decimal("234.306749")
    # 3559.220008 came in, 500 were exchanged
    assert held_units[named("XRP")] == Decimal("3059.220008")
    # 44.29 + 78.218523 + 4 - 235.08 - 219.461067 - 385.873798 - 81.161849
    assert held_units[named("USDT")] == Decimal("-795.068191")


def test_schwab_awards_amounts() -> None:
    state = state_after(broker_file("schwab_awards.json"))
    # 11.20 - 22.39 + 74.62 - 1382.75 + 1985.74
    assert state.cash == {"USD": Decimal("666.42")}
    # 13.6 + 4.911 twice, less 14.40
    assert units(state) == {named("GOOG"): Decimal("22.622")}
    # 13.6 and 0.8 of the next lot, both vested at 106.78, for 1985.74
    assert sum(gains(state)) == Decimal("1985.74") - Decimal("14.4") * Decimal("106.78")
    acquired: Sequence[str] = [c.acquired_date.isoformat() for c in state.closures]
    assert acquired == ["2023-04-25", "2023-04-25"]  # the days they vested


def test_ghostfolio_activities() -> None:
    state = state_after(broker_file("ghostfolio_export.json"))
    # paid were 202.50 and 1.50; then (100 - 0.25) + 6 * 0.50 - 12 - 600 + 2.75
    assert state.cash == {"USD": Decimal("-710.50")}
    # 6 of 10 that cost 204
    assert held(state)[named("ZQX")] == (Decimal(6), Decimal("122.4"))


def test_portfolio_performance_in_german_and_english() -> None:
    german = state_after(broker_file("portfolio_performance_de.csv", "EUR"))
    # Wert adds up to 2000 - 1005.90 + 44.17 + 294.10 + 1.25 - 100 - 2.50
    assert german.cash == {"EUR": Decimal("1231.12")}
    assert units(german) == {
        named("DE0009900925"): Decimal(60),
        named("US9900000922"): Decimal("3.5"),
    }
    english = state_after(broker_file("portfolio_performance_en.csv", "EUR"))
    # 2000 - 1005.90 + 294.10 - 100 + 3.10
    assert english.cash == {"EUR": Decimal("1191.30")}
    # 60 of 80 that cost 1,005.90
    assert held(english) == {named("DE0009900925"): (Decimal(60), Decimal("754.425"))}
