"""Golden cases as text: how a line of a case becomes a record, and what a case expects.

A record is one line: `DAY KIND[.SUB_KIND] SYMBOL [UNITS] [word value]...`, with the ledger's signs.

    2024-01-02 buy ZQX 100 at 10 fee 5          gross is - units x price unless `for` states it
    2024-05-01 sell ZQX -30 at 12 take L1=20    L1 is the lot the first line of the case opened
    2024-06-03 spin_off KID 25 from ZQX part 40/400
    2024-06-04 merger OLD -100 for 300 link m   lines with one link belong together

A `-` stands for no symbol or no units. Words: `at` price, `x` multiplier, `for` gross, `fee`,
`tax`, `ratio`, `in` currency (a price in a minor unit such as GBp becomes one in its currency),
`counter` other leg of a conversion as `-133:EUR`, `part` fraction of the basis (a decimal or
`a/b`), `from` parent, `link`, `method`, `take`, `acquired`, `carries` lots that arrive as
`day:units:cost,...`, `account`, and `external`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from tests.core.ledger_builders import SPACE, an_instrument
from truenav.core.ids import AccountId, TransactionId
from truenav.core.ledger.bookkeeper import own_lot_id
from truenav.core.ledger.methods import LotChoice, LotMethod, MethodPolicy
from truenav.core.ledger.transactions import (
    CarriedLot,
    CashPart,
    SubKind,
    Transaction,
    TransactionKind,
)
from truenav.core.money import exact, major_unit

CASES = Path(__file__).parent / "cases"
NOTHING = "-"
K = TransactionKind
D = Decimal
# not one of these may be left out: a case that states less would show less
REQUIRED = ("id", "source", "url", "worked", "records", "gains", "lots", "cash")
OPTIONAL = ("method", "changes", "notes", "income", "flow", "rates")
Values = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """One published or hand-worked example."""

    id: str
    family: str
    text: Mapping[str, Any]

    @property
    def policy(self) -> MethodPolicy:
        """The method, and what it changes to from which day."""
        changes = self.text.get("changes", {})
        return MethodPolicy(
            first=LotMethod(self.text.get("method", "fifo")),
            changes=tuple((date.fromisoformat(d), LotMethod(m)) for d, m in changes.items()),
        )

    def by_account(self) -> dict[AccountId, list[Transaction]]:
        """Its records; a case that names no account has one."""
        found: dict[AccountId, list[Transaction]] = {}
        for record in records_of(self.text["records"]):
            found.setdefault(record.account_id, []).append(record)
        return found


def all_cases() -> Iterator[Case]:
    """Every case of every file; each says where it comes from and how its figures were got.

    Raises:
        ValueError: a case lacks a part or has one that is unknown.
    """
    for path in sorted(CASES.glob("*.yaml")):
        # every scalar stays text: a figure must not pass through a binary fraction
        for text in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            missing = [name for name in REQUIRED if name not in text]
            unknown = set(text) - {*REQUIRED, *OPTIONAL}
            if missing or unknown:
                raise ValueError(f"{path.name}: {text.get('id')}: {missing=} {unknown=}")
            yield Case(text["id"], path.stem, text)


def records_of(lines: Sequence[str]) -> list[Transaction]:
    """The records of a case, in the order of its lines."""
    found: list[Transaction] = []
    for number, line in enumerate(lines, start=1):
        found.append(_record(line.split(), number, found))
    return found


@exact
def _record(cells: Sequence[str], number: int, before: Sequence[Transaction]) -> Transaction:
    day, kind_text, symbol, *rest = cells
    kind, _, sub_kind = kind_text.partition(".")
    quantity = D(rest.pop(0)) if rest and _is_number(rest[0]) else None
    if rest and rest[0] == NOTHING:
        rest.pop(0)
    words = _words(rest)
    currency, factor = major_unit(words.get("in", "USD"))
    price = D(words["at"]) * factor if "at" in words else None
    return Transaction(
        id=TransactionId(uuid5(SPACE, f"golden {number}")),
        account_id=AccountId(uuid5(SPACE, words.get("account", "A"))),
        instrument_id=None if symbol == NOTHING else an_instrument(symbol),
        kind=K(kind),
        sub_kind=SubKind(sub_kind) if sub_kind else None,
        trade_date=date.fromisoformat(day),
        settlement_date=None,
        sequence=number,
        quantity=quantity,
        price=price,
        multiplier=D(words.get("x", "1")),
        ratio=_fraction(words["ratio"]) if "ratio" in words else None,
        currency=currency,
        gross=_gross(K(kind), quantity, price, words, currency),
        fee=_part(words.get("fee"), currency),
        tax=_part(words.get("tax"), currency),
        counter=_counter(words.get("counter")),
        is_external_flow="external" in words,
        lot_method=LotMethod(words["method"]) if "method" in words else None,
        lot_choices=tuple(_choices(words.get("take", ""), before)),
        link_id=uuid5(SPACE, f"link {words['link']}") if "link" in words else None,
        source_instrument_id=an_instrument(words["from"]) if "from" in words else None,
        basis_fraction=_fraction(words["part"]) if "part" in words else None,
        acquired_date=date.fromisoformat(words["acquired"]) if "acquired" in words else None,
        carried_lots=tuple(_carried(words.get("carries", ""))),
    )


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _words(cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = list(cells)
    while left:
        word = left.pop(0)
        found[word] = "" if word == "external" else left.pop(0)
    return found


def _fraction(text: str) -> Decimal:
    above, _, below = text.partition("/")
    return D(above) / D(below or "1")


def _gross(
    kind: TransactionKind, quantity: Decimal | None, price: Decimal | None, words: Values,
    currency: str,
) -> CashPart | None:  # fmt: skip
    if "for" in words:
        return _part(words["for"], currency)
    if kind in {K.BUY, K.SELL} and quantity is not None and price is not None:
        amount = -quantity * price * D(words.get("x", "1"))
        return CashPart(amount=amount, currency=currency)
    return None


def _part(text: str | None, currency: str) -> CashPart | None:
    return None if text is None else CashPart(amount=D(text), currency=currency)


def _counter(text: str | None) -> CashPart | None:
    if text is None:
        return None
    amount, currency = text.split(":")
    return CashPart(amount=D(amount), currency=currency)


def _choices(text: str, before: Sequence[Transaction]) -> Iterator[LotChoice]:
    for choice in filter(None, text.split(",")):
        line, units = choice.removeprefix("L").split("=")
        yield LotChoice(own_lot_id(before[int(line) - 1]), D(units))


def _carried(text: str) -> Iterator[CarriedLot]:
    for lot in filter(None, text.split(",")):
        day, units, cost = lot.split(":")
        yield CarriedLot(
            acquired_date=date.fromisoformat(day), quantity=D(units),
            cost=None if cost == "?" else D(cost),
        )  # fmt: skip


def rates_of(case: Case) -> Callable[[date, str, str], Decimal | None]:
    """The rates a case states, as `day source target: rate`."""
    stated = {tuple(key.split()): D(rate) for key, rate in case.text.get("rates", {}).items()}
    return lambda day, source, target: stated.get((day.isoformat(), source, target))


def agrees(expected: str, actual: Decimal) -> bool:
    """Whether a figure is the one expected.

    A figure is exact; `~4660.98` is one its source rounds, here half up to the places it has.
    """
    if not expected.startswith("~"):
        return D(expected) == actual
    stated = D(expected[1:])
    with localcontext() as context:
        context.prec, context.rounding = 60, "ROUND_HALF_UP"
        return actual.quantize(stated) == stated


def reversed_rows(records: Sequence[Transaction]) -> list[Transaction]:
    """The same records as a file would list them newest first."""
    last = len(records) + 1
    return [replace(record, sequence=last - record.sequence) for record in reversed(records)]


def account_name(account: AccountId, names: Sequence[str] = ("A", "B", "C")) -> str:
    """The letter a case calls an account by."""
    ids: dict[UUID, str] = {uuid5(SPACE, name): name for name in names}
    return ids[account]
