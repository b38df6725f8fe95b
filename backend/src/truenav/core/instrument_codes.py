"""Identifiers of instruments: whether one can be true at all."""

import re

_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d", re.ASCII)


def is_isin(text: str) -> bool:
    """Whether a text is an ISIN: two letters, nine letters or digits, and the check digit of those.

    Letters count as two digits (A is 10); of all but the last digit every second one, from the
    right, is doubled, and the digits of the results are added up (ISO 6166, Annex A).
    """
    if _ISIN.fullmatch(text) is None:
        return False
    digits = "".join(str(int(sign, 36)) for sign in text)
    doubled = (int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(digits)))
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0
