"""Schwab: every action of a real export, options, shorts, and the sums of its amounts."""

import csv
from collections import Counter
from decimal import Decimal

import pytest

from tests.core.imports.samples import (
    FILES,
    SCHWAB_HEADER,
    counts,
    drafts,
    read,
    row,
    said,
    sample,
    schwab_row,
    told,
)
from truenav.core.imports.parsed import RowStatus
from truenav.core.ledger.cash import net_cash


def test_every_action_of_a_real_export_is_known() -> None:
    file = sample("schwab_many_actions.csv")
    assert (file.format, file.broker, file.encoding) == ("schwab_csv", "Schwab", "utf-8")
    # 119 transactions and the footer; one of them is the second half of a reverse split
    assert counts(file) == {RowStatus.IMPORTED: 118, RowStatus.SKIPPED: 2, RowStatus.FAILED: 0}
    assert [found.reason_code for found in file.rows if found.reason_code] == ["paired", "footer"]
    kinds = Counter(draft.kind.value for draft in drafts(file))
    assert (
        kinds
        == {
            "buy": 41,  # 40 "Reinvest Shares" and one "Buy"
            "sell": 2,
            "dividend": 43,  # 29 + 6 + 2 + 2 + 1 + 1 + 1 of seven words, and one in stock
            "capital_gain_distribution": 1,
            "interest": 5,
            "fee": 11,
            "tax": 1,
            "withdrawal": 2,
            "deposit": 1,
            "transfer_out": 1,
            "split": 2,
            "spin_off": 1,
            "merger": 4,
            "name_change": 2,
            "cash_in_lieu": 1,
        }
        or sum(kinds.values()) == 118
    )


def test_the_cash_of_all_rows_is_the_sum_of_the_amount_column() -> None:
    with (FILES / "schwab_many_actions.csv").open(encoding="utf-8") as lines:
        amounts = [
            line["Amount"].replace("$", "").replace(",", "") for line in csv.DictReader(lines)
        ]
    stated = sum(Decimal(amount) for amount in amounts[:-1] if amount)
    read_ = sum(
        net_cash(draft) or Decimal(0) for draft in drafts(sample("schwab_many_actions.csv"))
    )
    assert read_ == stated


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("11/01/2023,Reinvest Shares,SPY,SPDR,1.6531,$420.10,,-$694.48",
         "buy/reinvestment 2023-11-01 SPY 1.6531@420.1 | -694.48USD - -"),
        ("10/31/2023,Reinvest Dividend,SPY,SPDR,,,,$694.48",
         "dividend/reinvestment 2023-10-31 SPY -@- | 694.48USD - -"),
        ('10/16/2023,Reinvest Dividend,SNSXX,MONEY,,,,"$1,259.59"',
         "dividend/reinvestment 2023-10-16 SNSXX -@- | 1259.59USD - -"),
        ("10/30/2023,Credit Interest,,SCHWAB1 INT,,,,$1.63",
         "interest/cash 2023-10-30 - -@- | 1.63USD - -"),
        ("09/25/2023,Cash Dividend,SCHB,SCHWAB US,,,,$101.57",
         "dividend 2023-09-25 SCHB -@- | 101.57USD - -"),
        ("09/29/2023,Non-Qualified Div,ARCC,ARES,,,,$177.70",
         "dividend/ordinary 2023-09-29 ARCC -@- | 177.7USD - -"),
        ("06/20/2023,Special Non Qual Div,TSLX,SIXTH,,,,$11.41",
         "dividend/special 2023-06-20 TSLX -@- | 11.41USD - -"),
        ("01/31/2025,Pr Yr Cash Div,SPY,SPDR,,,,$5.90",
         "dividend 2025-01-31 SPY -@- | 5.9USD - -"),
        ("03/28/2023,Long Term Cap Gain Reinvest,DGLRX,BNY,,,,$99.02",
         "capital_gain_distribution/long_term 2023-03-28 DGLRX -@- | 99.02USD - -"),
        ("08/24/2023,Advisor Fee,,TO ADVISOR,,,,-$519.67",
         "fee/advisory 2023-08-24 - -@- | - 519.67USD -"),
        ("09/06/2024,ADR Mgmt Fee,IBN,ICICI,,,,-$0.50",
         "fee/adr 2024-09-06 IBN -@- | - 0.5USD -"),
        ("09/06/2024,Foreign Tax Paid,IBN,ICICI,,,,-$1.30",
         "tax/withholding 2024-09-06 IBN -@- | - - 1.3USD"),
        ("09/06/2024,Foreign Tax Reclaim,IBN,ICICI,,,,$1.30",
         "tax/withholding 2024-09-06 IBN -@- | - - -1.3USD"),
        ('08/22/2023,Sell,FIHBX,FEDERATED,592.199,$8.46,$10.00,"$5,000.00"',
         "sell 2023-08-22 FIHBX -592.199@8.46 | 5010USD 10USD -"),
        ("06/13/2024,Buy,AVGO,BROADCOM,1,$1680.00,,-$1680.00",
         "buy 2024-06-13 AVGO 1@1680 | -1680USD - -"),
        ("10/18/2023,Wire Sent,,WIRED,,,,-$100000.00",
         "withdrawal 2023-10-18 - -@- | -100000USD - -"),
        ("11/07/2023,Internal Transfer,,TDA TO DW&O,,,,$7.06",
         "deposit 2023-11-07 - -@- | 7.06USD - -"),
        ("05/22/2023,Journaled Shares,DGLRX,BNY,-877,$22.91,,",
         "transfer_out/journal 2023-05-22 DGLRX -877@22.91 | - - -"),
        ("05/22/2023,Security Transfer,DGLRX,BNY,877,,,",
         "transfer_in/journal 2023-05-22 DGLRX 877@- | - - -"),
        ("08/28/2023,Stock Div Dist,AMC,AMC ENT,4,,,",
         "dividend/stock 2023-08-28 AMC 4@- | - - -"),
        ("08/22/2022 as of 08/19/2022,Spin-off,APE,AMC PFD,344,,,",
         "spin_off 2022-08-19 APE 344@- | - - -"),
        ("07/26/2021,Stock Merger,LCID,LUCID,50,,,",
         "merger/stock 2021-07-26 LCID 50@- | - - -"),
        ("07/26/2021,Stock Merger,171439102,CHURCHILL,-50,,,",
         "merger/stock 2021-07-26 171439102 -50@- | - - -"),
        ('04/30/2021,Name Change,NEWH,NEWHYDROGEN,"1,000",,,',
         "name_change 2021-04-30 NEWH 1000@- | - - -"),
        ("08/25/2023,Conversion,00165C203,AMC PFD,-344,,,",
         "merger/stock 2023-08-25 00165C203 -344@- | - - -"),
        ("10/14/2024 as of 10/10/2024,Cash In Lieu,SCHB,SCHWAB,,,,$5.49",
         "cash_in_lieu 2024-10-10 SCHB -@- | 5.49USD - -"),
        ('05/01/2025,Full Redemption,912796XX1,US TREASURY BILL,,,,"$10,000.00"',
         "merger/maturity 2025-05-01 912796XX1 -@- | 10000USD - -"),
        ("05/01/2025,Full Redemption Adj,912796XX1,US TREASURY BILL,-10000,,,",
         "merger/maturity 2025-05-01 912796XX1 -10000@- | - - -"),
        ("05/01/2025,Bond Interest,912796XX1,US TREASURY,,,,$25.00",
         "interest/bond 2025-05-01 912796XX1 -@- | 25USD - -"),
        ("05/01/2025,Stock Plan Activity,ZQX,ZQX INC,12,,,",
         "reward/stock 2025-05-01 ZQX 12@- | - - -"),
        ("05/01/2025,Assigned,ZQX 05/16/2025 45.00 C,CALL,1,,,",
         "option_assignment 2025-05-01 ZQX 05/16/2025 45.00 C 1@-x100 | - - -"),
        ("05/01/2025,Exchange or Exercise,ZQX 05/16/2025 45.00 C,CALL,-1,,,",
         "option_exercise 2025-05-01 ZQX 05/16/2025 45.00 C -1@-x100 | - - -"),
    ],
)  # fmt: skip
def test_an_action(cells: str, expected: str) -> None:
    (draft,) = schwab_row(cells).drafts
    assert said(draft) == expected


def test_a_split_states_the_units_that_were_added_and_its_effective_day() -> None:
    (draft,) = schwab_row(
        "07/15/2024 as of 07/12/2024,Stock Split,AVGO,BROADCOM,9,$170.067,,"
    ).drafts
    assert said(draft) == "split 2024-07-12 AVGO 9@170.067 | - - -"
    assert str(draft.settlement_date) == "2024-07-15"


def test_the_two_rows_of_a_reverse_split_are_one_split() -> None:
    lines = (
        "06/10/2024,Reverse Split,TNXP,TONIX PHARMA HLDGS,25,,,",
        "06/10/2024,Reverse Split,OTHR,OTHER CORP,5,,,",
        "06/10/2024,Reverse Split,890260854,TONIX PHARMA HLDGS XXXREVERSE SPLIT EFF,-800,,,",
        "06/10/2024,Reverse Split,68999A101,OTHER CORP XXXREVERSE SPLIT EFF,-50,,,",
    )
    file = read("\n".join([SCHWAB_HEADER, *lines]))
    assert told(file) == {
        2: ["split/reverse 2024-06-10 TNXP -@- ratio 0.03125 | - - -"],  # 25 / 800
        3: ["split/reverse 2024-06-10 OTHR -@- ratio 0.1 | - - -"],  # 5 / 50
        4: ["skipped paired"],
        5: ["skipped paired"],
    }


def test_one_reverse_split_on_a_day_is_paired_whatever_the_names() -> None:
    lines = (
        "06/10/2024,Reverse Split,NEWX,BRAND NEW NAME,10,,,",
        "06/10/2024,Reverse Split,890260854,FORMER NAME,-40,,,",
    )
    assert told(read("\n".join([SCHWAB_HEADER, *lines])))[2] == [
        "split/reverse 2024-06-10 NEWX -@- ratio 0.25 | - - -"
    ]


def test_half_a_reverse_split_is_kept_for_review_not_counted_as_new_units() -> None:
    found = schwab_row("06/10/2024,Reverse Split,TNXP,TONIX PHARMA HLDGS,25,,,")
    assert found.reason_code == "unpaired_split"
    assert [draft.kind.value for draft in found.drafts] == ["unknown"]


def test_options_in_both_notations_and_short_sales() -> None:
    assert told(sample("schwab_options_and_shorts.csv")) == {
        4: ["option_expiry 2025-12-19 SPY 12/19/2025 500.00 P 1@-x100 | - - -"],
        5: ["sell/to_close 2025-12-01 SPY 251219C00600000 -2@4.1x100 | 820USD 1.32USD -"],
        6: ["buy/to_open 2025-11-03 SPY 251219C00600000 2@3.25x100 | -650USD 1.32USD -"],
        7: ["sell/to_open 2025-11-03 SPY 12/19/2025 500.00 P -1@1.5x100 | 150USD 0.66USD -"],
        8: ["buy/short_cover 2025-10-06 ZQX 100@41 | -4100USD - -"],
        9: ["sell/short_open 2025-09-02 ZQX -100@45.5 | 4550USD 0.05USD -"],
        10: ["interest/margin 2025-08-15 - -@- | -12.34USD - -"],
        11: ["unknown 2025-08-01 - -@- | 5USD - -"],
    }


def test_an_unknown_action_is_kept_for_review_with_its_words() -> None:
    found = row(sample("schwab_options_and_shorts.csv"), 11)
    assert (found.status, found.reason_code) == (RowStatus.IMPORTED, "unknown_action")
    assert found.drafts[0].note == "Quantum Leap Credit"


def test_the_column_order_of_other_years() -> None:
    assert told(sample("schwab_cash_merger.csv")) == {
        2: ["merger/cash 2021-03-02 FOO -@- | 1000USD - -"],
        3: ["merger/cash 2021-03-02 FOO -100@- | - - -"],
        4: ["buy 2021-03-02 FOO 100@25 | -2500USD 6USD -"],
        5: ["deposit 2016-07-01 - -@- | 10USD - -"],
        6: ["withdrawal 2016-05-01 - -@- | -10USD - -"],
        7: ["deposit 2016-03-01 - -@- | 2506USD - -"],
    }


def test_prices_rounded_by_the_broker_raise_no_warning() -> None:
    file = sample("schwab_quoted.csv")
    assert [found.reason_code for found in file.rows] == [None] * 7
    # 300 * 135.0075 = 40502.25; with 1.34 of fees the broker prints 40503.61, two cents off
    assert (
        said(row(file, 3).drafts[0]) == "buy 2023-10-09 BAR 300@135.0075 | -40502.27USD 1.34USD -"
    )


def test_an_amount_that_does_not_fit_quantity_and_price_is_a_warning() -> None:
    found = schwab_row("06/13/2024,Buy,AVGO,BROADCOM,1,$1680.00,,-$168.00")
    assert (found.status, found.reason_code) == (RowStatus.IMPORTED, "amount_mismatch")
    assert found.message == "amount 168.00 is not quantity * price = 1680.00"


@pytest.mark.parametrize(
    ("figures", "is_warned"),
    [
        ("10,$25,,-$250.01", False),
        ("10,$25,,-$250.10", True),  # 10 * 0.005 of a rounded price and 0.015 make 0.065
        ("10,$25,,-$250.06", False),
        ("1.5,$100.00,,-$152.00", False),  # units printed to one place: 0.05 * 100
        ("1.500,$100.00,,-$152.00", True),
        ("1,$3.00,,-$3.40", True),
    ],
)
def test_only_rounding_excuses_a_difference(figures: str, is_warned: bool) -> None:
    found = schwab_row(f"06/13/2024,Buy,ZQX,ZQX,{figures}")
    assert (found.reason_code == "amount_mismatch") is is_warned


def test_a_currency_column_is_honored_and_an_unknown_currency_refused() -> None:
    header = f"{SCHWAB_HEADER},Currency"
    (found,) = read(f"{header}\n06/13/2024,Cash Dividend,ZQX,ZQX,,,,5,EUR\n").rows
    assert said(found.drafts[0]) == "dividend 2024-06-13 ZQX -@- | 5EUR - -"
    (found,) = read(f"{header}\n06/13/2024,Cash Dividend,ZQX,ZQX,,,,5,XQQ\n").rows
    assert (found.reason_code, found.column) == ("unknown_currency", "Currency")


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ("06/13/2024,Buy,ZQX,ZQX,NaN,$1,,-$1", "not_a_number", "Quantity"),
        ("06/13/2024,Buy,ZQX,ZQX,1,1e3000000,,-$1", "not_a_number", "Price"),
        ("06/13/2024,Buy,ZQX,ZQX,1,$1,,=1+1", "formula", "Amount"),
        ("06/13/2024,Buy,ZQX,ZQX,1,$1,@SUM(A1),-1", "formula", "Fees & Comm"),
        ("06/13/24,Buy,ZQX,ZQX,1,$1,,-$1", "two_digit_year", "Date"),
        ("06/13/2031,Buy,ZQX,ZQX,1,$1,,-$1", "date_in_future", "Date"),
        ("13/06/2024,Buy,ZQX,ZQX,1,$1,,-$1", "not_a_date", "Date"),
        (",Buy,ZQX,ZQX,1,$1,,-$1", "date_missing", "Date"),
        ("06/13/2024,Buy,,ZQX,1,$1,,-$1", "cell_missing", "Symbol"),
        ("06/13/2024,Buy,ZQX,ZQX,,$1,,-$1", "cell_missing", "Quantity"),
        ("06/13/2024,Buy,ZQX,ZQX,1,$1,,9999999999999999", "number_too_large", "Amount"),
    ],
)
def test_a_bad_cell_fails_its_row_and_names_it(cells: str, reason: str, column: str) -> None:
    found = schwab_row(cells)
    assert (found.status, found.reason_code, found.column) == (RowStatus.FAILED, reason, column)
    assert found.message is not None
    assert found.message.startswith(f"row 2, {column}: ")
    assert found.drafts == ()
    assert found.original["Action"] == "Buy"


def test_a_formula_in_a_text_cell_stays_text() -> None:
    found = schwab_row("06/13/2024,Buy,ZQX,=HYPERLINK(1),1,$1,,-$1")
    (draft,) = found.drafts
    assert draft.instrument is not None
    assert draft.instrument.name == "=HYPERLINK(1)"
