"""Single rows of brokers' files: quirks that the samples do not show, or show among much else."""

# ruff: noqa: E501 - headers and rows as brokers print them

import pytest

from tests.core.imports.samples import (
    broker_file,
    drafts,
    read,
    read_as,
    row,
    said,
    told,
)
from truenav.core.imports.parsed import ParsedFile, RowStatus
from truenav.core.ledger.transactions import AssetClass

SWISSQUOTE = "Date;Order #;Transaction;Symbol;Name;ISIN;Quantity;Unit price;Costs;Accrued Interest;Net Amount;Balance;Currency"
TRADING212 = "Action,Time,ISIN,Ticker,Name,No. of shares,Price / share,Currency (Price / share),Exchange rate"
DEGIRO = "Datum,Tijd,Valutadatum,Product,ISIN,Omschrijving,FX,Mutatie,,Saldo,,Order Id"
KRAKEN = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance"
ROBINHOOD = (
    "Activity Date,Process Date,Settle Date,Instrument,Description,Trans Code,Quantity,Price,Amount"
)
WEALTHSIMPLE = "transaction_date,settlement_date,account_id,account_type,activity_type,activity_sub_type,direction,symbol,name,currency,quantity,unit_price,commission,net_cash_amount"
TOS = "DATE,TIME,TYPE,REF #,DESCRIPTION,Misc Fees,Commissions & Fees,AMOUNT,BALANCE"
COINBASE = "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"
ETORO = "Date,Type,Details,Amount,Units,Realized Equity Change,Realized Equity,Balance,Position ID,Asset type,NWA"
XTB = "ID;Type;Time;Symbol;Comment;Amount"
HL = "Trade date,Settle date,Reference,Description,Unit cost (p),Quantity,Value (£),"
TR = "datetime,date,account_type,category,type,asset_class,name,symbol,shares,price,amount,fee,tax,currency,transaction_id"
CRYPTO = "Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,Native Amount (in USD),Transaction Kind,Transaction Hash"


def file_of(header: str, *rows: str) -> ParsedFile:
    """Rows below a header, uploaded at the end of 2026."""
    return read_as("\n".join([header, *rows, ""]).encode(), "EUR")


def lines(header: str, *rows: str) -> dict[int, list[str]]:
    """What rows below a header say."""
    return told(file_of(header, *rows))


def test_swissquote_tax_on_a_dividend_and_interest_in_a_bond() -> None:
    found = lines(
        SWISSQUOTE,
        "05-05-2025 09:00:00;00000000;Dividend;ZQX;ZQX;CH9900000005;1.0;295.00;103.25;0.00;191.75;500.00;CHF",
        "06-05-2025 09:00:00;11;Buy;BND;BND;CH9900000013;1000.0;0.99;5.00;7.50;-1002.50;1.00;CHF",
        "07-05-2025 09:00:00;00000000;Something new;;;;1.0;3.00;0.00;0.00;3.00;1.00;CHF",
    )
    assert found == {
        2: ["dividend 2025-05-05 ZQX -@- | 295CHF - 103.25CHF"],
        3: [
            "buy 2025-05-06 BND 1000@0.99 | -990CHF 5CHF -",
            "interest/bond 2025-05-06 BND -@- | -7.5CHF - -",
        ],
        4: ["unknown 2025-05-07 - -@- | 3CHF - -"],
    }


def test_a_conversion_whose_other_leg_is_missing_is_kept_and_flagged() -> None:
    file = read(
        f"{SWISSQUOTE}\n05-05-2025 09:00:00;7;Forex debit;;;;1.0;2000.00;0.00;0.00;-2000.00;1.00;USD\n"
    )
    (found,) = file.rows
    assert (found.status, found.reason_code) == (RowStatus.IMPORTED, "unpaired_conversion")
    assert said(found.drafts[0]) == "fx_conversion 2025-05-05 - -@- | -2000USD - -"


def test_trading212_pence_and_totals_named_by_their_currency() -> None:
    found = lines(
        f"{TRADING212},Total (GBP),Stamp duty reserve tax (GBP)",
        "Market buy,2021-03-01 09:00:00,GB9900000001,LON,London plc,100,250.00,GBX,100,251.25,1.25",
    )
    assert found == {2: ["buy 2021-03-01 LON 100@2.5 | -250GBP - 1.25GBP"]}


def test_trading212_conversion_and_interest() -> None:
    header = f"{TRADING212},Total,Currency (Total),Notes,ID,Currency conversion from amount,Currency (Currency conversion from amount),Currency conversion to amount,Currency (Currency conversion to amount)"
    found = lines(
        header,
        "Currency conversion,2026-01-05 09:00:00,,,,,,,,,,,c1,100.00,GBP,125.00,USD",
        "Lending interest,2026-01-06 09:00:00,,,,,,,,0.30,GBP,,c2,,,,",
        "Card debit,2026-01-07 09:00:00,,,,,,,,-12.00,GBP,,c3,,,,",
        "Moon landing,2026-01-08 09:00:00,,,,,,,,-1.00,GBP,,c4,,,,",
    )
    assert found == {
        2: ["fx_conversion 2026-01-05 - -@- | -100GBP - - for 125USD"],
        3: ["interest/lending 2026-01-06 - -@- | 0.3GBP - -"],
        4: ["withdrawal 2026-01-07 - -@- | -12GBP - -"],
        5: ["unknown 2026-01-08 - -@- | -1GBP - -"],
    }


def test_trading212_split_is_one_record_with_its_ratio() -> None:
    file = broker_file("trading212_2023.csv", "EUR")
    # 29.80478 old units became 7.451195
    assert said(row(file, 14).drafts[0]) == "split 2025-03-24 ISOU -@- ratio 0.25 | - - -"
    assert row(file, 13).reason_code == "paired"


def test_trading212_rows_of_a_newer_layout_below_an_older_header() -> None:
    (draft,) = row(broker_file("trading212_2023.csv", "EUR"), 11).drafts
    assert (draft.broker_reference, said(draft)) == (
        "EOF27002856700",
        "spin_off 2025-01-23 PALAF 11.0563304@- | - - -",
    )


@pytest.mark.parametrize(
    ("text", "amount", "expected"),
    [
        # what fits the amount is right
        ("Koop 2 @ 1,234 EUR", "-2.47", "buy 2025-01-06 X 2@1.234 | -2.47EUR - -"),
        ("Koop 2 @ 1.234 EUR", '"-2468,00"', "buy 2025-01-06 X 2@1234 | -2468EUR - -"),
        ("Verkauf 1.000 Muster AG@1,5 EUR (DE0009900925)", '"1500,00"',
         "sell 2025-01-06 X -1000@1.5 | 1500EUR - -"),
        ("Sell 4 AVIVA@496 GBX (GB00BPQY8M80)", "19.84", "sell 2025-01-06 X -4@4.96 | 19.84EUR - -"),
        ("Koop 2 @ 1,234 EUR", "-7.00", "failed number_ambiguous"),
        ("Zinsen", "-0.10", "interest/cash 2025-01-06 X -@- | -0.1EUR - -"),
        ("Dividendensteuer", "-0.10", "tax/withholding 2025-01-06 X -@- | - - 0.1EUR"),
        ("Unbekannt", "1.00", "unknown 2025-01-06 X -@- | 1EUR - -"),
    ],
)  # fmt: skip
def test_degiro_descriptions(text: str, amount: str, expected: str) -> None:
    found = lines(DEGIRO, f'06-01-2025,09:00,06-01-2025,X,,"{text}",,EUR,{amount},EUR,"1,00",')
    assert found == {2: [expected]}


def test_degiro_in_english_by_the_places_of_its_columns() -> None:
    header = "Date,Time,Value date,Product,ISIN,Description,FX,Change,,Balance,,Order Id"
    found = lines(header, "06-01-2025,09:00,06-01-2025,,,flatex Deposit,,EUR,10.00,EUR,10.00,")
    assert found == {2: ["deposit 2025-01-06 - -@- | 10EUR - -"]}


def test_kraken_names_wallets_and_coins_for_coins() -> None:
    file = file_of(
        KRAKEN,
        "L1,R1,2025-01-05 12:00:00,deposit,,currency,ZEUR,100,0.5,99.5",
        "L2,R2,2025-01-06 12:00:00,transfer,spottostaking,currency,DOT,-5,0,0",
        "L3,R3,2025-01-07 12:00:00,trade,tradespot,currency,XXBT,-0.5,0,0.5",
        "L4,R3,2025-01-07 12:00:00,trade,tradespot,currency,XETH,8,0.01,7.99",
        "L5,R4,2025-01-08 12:00:00,trade,tradespot,currency,ZEUR,-50,0.1,49.4",
        "L6,R4,2025-01-08 12:00:00,trade,tradespot,currency,ZUSD,55,0,55",
        "L7,R5,2025-01-09 12:00:00,earn,reward,currency,DOT.S,0.25,0,5.25",
    )
    assert told(file) == {
        2: ["deposit 2025-01-05 - -@- | 100EUR 0.5EUR -"],
        3: ["skipped internal"],
        4: ["transfer_out 2025-01-07 BTC -0.5@- | - - -"],
        5: ["transfer_in 2025-01-07 ETH 7.99@- | - - -"],
        6: ["fx_conversion 2025-01-08 - -@- | -50EUR 0.1EUR - for 55USD"],
        7: ["skipped paired"],
        8: ["reward/staking 2025-01-09 DOT 0.25@- | - - -"],
    }
    assert row(file, 4).reason_code == "value_unknown"
    coins = [draft.instrument for draft in drafts(file) if draft.instrument is not None]
    assert {ref.asset_class for ref in coins} == {AssetClass.CRYPTO}


def test_robinhood_reverse_split_and_what_a_person_must_look_at() -> None:
    found = lines(
        ROBINHOOD,
        "1/5/2026,1/5/2026,1/5/2026,ZQX,Zyqx,SPR,27S,,",
        "1/5/2026,1/5/2026,1/5/2026,ZQX,Zyqx,SPR,9,,",
        "1/6/2026,1/6/2026,1/6/2026,ORB,Option Expiration for ORB 1/5/2026 Call $45.00,OEXP,2S,,",
        "1/7/2026,1/7/2026,1/7/2026,ABC,Abc,SPR,5S,,",
        "1/8/2026,1/8/2026,1/8/2026,ORB,ORB 2/20/2026 Put $1,BTO,1,$0.25,($25.03)",
    )  # fmt: skip
    assert found == {
        2: ["skipped paired"],
        3: ["split/reverse 2026-01-05 ZQX -@- ratio 0.333333333333333333 | - - -"],
        4: ["unknown 2026-01-06 ORB -@- | - - -"],
        5: ["unknown 2026-01-07 ABC -@- | - - -"],
        6: ["buy/to_open 2026-01-08 ORB 02/20/2026 1 P 1@0.25x100 | -25.03USD - -"],
    }


def test_wealthsimple_moves_and_types_nobody_knows() -> None:
    found = lines(
        WEALTHSIMPLE,
        "2026-01-05,,A1,TFSA,MoneyMovement,WITHDRAWAL,,,,CAD,,,,-50.00",
        "2026-01-06,,A1,TFSA,Transfer,,LONG,XEQT,ETF,CAD,3,,,",
        "2026-01-07,,A1,TFSA,CorporateAction,CONSOLIDATION,LONG,OLD,Old Corp,,-100,,,",
        "2026-01-08,,A1,TFSA,Surprise,,,,,CAD,,,,1.00",
        "2026-01-09,2026-01-10,A1,TFSA,Trade,BUY,LONG,XEQT,ETF,CAD,2,30,1.5,-61.50",
    )
    assert found == {
        2: ["withdrawal 2026-01-05 - -@- | -50CAD - -"],
        3: ["transfer_in/journal 2026-01-06 XEQT 3@- | - - -"],
        4: ["unknown 2026-01-07 OLD -@- | - - -"],
        5: ["unknown 2026-01-08 - -@- | 1CAD - -"],
        6: ["buy 2026-01-09 XEQT 2@30 | -60CAD 1.5CAD -"],
    }


def test_thinkorswim_income_and_what_does_not_tell_its_units() -> None:
    found = lines(
        TOS,
        '11/5/25,09:30:00,DOI,="1",FOREIGN TAX WITHHELD~ZQX,,,-1.80,98.20',
        '11/6/25,09:30:00,DOI,="2",MARGIN INTEREST ADJUSTMENT,,,-2.00,96.20',
        '11/7/25,09:30:00,EFN,="3",CLIENT REQUESTED ELECTRONIC FUNDING DISBURSEMENT,,,-50.00,46.20',
        '11/8/25,09:30:00,RAD,="4",REMOVAL OF OPTION DUE TO ASSIGNMENT,,,0.00,46.20',
        '11/9/25,09:30:00,TRD,="5",tAndroid BOT +2 ZQX @10.00,-0.01,-0.50,-20.00,25.69',
    )
    assert found == {
        2: ["tax/withholding 2025-11-05 ZQX -@- | - - 1.8USD"],
        3: ["interest/margin 2025-11-06 - -@- | -2USD - -"],
        4: ["withdrawal 2025-11-07 - -@- | -50USD - -"],
        5: ["unknown 2025-11-08 - -@- | 0USD - -"],
        6: ["buy 2025-11-09 ZQX 2@10 | -20USD 0.51USD -"],
    }


def test_coinbase_money_and_a_note_that_cannot_be_read() -> None:
    found = lines(
        COINBASE,
        "a,2025-01-05 10:00:00 UTC,Deposit,EUR,100,EUR,€1.00,€100.00,€100.00,€0.00,",
        "b,2025-01-06 10:00:00 UTC,Convert,BTC,0.1,EUR,€1.00,€100.00,€100.00,€0.00,Swapped it",
        "c,2025-01-07 10:00:00 UTC,Sell,BTC,0.1,EUR,€900.00,€90.00,€88.50,€1.50,Sold",
    )
    assert found == {
        2: ["deposit 2025-01-05 - -@- | 100EUR - -"],
        3: ["failed not_understood"],
        4: ["sell 2025-01-07 BTC -0.1@900 | 90EUR 1.5EUR -"],
    }


def test_etoro_writes_numbers_in_two_ways() -> None:
    found = lines(
        ETORO,
        '05/01/2026 10:00:00,Open Position,LON.L/GBX," 1 234,50 ",12.345,0.00," 1,00 "," 1,00 ",7,Stocks,0',
        '05/01/2026 10:00:00,Deposit,-,"1,200.50",-,0.00,"1,200.50","1,200.50",-,,0',
        "05/01/2026 10:00:00,Open Position,BTC/USD,1.00,-,0.00,1.00,1.00,8,Crypto,0",
    )  # fmt: skip
    assert found == {
        2: ["buy 2026-01-05 LON.L 12.345@100 | -1234.5USD - -"],
        3: ["deposit 2026-01-05 - -@- | 1200.5USD - -"],
        4: ["failed cell_missing"],
    }


def test_xtb_wants_its_own_words_in_the_columns() -> None:
    row_of_another = "1;buy;01.02.2025 10:00:00;ZQX;bought it;-10"
    assert read(f"{XTB}\n{row_of_another}\n").format == "generic_csv"
    own = "1;Stocks/ETF purchase;01.02.2025 10:00:00;ZQX.US;OPEN BUY 2 @ 5.00;-10"
    assert read(f"{XTB}\n{own}\n").format == "xtb_csv"


def test_a_bank_statement_is_not_vanguard() -> None:
    file = read("Date,Details,Amount,Balance\n08/03/2022,Groceries,-15.00,100.00\n")
    assert file.format == "generic_csv"


def test_hargreaves_lansdown_amount_that_does_not_fit_is_flagged() -> None:
    file = read_as(
        f'{HL}\n"24/01/2026","26/01/2026","B1","Fund 10 @ 100","100.00","10","-500.00"\n'.encode(
            "latin-1"
        ),
        "GBP",
    )
    assert file.rows[0].reason_code == "amount_mismatch"


def test_trade_republic_moves_and_what_nobody_knows() -> None:
    found = lines(
        TR,
        "2026-01-05T10:00:00Z,2026-01-05,DEFAULT,CASH,CARD_TRANSACTION,,,,,,-9.99,,,EUR,t1",
        "2026-01-06T10:00:00Z,2026-01-06,DEFAULT,CORPORATE_ACTION,SOMETHING,STOCK,Z,US9900000922,2,,,,,EUR,t2",
        "2026-01-07T10:00:00Z,2026-01-07,DEFAULT,DELIVERY,FREE_RECEIPT,STOCK,Z,US9900000922,2,,,,,EUR,t3",
    )
    assert found == {
        2: ["withdrawal 2026-01-05 - -@- | -9.99EUR - -"],
        3: ["unknown 2026-01-06 US9900000922 -@- | - - -"],
        4: ["transfer_in 2026-01-07 US9900000922 2@- | - - -"],
    }


def test_crypto_com_purchases_dust_and_a_swap_without_its_other_side() -> None:
    file = file_of(
        CRYPTO,
        "2025-01-05 10:00:00,Buy BTC,EUR,-100.0,BTC,0.001,EUR,100.0,104.0,viban_purchase,",
        "2025-01-06 10:00:00,Dust,ABC,-2.0,,,EUR,0.4,0.5,dust_conversion_debited,",
        "2025-01-06 10:00:00,Dust,DEF,-3.0,,,EUR,0.6,0.7,dust_conversion_debited,",
        "2025-01-06 10:00:00,Dust,CRO,10.0,,,EUR,1.1,1.2,dust_conversion_credited,",
        "2025-01-07 10:00:00,Swap,USDT,-5.0,,,EUR,4.0,4.2,crypto_wallet_swap_debited,",
        "2025-01-08 10:00:00,New,USDT,5.0,,,EUR,4.0,4.2,something_new,",
    )
    assert told(file) == {
        2: ["buy 2025-01-05 BTC 0.001@100000 | -100EUR - -"],
        3: ["sell 2025-01-06 ABC -2@0.2 | 0.4EUR - -"],
        4: ["sell 2025-01-06 DEF -3@0.2 | 0.6EUR - -"],
        5: ["buy 2025-01-06 CRO 10@0.1 | -1EUR - -"],
        6: ["sell 2025-01-07 USDT -5@0.8 | 4EUR - -"],
        7: ["unknown 2025-01-08 USDT -@- | - - -"],
    }
    assert row(file, 6).reason_code == "unpaired_swap"
