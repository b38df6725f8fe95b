"""A threshold kept to is all right; beyond it is worth a look; unknown is neither."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from truenav.core.checks.rules import MOST, RULES, Verdict, is_threshold, judge, share

D = Decimal
ratios = st.decimals("0", "1", places=6)


@given(ratios, ratios)
def test_one_side_of_a_threshold_is_worth_a_look(figure: Decimal, threshold: Decimal) -> None:
    most, least = judge(figure, threshold, "at_most"), judge(figure, threshold, "at_least")

    assert (most is Verdict.LOOK) == (figure > threshold)
    assert (least is Verdict.LOOK) == (figure < threshold)
    assert judge(None, threshold, "at_most") is Verdict.UNKNOWN


def test_every_rule_begins_with_a_threshold_that_can_be_one() -> None:
    assert all(is_threshold(rule.threshold, rule.unit) for rule in RULES.values())
    assert not is_threshold(D("1.01"), "ratio")
    assert not is_threshold(D("-0.01"), "ratio")
    assert is_threshold(MOST["months"], "months")


def test_a_share_needs_a_whole() -> None:
    assert share(D(1), D(4)) == D("0.25")
    assert [share(D(1), D(0)), share(D(1), D(-4)), share(None, D(4)), share(D(1), None)] == [
        None
    ] * 4
