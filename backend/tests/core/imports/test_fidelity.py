"""Fidelity: free-text actions, bonds per 100, options, several accounts, closing text."""

from decimal import Decimal

import pytest

from tests.core.imports.samples import drafts, read, row, said, sample, told
from truenav.core.imports.parsed import RowStatus
from truenav.core.ledger.transactions import AssetClass

HEADER = "Run Date,Action,Symbol,Description,Type,Quantity,Price ($),Commission ($),Fees ($),Accrued Interest ($),Amount ($),Settlement Date"  # noqa: E501 - as the broker prints it


def test_one_account_with_blank_lines_before_and_a_disclaimer_after() -> None:
    file = sample("fidelity_single.csv")
    assert (file.format, file.broker) == ("fidelity_csv", "Fidelity")
    assert told(file) == {
        4: ["sell/to_open 2025-12-15 ZQX260116C50 -1@1.2x100 | 120USD 0.68USD -"],
        # 10,000 of face value at 101.5 % and 34.25 of interest accrued since the last coupon
        5: [
            "sell 2025-12-10 850000AB1 -10000@1.015 | 10150USD - -",
            "interest/bond 2025-12-10 850000AB1 -@- | 34.25USD - -",
        ],
        6: ["buy/reinvestment 2025-12-05 SPAXX 12.34@1 | -12.34USD - -"],
        7: ["dividend 2025-12-05 SPAXX -@- | 12.34USD - -"],
        8: ["buy 2025-12-04 SPAXX 1000@1 | -1000USD - -"],
        9: ["capital_gain_distribution/long_term 2025-12-03 ZQXGX -@- | 88.08USD - -"],
        10: ["deposit 2025-12-02 - -@- | 2500USD - -"],
        11: ["buy 2025-12-01 ZQX 10@41.5 | -415USD 4.95USD -"],
        15: ["skipped footer"],
        16: ["skipped footer"],
        17: ["skipped footer"],
        19: ["skipped footer"],
    }
    assert [found.reason_code for found in file.rows[:8]] == [None] * 8


def test_several_accounts_in_one_file() -> None:
    file = sample("fidelity_multi.csv")
    assert file.source_accounts == ("100000001", "200000002")
    assert "2 accounts" in file.notices[0]
    assert told(file) == {
        2: ["buy 2025-11-03 ZQX 40@20.25 | -810USD - -"],
        3: ["tax/withholding 2025-11-04 ZQX -@- | - - 3.25USD"],
        4: ["withdrawal 2025-11-05 - -@- | -100USD - -"],
        5: ["deposit 2025-11-05 - -@- | 100USD - -"],
        # 50,151.44 paid, of which 285.69 is interest; 90.67 is rounded, so no warning
        6: [
            "buy 2025-11-06 412000AA4 55000@0.9067 | -49865.75USD - -",
            "interest/bond 2025-11-06 412000AA4 -@- | -285.69USD - -",
        ],
        7: ["sell/maturity 2025-11-07 442440AA2 -25000@1 | 25000USD - -"],
        13: ["skipped footer"],
    }
    assert row(file, 6).reason_code is None


def test_a_bond_is_known_by_its_cusip() -> None:
    bond = row(sample("fidelity_multi.csv"), 6).drafts[0].instrument
    assert bond is not None
    assert (bond.cusip, bond.asset_class) == ("412000AA4", AssetClass.BOND)


def test_an_export_whose_cells_stand_one_column_off_is_read_all_the_same() -> None:
    (draft,) = drafts(sample("fidelity_shifted.csv"))
    assert said(draft) == "buy 2025-11-03 ZQX 40@20.25 | -810USD - -"


@pytest.mark.parametrize(
    ("action", "cells", "expected"),
    [
        ("YOU BOUGHT CLOSING TRANSACTION PUT (ZQX)", "-ZQX260116P50,X,Margin,1,2,0.65,,,-200.65,",
         "buy/to_close 2025-12-01 ZQX260116P50 1@2x100 | -200USD 0.65USD -"),
        ("YOU SOLD SHORT SALE ZQX INC", "ZQX,ZQX,Short,-10,5,,,,50,",
         "sell/short_open 2025-12-01 ZQX -10@5 | 50USD - -"),
        ("YOU BOUGHT SHORT COVER ZQX INC", "ZQX,ZQX,Short,10,4,,,,-40,",
         "buy/short_cover 2025-12-01 ZQX 10@4 | -40USD - -"),
        ("EXPIRED CALL (ZQX) ZQX INC", "-ZQX260116C50,X,Margin,-1,,,,,,",
         "option_expiry 2025-12-01 ZQX260116C50 -1@-x100 | - - -"),
        ("ASSIGNED CALL (ZQX) ZQX INC", "-ZQX260116C50,X,Margin,1,,,,,,",
         "option_assignment 2025-12-01 ZQX260116C50 1@-x100 | - - -"),
        ("SHORT-TERM CAP GAIN ZQX", "ZQX,ZQX,Cash,,,,,,3.5,",
         "capital_gain_distribution/short_term 2025-12-01 ZQX -@- | 3.5USD - -"),
        ("RETURN OF CAPITAL ZQX", "ZQX,ZQX,Cash,,,,,,3.5,",
         "return_of_capital 2025-12-01 ZQX -@- | 3.5USD - -"),
        ("MARGIN INTEREST @ 8%", ",No Description,Margin,,,,,,-3.5,",
         "interest/margin 2025-12-01 - -@- | -3.5USD - -"),
        ("ADVISORY FEE Q4", ",No Description,Cash,,,,,,-12,",
         "fee/advisory 2025-12-01 - -@- | - 12USD -"),
        ("REDEMPTION FROM CORE ACCOUNT", "SPAXX,SPAXX,Cash,-500,1,,,,500,",
         "sell 2025-12-01 SPAXX -500@1 | 500USD - -"),
        ("IN LIEU OF FRX SHARE LEU PAYOUT", "ZQX,ZQX,Cash,,,,,,7.1,",
         "cash_in_lieu 2025-12-01 ZQX -@- | 7.1USD - -"),
        ("TRANSFER OF ASSETS ACAT RECEIVE", "ZQX,ZQX,Cash,30,,,,,,",
         "transfer_in/journal 2025-12-01 ZQX 30@- | - - -"),
        ("Check Paid # 9999", ",No Description,Cash,,,,,,-612.5,",
         "withdrawal 2025-12-01 - -@- | -612.5USD - -"),
        ("MYSTERIOUS EVENT", ",No Description,Cash,,,,,,1,",
         "unknown 2025-12-01 - -@- | 1USD - -"),
    ],
)  # fmt: skip
def test_a_free_text_action(action: str, cells: str, expected: str) -> None:
    (found,) = read(f"{HEADER}\n12/01/2025, {action},{cells}\n").rows
    assert [said(draft) for draft in found.drafts] == [expected]


def test_a_settlement_a_few_days_ahead_is_fine_and_a_year_ahead_is_not() -> None:
    line = "01/02/2026, YOU BOUGHT ZQX,ZQX,ZQX,Cash,1,5,,,,-5,"
    (found,) = read(f"{HEADER}\n{line}01/06/2026\n").rows
    assert str(found.drafts[0].settlement_date) == "2026-01-06"
    (found,) = read(f"{HEADER}\n{line}01/06/2027\n").rows
    assert (found.reason_code, found.column) == ("date_in_future", "Settlement Date")


def test_a_row_with_figures_but_no_action_is_no_footer() -> None:
    (found,) = read(f"{HEADER}\n12/01/2025,,ZQX,ZQX,Cash,1,5,,,,-5,\n").rows
    assert (found.status, found.column) == (RowStatus.FAILED, "Action")


def test_commission_and_fees_are_one_cost() -> None:
    (found,) = read(
        f"{HEADER}\n12/01/2025, YOU SOLD ZQX,ZQX,ZQX,Cash,-10,5,4.95,0.02,,45.03,\n"
    ).rows
    (draft,) = found.drafts
    assert draft.fee is not None
    assert draft.fee.amount == Decimal("4.97")
    assert said(draft) == "sell 2025-12-01 ZQX -10@5 | 50USD 4.97USD -"
