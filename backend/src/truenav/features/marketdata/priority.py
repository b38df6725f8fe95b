"""The declared order of sources (core/marketdata/selection.py), in SQL: once, for every read."""

from typing import Any

from sqlalchemy import ColumnElement, case, literal_column
from sqlalchemy.orm import InstrumentedAttribute

from truenav.core.marketdata.selection import BASIS_RANKS, SOURCE_RANKS, UNLISTED

Text = InstrumentedAttribute[str]


def order_of(source: Text, basis: Text | None = None) -> tuple[ColumnElement[Any], ...]:
    """What to order rows of one day by, so that the one that counts stands first.

    The same as `selection.preference`; a test compares them. Names and ranks stand in the
    statement, so that the database plans it once.
    """
    by_source = (_ranked(source, SOURCE_RANKS, UNLISTED), source.expression)
    if basis is None:
        return by_source
    return (_ranked(basis, BASIS_RANKS, len(BASIS_RANKS)), *by_source)


def _ranked(column: Text, ranks: dict[str, int], otherwise: int) -> ColumnElement[int]:
    whens: list[tuple[ColumnElement[bool], ColumnElement[int]]] = [
        (column == literal_column(f"'{name}'"), literal_column(str(rank)))
        for name, rank in ranks.items()
    ]
    return case(*whens, else_=literal_column(str(otherwise)))
