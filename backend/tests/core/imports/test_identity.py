"""When two rows are the same: broker ids, twins in one file, exports that overlap."""

from tests.core.imports.samples import FILES, SCHWAB_HEADER, drafts, read, sample
from truenav.core.imports.identity import content_key, keyed

FILL = "11/03/2025,Buy,ZQX,ZQX INC,10,$2.50,,-$25.00"
OTHER = "11/03/2025,Buy,ZQX,ZQX INC,11,$2.50,,-$27.50"


def keys(*lines: str) -> list[str]:
    """The keys of a Schwab file of these rows."""
    file = read("\n".join([SCHWAB_HEADER, *lines, ""]))
    return [key for _, key in keyed(drafts(file))]


def test_four_identical_fills_are_four() -> None:
    found = keys(FILL, FILL, FILL, FILL)
    assert len(set(found)) == 4
    assert [key.partition("#")[2] for key in found] == ["1", "2", "3", "4"]


def test_a_file_read_twice_gives_the_same_keys() -> None:
    for path in sorted(FILES.glob("*.[cx]*")):
        first, second = (keyed(drafts(sample(path.name))) for _ in range(2))
        assert [key for _, key in first] == [key for _, key in second]
        assert len({key for _, key in first}) == len(first)


def test_exports_that_overlap_meet_as_multisets() -> None:
    # one export saw two of three fills, the other all three: together they are three
    assert len(set(keys(FILL, OTHER, FILL)) | set(keys(OTHER, FILL, FILL, FILL))) == 4


def test_order_and_neighbors_do_not_change_a_key() -> None:
    assert set(keys(FILL, OTHER)) == set(keys(OTHER, FILL))


def test_what_is_printed_differently_is_the_same() -> None:
    same = '"11/03/2025","Buy","ZQX","ZQX INCORPORATED","10.00","$2.5","$0.00","-25.00"'
    assert keys(FILL) == keys(same)


def test_every_difference_that_matters_changes_the_key() -> None:
    lines = [
        FILL,
        FILL.replace("11/03", "11/04"),
        FILL.replace("Buy", "Sell").replace("-$25", "$25"),
        FILL.replace("Buy", "Buy to Cover"),
        FILL.replace("ZQX", "ZQY"),
        OTHER,
        FILL.replace("2.50", "2.51"),
        FILL.replace("-$25.00", "-$25.01"),
        FILL.replace(",,-$25.00", ",$1,-$26.00"),
    ]
    assert (
        len(
            {
                content_key(draft)
                for line in lines
                for draft in drafts(read(f"{SCHWAB_HEADER}\n{line}\n"))
            }
        )
        == 9
    )


def test_the_same_rows_in_an_export_of_one_and_of_two_accounts_are_the_same() -> None:
    single = "Run Date,Action,Symbol,Description,Quantity,Price ($),Amount ($)\n11/03/2025, YOU BOUGHT ZQX HOLDINGS INC (ZQX) (Cash),ZQX,ZQX HOLDINGS INC,40,20.25,-810\n"  # noqa: E501
    (own,) = keyed(drafts(read(single)))
    assert own[1] in {key for _, key in keyed(drafts(sample("fidelity_multi.csv")))}


def test_a_brokers_reference_is_the_key_and_parts_of_a_row_have_their_own() -> None:
    found = [key for _, key in keyed(drafts(sample("ibkr_flex.xml")))]
    assert found[:3] == ["ref:71:buy", "ref:72:buy", "ref:72-fee:fee"]
    assert len(set(found)) == len(found)


def test_one_instrument_has_one_reference_however_its_rows_word_it() -> None:
    file = read(
        f"{SCHWAB_HEADER}\n{FILL}\n{FILL.replace('ZQX INC', 'ZQX INC SOLD')}\n"
        "11/04/2025,Cash Dividend,ZQX,,,,,$1\n11/04/2025,Cash Dividend,ZQY,,,,,$1\n"
    )
    refs = [draft.instrument for draft in drafts(file)]
    assert [ref.name for ref in refs if ref] == ["ZQX INC", "ZQX INC", "ZQX INC", None]
    assert len(set(refs)) == 2


def test_a_reference_gains_no_identifier_from_another_row() -> None:
    flex = drafts(sample("ibkr_flex.xml"))
    assert {(d.instrument.symbol, d.instrument.isin) for d in flex if d.instrument} == {
        ("ZQX", "US9900000013"),
        ("ZQX", "US9900000021"),
        ("ZQX.OLD", "US9900000013"),
        ("ZQX 250620C00045000", None),
        ("FWD", "US9900000039"),
        ("MRG", "CA9900000043"),
    }
