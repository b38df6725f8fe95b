"""Reasons for unknown figures, in words and with the instrument they are about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from truenav.core.valuation.nav import Unknown
from truenav.features.valuation.schemas import UnknownOut

MESSAGES = {
    "price_missing": "no price is known for {subject}",
    "fx_missing": "no exchange rate within seven days for {subject}",
    "cost_unknown": "the cost of some units of {subject} is not known",
    "fx_missing_at_acquisition": "no exchange rate for the days {subject} was bought on",
}


@dataclass(frozen=True, slots=True)
class Named:
    """What an instrument is called."""

    symbol: str
    name: str


class HasSymbol(Protocol):
    """An instrument, or what is told of one."""

    @property
    def symbol(self) -> str:
        """What it is called."""
        ...


def as_id(text: str) -> UUID | None:
    """The instrument a reason is about; None when it is about a currency."""
    try:
        return UUID(text)
    except ValueError:
        return None


def explained(
    unknowns: Iterable[Unknown], instruments: Mapping[UUID, HasSymbol]
) -> list[UnknownOut]:
    """One entry per reason and subject, with how often it occurred."""
    found = []
    for unknown, count in sorted(Counter(unknowns).items()):
        instrument_id = as_id(unknown.subject)
        instrument = instruments.get(instrument_id) if instrument_id else None
        subject = instrument.symbol if instrument else unknown.subject
        template = MESSAGES.get(unknown.reason_code, unknown.reason_code)
        found.append(
            UnknownOut(
                reason_code=unknown.reason_code,
                message=template.format(subject=subject),
                instrument_id=instrument_id,
                symbol=instrument.symbol if instrument else None,
                count=count,
            )
        )
    return found
