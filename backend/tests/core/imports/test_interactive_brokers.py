"""Interactive Brokers: activity statement, transaction history, Flex query in XML and in CSV."""

import pytest

from tests.core.imports.samples import FILES, drafts, read, row, said, sample, told
from truenav.core.errors import UnreadableFile
from truenav.core.imports.ibkr_words import corporate_action, number
from truenav.core.imports.parsed import CellError
from truenav.core.ledger.transactions import AssetClass

SPLIT_IN_TEN = [
    "split/reverse 2025-07-09 ZQX.OLD -@- ratio 0.1 | - - -",
    "name_change 2025-07-09 ZQX.OLD -75@- | - - -",
    "name_change 2025-07-09 ZQX 75@- | - - -",
]


def test_an_activity_statement_counts_every_trade_once() -> None:
    file = sample("ibkr_activity.csv")
    assert (file.format, file.broker) == ("ibkr_activity_csv", "Interactive Brokers")
    assert told(file) == {
        10: ["buy 2025-02-03 ZQX 1500@41.2 | -61800USD 7.5USD -"],
        11: ["skipped detail"],
        12: ["skipped detail"],
        13: ["sell 2025-03-03 ZQX -500@44 | 22000USD 2.75USD -"],
        14: ["skipped detail"],
        15: ["skipped total"],
        16: ["skipped total"],
        17: ["buy/to_open 2025-03-04 ZQX 20JUN25 45 C 2@1.55x100 | -310USD 1.3USD -"],
        18: ["option_expiry/to_close 2025-06-20 ZQX 20JUN25 45 C -2@0x100 | 0USD - -"],
        # the commission column of conversions is in the base currency
        20: [
            "fx_conversion 2025-02-01 - -@- | 63000USD - - for -60000EUR",
            "fee/commission 2025-02-01 - -@- | - 1.9EUR -",
        ],
        22: ["dividend/ordinary 2025-05-15 ZQX -@- | 250USD - -"],
        23: ["return_of_capital 2025-05-15 ZQX -@- | 50USD - -"],
        24: ["skipped subtotal"],
        25: ["skipped subtotal"],
        27: ["tax/withholding 2025-05-15 ZQX -@- | - - 37.5USD"],
        28: ["skipped subtotal"],
        30: ["fee 2025-04-03 - -@- | - 9.5EUR -"],
        31: ["skipped subtotal"],
        33: ["interest/margin 2025-04-03 - -@- | -1.23EUR - -"],
        34: ["skipped subtotal"],
        36: ["deposit 2025-01-31 - -@- | 60500EUR - -"],
        37: ["withdrawal 2025-07-01 - -@- | -100EUR - -"],
        38: ["skipped subtotal"],
        40: ["transfer_out 2025-07-02 ZQX -250@- | - - -"],
        41: ["skipped subtotal"],
        43: ["skipped paired"],
        44: SPLIT_IN_TEN,
        45: ["skipped subtotal"],
        47: ["skipped section_not_read"],
    }


def test_the_statement_names_isin_exchange_and_multiplier_elsewhere() -> None:
    file = sample("ibkr_activity.csv")
    stock = row(file, 10).drafts[0].instrument
    assert stock is not None
    assert (stock.isin, stock.exchange, stock.asset_class) == (
        "US9900000013",
        "NYSE",
        AssetClass.EQUITY,
    )
    split, leaves, arrives = row(file, 44).drafts
    assert [d.instrument.isin for d in (split, leaves, arrives) if d.instrument] == [
        "US9900000013",
        "US9900000013",
        "US9900000021",
    ]


def test_where_only_executions_are_listed_they_count() -> None:
    text = (FILES / "ibkr_activity.csv").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if ",Order,Stocks" not in line)
    text = text.replace(",Order,", ",ClosedLot,")
    bought = [said(d) for d in drafts(read(text)) if d.kind.value == "buy"]
    assert bought == [
        "buy 2025-02-03 ZQX 1000@41.2 | -41200USD 5USD -",
        "buy 2025-02-03 ZQX 500@41.2 | -20600USD 2.5USD -",
    ]


def test_a_transaction_history_is_in_the_base_currency() -> None:
    file = sample("ibkr_transaction_history.csv")
    assert told(file) == {
        11: ["dividend 2025-11-03 VT -@- | 20GBP - -"],
        12: ["tax/withholding 2025-11-03 VT -@- | - - 3GBP"],
        13: ["adjustment/cash 2025-11-30 - -@- | 0.55GBP - -"],
        14: ["dividend/in_lieu 2025-10-01 IBKR -@- | 1GBP - -"],
        15: ["tax/withholding 2025-10-01 IBKR -@- | - - 0.15GBP"],
        16: ["adjustment/cash 2025-10-01 - -@- | -0.0002637591265GBP - -"],
        17: ["sell 2025-08-15 CNX1 -2@1001 | 2002GBP 3GBP -"],
        18: ["buy 2025-03-15 CNX1 4@1000 | -4000GBP 3GBP -"],
        19: ["tax/withholding 2025-02-08 - -@- | - - -3.9GBP"],
        20: ["tax/withholding 2025-02-01 - -@- | - - 3.9GBP"],
        21: ["interest/cash 2025-02-01 - -@- | 13GBP - -"],
        22: ["deposit 2025-01-01 - -@- | 5000GBP - -"],
    }
    assert file.source_accounts == ("U***00000",)


def test_a_price_in_another_currency_than_the_amounts_is_left_out() -> None:
    text = (FILES / "ibkr_transaction_history.csv").read_text(encoding="utf-8")
    text = text.replace("Price,Gross Amount ", "Price,Price Currency,Gross Amount ")
    text = text.replace("CNX1,4.0,1000.0,", "CNX1,4.0,1250.0,USD,")
    text = text.replace("CNX1,-2.0,1001.00,", "CNX1,-2.0,1001.00,GBP,")
    bought, sold = (row(read(text), number).drafts[0] for number in (18, 17))
    assert said(bought) == "buy 2025-03-15 CNX1 4@- | -4000GBP 3GBP -"
    assert said(sold) == "sell 2025-08-15 CNX1 -2@1001 | 2002GBP 3GBP -"


def test_a_flex_query_counts_executions_and_details_once() -> None:
    file = sample("ibkr_flex.xml")
    assert file.format == "ibkr_flex_xml"
    assert file.source_accounts == ("U0000001",)
    assert file.notices == ("elements that are not transactions: 1 Lot",)
    assert told(file) == {
        1: ["skipped detail_level"],
        2: ["buy 2025-02-03 ZQX 1000@41.2 | -41200USD 5USD -"],
        3: [
            "buy 2025-02-03 ZQX 500@41.2 | -20600USD - 1.5USD",
            "fee/commission 2025-02-03 ZQX -@- | - 2.5CHF -",
        ],
        4: [
            "fx_conversion 2025-02-04 - -@- | 140.9268USD - - for -133EUR",
            "fee/commission 2025-02-04 - -@- | - 2CHF -",
        ],
        5: ["option_expiry/to_close 2025-06-20 ZQX 250620C00045000 -2@0x100 | 0USD - -"],
        6: ["skipped summary"],
        7: ["interest/cash 2025-02-05 - -@- | 0.02USD - -"],
        8: ["dividend/ordinary 2025-05-15 ZQX -@- | 375USD - -"],
        9: ["tax/withholding 2025-05-15 ZQX -@- | - - 56.25USD"],
        10: ["tax/withholding 2025-05-15 ZQX -@- | - - -56.25USD"],
        11: ["withdrawal 2025-06-01 - -@- | -500CHF - -"],
        12: ["unknown 2025-06-02 - -@- | 7CHF - -"],
        13: ["skipped paired"],
        14: [
            "split/reverse 2025-06-17 ZQX.OLD -@- ratio 0.04 | - - -",
            "name_change 2025-06-17 ZQX.OLD -60@- | - - -",
            "name_change 2025-06-17 ZQX 60@- | - - -",
        ],
        15: ["split 2025-06-18 FWD -@- ratio 4 | - - -"],
        16: ["merger 2025-06-19 MRG -100@- | 286CAD - -"],
        17: ["transfer_in 2025-07-01 FWD 40@10 | - - -"],
        18: ["withdrawal 2025-07-02 - -@- | -75.5USD - -"],
    }


def test_the_brokers_ids_are_kept() -> None:
    file = sample("ibkr_flex.xml")
    references = [
        draft.broker_reference for number in (2, 3, 8) for draft in row(file, number).drafts
    ]
    assert references == ["71", "72", "72-fee", "202"]


def flex(body: str, statement: str = "") -> str:
    """A Flex response around some elements."""
    head = '<FlexQueryResponse queryName="Q"><FlexStatements><FlexStatement accountId="U1"'
    return f"{head} {statement}>{body}</FlexStatement></FlexStatements></FlexQueryResponse>"


ORDER = (
    '<Order assetCategory="STK" currency="USD" symbol="ZQX" tradeDate="{day}" quantity="10"'
    ' tradePrice="5" proceeds="-50" buySell="BUY" levelOfDetail="ORDER" />'
)


def test_orders_count_where_a_query_has_no_executions() -> None:
    assert told(read(flex(ORDER.format(day="20250203")))) == {
        1: ["buy 2025-02-03 ZQX 10@5 | -50USD - -"]
    }


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("02/03/2025", "02/13/2025"), ["2025-02-03", "2025-02-13"]),
        (("02/03/2025", "13/03/2025"), ["2025-03-02", "2025-03-13"]),
        (("02/03/2025", "03/03/2025"), ["date_ambiguous", "2025-03-03"]),
        (("02/03/25", "20250213"), ["two_digit_year", "2025-02-13"]),
    ],
)
def test_the_date_format_of_a_query_must_be_provable(
    days: tuple[str, str], expected: list[str]
) -> None:
    file = read(flex("".join(ORDER.format(day=day) for day in days)))
    found = [r.reason_code or str(r.drafts[0].trade_date) for r in file.rows]
    assert found == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            (
                '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
                '<!ENTITY lol2 "&lol;&lol;&lol;">]><FlexQueryResponse>&lol2;</FlexQueryResponse>'
            ),
            "entities",
        ),
        (
            (
                '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                "<FlexQueryResponse>&x;</FlexQueryResponse>"
            ),
            "entities",
        ),
        ("<FlexQueryResponse><FlexStatements>", "broken"),
        ("<FlexQueryResponse></FlexQueryResponse>", "no rows"),
        (flex('<AccountInformation currency="QQQ"/><Trade quantity="1"/>'), "not a currency"),
    ],
)
def test_xml_that_is_refused(content: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(content)


def test_what_the_xml_declares_about_its_bytes_no_longer_holds() -> None:
    body = '<CashTransaction type="Dividends" currency="USD" dateTime="20250203" amount="1" description="Köln"/>'  # noqa: E501
    text = '<?xml version="1.0" encoding="UTF-16"?>' + flex(body)
    (draft,) = drafts(read(text))
    assert draft.note == "Köln"


@pytest.mark.parametrize(
    ("attributes", "reason", "column"),
    [
        ('quantity="NaN"', "not_a_number", "quantity"),
        ('quantity="1" tradePrice="1E99999999" tradeDate="20250203"', "not_a_number", "tradePrice"),
        ('quantity="1" currency="ZZZ"', "unknown_currency", "currency"),
        ('quantity="1" tradePrice="1"', "date_missing", "dateTime"),
        ('quantity="1" tradePrice="1" tradeDate="20310101"', "date_in_future", "tradeDate"),
    ],
)
def test_a_bad_attribute_fails_its_row(attributes: str, reason: str, column: str) -> None:
    (found,) = read(flex(f'<Trade symbol="ZQX" {attributes}/>')).rows
    assert (found.reason_code, found.column) == (reason, column)


def test_a_flex_query_of_trades_in_csv() -> None:
    file = sample("ibkr_flex_trades.csv")
    assert file.format == "ibkr_flex_csv"
    assert told(file)[2] == ["buy 2023-05-22 CH0111762537 7@282.7 | -1978.9CHF 5CHF -"]
    assert told(file)[6] == ["buy 2023-08-03 US9220427424 1@97.84 | -97.84USD 0.979USD -"]
    # the query lacks Symbol, so the currency sold for 8,938.40 dollars is not stated
    assert told(file)[10] == [
        "unknown 2023-05-22 - -@- | 8938.4USD - -",
        "fee/commission 2023-05-22 - -@- | - 1.79924CHF -",
    ]
    assert row(file, 10).reason_code == "unknown_action"


def test_a_flex_query_of_cash_in_csv() -> None:
    file = sample("ibkr_flex_dividends.csv")
    assert told(file)[2] == ["dividend/ordinary 2023-06-23 VT -@- | 137.23USD - -"]
    assert told(file)[3] == ["tax/withholding 2023-09-13 CH0111762537 -@- | - - 14.68CHF"]
    assert told(file)[7] == ["return_of_capital 2023-09-13 SMMCHA -@- | 4.83CHF - -"]
    assert told(file)[11] == ["dividend/in_lieu 2025-06-25 4543.T -@- | 455JPY - -"]


def test_flex_csv_names_its_columns_as_the_person_chose_them() -> None:
    header = "ClientAccountID,AssetClass,Symbol,Buy/Sell,TradeDate,Quantity,TradePrice,CurrencyPrimary,LevelOfDetail"  # noqa: E501
    file = read(
        f"{header}\n"
        "U1,STK,ZQX,SELL,20250203,10,5,USD,EXECUTION\n"
        "U1,STK,ZQX,SELL,20250203,10,5,USD,ORDER\n"
        f"{header}\n"
        "U1,CASH,EUR.USD,BUY,20250204,100,1.05,USD,EXECUTION\n"
    )
    assert told(file) == {
        2: ["sell 2025-02-03 ZQX -10@5 | 50USD - -"],
        3: ["skipped detail_level"],
        4: ["skipped header"],
        5: ["fx_conversion 2025-02-04 - -@- | -105USD - - for 100EUR"],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AAPL(US0378331005) SPLIT 4 FOR 1 (AAPL, APPLE INC, US0378331005)", "split - 4"),
        ("X(US0000000000) Split 1 for 8 (X, X, US0000000000)", "split reverse 0.125"),
        ("X(US0000000000) Split 1 for 0", "adjustment - -"),
        ("X(US0000000000) SPINOFF  1 FOR 5 (Y, Y INC, US0000000000)", "spin_off - -"),
        ("X(US0000000000) Stock Dividend 5 FOR 100", "dividend stock -"),
        ("X(US0000000000) CUSIP/ISIN Change to (US1111111111)", "name_change - -"),
        ("(US0000000000) Delisted", "worthless - -"),
        ("(US0000000000) Bond Maturity", "sell maturity -"),
    ],
)
def test_what_the_description_of_a_corporate_action_says(text: str, expected: str) -> None:
    kind, sub_kind, ratio = corporate_action(text, number("1", "quantity"))
    shown = f"{ratio.normalize():f}" if ratio is not None else "-"
    assert f"{kind.value} {sub_kind.value if sub_kind else '-'} {shown}" == expected


def test_tiny_rests_may_have_an_exponent_and_nothing_else() -> None:
    assert str(number("-2.637591265E-4", "Gross")) == "-0.000263759126500000"
    for text in ("1E3", "1e-3000000", "1E-100", "12E-4"):
        with pytest.raises(CellError):
            number(text, "Gross")
