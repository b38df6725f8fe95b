"""Any CSV: what its header suggests, what is asked, and what a saved mapping reads."""

from dataclasses import replace

import pytest

from tests.core.imports.samples import drafts, read, said, sample, told
from truenav.core.errors import UnreadableFile
from truenav.core.imports.parsed import ColumnMapping, MappingQuestion, ParsedFile


def asked(file: ParsedFile) -> MappingQuestion:
    """The question of a file that cannot be read without an answer."""
    assert file.question is not None
    assert file.rows == ()
    return file.question


def test_a_wealthfolio_export_needs_no_question() -> None:
    file = sample("wealthfolio.csv")
    assert (file.format, file.question) == ("generic_csv", None)
    assert told(file) == {
        2: ["buy 2025-01-15 ZQX 10@185.5 | -1855USD 4.95USD -"],
        3: ["dividend 2025-02-01 ZQX -@- | 2.4USD - -"],
        4: ["sell 2025-02-15 ZQX -5@192 | 960USD 4.95USD -"],
        5: ["deposit 2025-03-01 - -@- | 5000USD - -"],
        6: ["withdrawal 2025-03-15 - -@- | -1000USD - -"],
        7: ["fee 2025-04-15 - -@- | - 25USD -"],
        8: ["transfer_in 2025-05-01 FWD 2@140 | - - -"],
        9: ["split 2025-05-15 ZQX -@- ratio 3 | - - -"],
        10: ["tax 2025-06-01 - -@- | - - 150USD"],
        11: ["buy 2025-07-01 TD.TO 20@85 | -1700CAD 9.99CAD -"],
    }


def test_a_ghostfolio_export_with_four_date_forms() -> None:
    assert told(sample("ghostfolio.csv")) == {
        2: ["fee 2021-09-01 - -@- | - 49USD -"],
        3: ["buy 2021-09-16 MSFT 5@298.58 | -1492.9USD 19USD -"],
        4: ["dividend 2021-11-17 MSFT -@- | 3.1USD - -"],
        5: ["buy 2022-01-01 Flat 1@500000 | -500000USD - -"],
        6: ["buy 2022-06-06 US5949181045 0@0 | 0USD - -"],
    }


def test_german_words_semicolons_and_decimal_commas() -> None:
    file = sample("german_semicolons.csv")
    assert told(file) == {
        # 1,000 * 12.50 = 12,500; the amount of 12,509.90 is after 9.90 of costs
        3: ["buy 2025-01-31 DE0009900008 1000@12.5 | -12500EUR 9.9EUR -"],
        4: ["sell 2025-02-03 DE0009900008 -200@13 | 2600EUR 4.9EUR -"],
        5: ["dividend 2025-03-03 DE0009900008 -@- | 80EUR - -"],
    }
    assert [found.reason_code for found in file.rows] == [None] * 3
    (name,) = {d.instrument.name for d in drafts(file) if d.instrument}
    assert name == "Müller & Söhne AG"


@pytest.mark.parametrize(
    ("amount", "gross"),
    [("-1000", "-1000USD"), ("1000", "-1000USD"), ("-1005", "-1000USD"), ("", "-1000USD")],
)
def test_an_amount_before_or_after_costs_gives_the_same_gross(amount: str, gross: str) -> None:
    file = read(
        f"date,type,symbol,quantity,price,fee,amount\n2025-01-15,buy,ZQX,10,100,5,{amount}\n"
    )
    assert said(drafts(file)[0]) == f"buy 2025-01-15 ZQX 10@100 | {gross} 5USD -"
    assert file.rows[0].reason_code is None


@pytest.mark.parametrize("unit", ["GBX", "GBp"])
def test_pence_are_hundredths_of_a_pound(unit: str) -> None:
    file = read(
        f"date,type,symbol,quantity,price,currency,amount\n2025-01-15,buy,ZQX,10,250,{unit},2500\n"
    )
    assert said(drafts(file)[0]) == "buy 2025-01-15 ZQX 10@2.5 | -25GBP - -"


def test_what_cannot_be_told_is_asked() -> None:
    question = asked(read('when,what,amount\n01/02/2025,frobnicate,"1,234"\n'))
    assert question.header == ("when", "what", "amount")
    assert question.sample == (("01/02/2025", "frobnicate", "1,234"),)
    assert question.problems == (
        "no column was recognized as the date",
        "no column was recognized as the kind",
        "the decimal mark cannot be told from the numbers",
    )
    assert question.suggested.columns == {"amount": "amount"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("date,type,amount\n01/02/2025,deposit,5\n", "day and month cannot be told apart"),
        ("date,type,amount\n2025-01-02,frobnicate,5\n", "unknown words in the kind column: frob"),
        ('date,type,amount\n2025-01-02,deposit,"1,234"\n', "decimal mark"),
        ('date,type,amount\n2025-01-02,deposit,"1,5"\n2025-01-02,deposit,1.5\n', "decimal mark"),
        ("date,type,symbol\n2025-01-02,buy,ZQX\n", "neither an amount nor"),
        (
            "date,type,amount,currency,currency (total)\n2025-01-02,deposit,5,USD,EUR\n",
            "several columns name a currency",
        ),
    ],
)
def test_a_doubt_is_a_question_not_a_guess(text: str, problem: str) -> None:
    assert any(problem in found for found in asked(read(text)).problems)


@pytest.mark.parametrize(
    ("cells", "is_certain"),
    [(["1,234", "12.5"], True), (["1.234.567"], True), (["1,234"], False), (["12", "5"], True)],
)
def test_the_decimal_mark_is_decided_by_evidence(cells: list[str], is_certain: bool) -> None:
    lines = "".join(f'2025-01-02,deposit,"{cell}"\n' for cell in cells)
    assert (read(f"date,type,amount\n{lines}").question is None) is is_certain


ANSWER = ColumnMapping(
    columns={"date": "when", "kind": "what", "amount": "how much", "symbol": "of"},
    kinds={"Frobnicate": "dividend", "ship out": "withdrawal"},
    date_order="dmy",
    decimal_mark=",",
    default_currency="EUR",
)
UNKNOWN = (
    "when;what;of;how much\n"
    "01/02/2025;FROBNICATE;ZQX;1.234,50\n"
    "02/02/2025;ship out;;-5,00\n"
    "03/02/2025;else;;7,00\n"
)


def test_a_mapping_answers_the_question() -> None:
    file = read(UNKNOWN, ANSWER)
    assert told(file) == {
        2: ["dividend 2025-02-01 ZQX -@- | 1234.5EUR - -"],
        3: ["withdrawal 2025-02-02 - -@- | -5EUR - -"],
        4: ["unknown 2025-02-03 - -@- | 7EUR - -"],
    }
    assert file.rows[2].reason_code == "unknown_action"


def test_a_mapping_survives_storage() -> None:
    assert ColumnMapping.from_dict(ANSWER.to_dict()) == ANSWER
    assert ColumnMapping.from_dict({}) == ColumnMapping(columns={})


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (replace(ANSWER, columns={**ANSWER.columns, "fee": "cost"}), "not in the file"),
        (replace(ANSWER, columns={"amount": "how much"}), "date or kind"),
        (replace(ANSWER, kinds={"else": "explode"}), "do not exist"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: ColumnMapping, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(UNKNOWN, mapping)


def test_an_unproven_date_order_left_open_fails_the_row() -> None:
    file = read(UNKNOWN, replace(ANSWER, date_order=None))
    # 02/02 is the same day either way
    assert [found.reason_code for found in file.rows] == ["date_ambiguous", None, "date_ambiguous"]


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        ("2025-01-02,buy,ZQX,,5,-5", "cell_missing", "quantity"),
        ("2025-01-02,buy,,1,5,-5", "cell_missing", "symbol"),
        ("2025-01-02,split,ZQX,0,,", "cell_missing", "quantity"),
        ("2025-01-02,buy,ZQX,1,5,=5", "formula", "amount"),
        ("2025-01-02,buy,ZQX,999999999999999,999999999999999,", "number_too_large", None),
        ("25-01-02,buy,ZQX,1,5,-5", "two_digit_year", "date"),
    ],
)
def test_a_bad_cell_fails_its_row(cells: str, reason: str, column: str | None) -> None:
    header = "date,type,symbol,quantity,price,amount"
    (found,) = read(f"{header}\n{cells}\n").rows
    assert (found.reason_code, found.column) == (reason, column)


def test_a_name_is_enough_to_know_an_instrument_by() -> None:
    (draft,) = drafts(read("date,type,name,quantity,price\n2025-01-02,buy,Flat in Bonn,1,5\n"))
    assert said(draft) == "buy 2025-01-02 Flat in Bonn 1@5 | -5USD - -"


def test_two_columns_of_one_name_stay_two() -> None:
    question = asked(read("date,what,amount,amount,amount (4)\n2025-01-02,x,1,2,3\n"))
    assert len(set(question.header)) == 5
