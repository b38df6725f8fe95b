"""What the canary did, and every answer that follows, worked out in docs/runbooks/canary.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from truenav.core.ids import AccountId, InstrumentId
from truenav.core.ledger.transactions import InstrumentRef, TransactionKind

FIRST_DAY, LAST_DAY = date(2020, 1, 6), date(2020, 2, 25)
FLOW_DAY = date(2020, 2, 1)
K = TransactionKind


class Planned(NamedTuple):
    """A record of the canary; `cash` is before costs, all in the currency of its instrument."""

    key: str
    kind: TransactionKind
    day: date
    units: str | None = None
    price: str | None = None
    cash: str | None = None
    fee: str | None = None
    tax: str | None = None
    ratio: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An account of the canary, and its answers at ten places, as the pages print them."""

    name: str
    account: AccountId
    instrument: InstrumentId
    ref: InstrumentRef
    currency: str
    records: Sequence[Planned]
    expected: Mapping[str, str]

    def told(self, figure: str) -> str:
        """A figure as it is named among those of other accounts."""
        return f"{self.name} {figure}".strip()


ACCOUNT: Final = AccountId(UUID("00000000-0000-0000-0001-0000000ca9a7"))
INSTRUMENT: Final = InstrumentId(UUID("00000000-0000-0000-0002-0000000ca9a7"))
HOME: Final = Watched(
    name="",
    account=ACCOUNT,
    instrument=INSTRUMENT,
    ref=InstrumentRef(symbol="truenav-canary", name=str(INSTRUMENT), currency="USD"),
    currency="USD",
    records=(
        Planned("canary-1", K.DEPOSIT, FIRST_DAY, cash="10000"),
        Planned("canary-2", K.BUY, FIRST_DAY, "100", "100", "-10000"),
        Planned("canary-3", K.DEPOSIT, FLOW_DAY, cash="12500"),
        Planned("canary-4", K.BUY, FLOW_DAY, "100", "125", "-12500"),
        Planned("canary-5", K.SELL, FLOW_DAY, "-40", "125", "5000"),
        Planned("canary-6", K.WITHDRAWAL, FLOW_DAY, cash="-5000"),
    ),
    expected={
        "nav 2020-01-06": "10000",
        "nav 2020-01-31": "12500",
        "nav 2020-02-01": "20000",
        "nav 2020-02-21": "16000",
        "nav 2020-02-25": "20000",
        "flow 2020-02-01": "7500",
        "units": "160",
        "cost": "18500",
        "lots": "2020-01-06: 60 for 6000; 2020-02-01: 100 for 12500",
        "market value": "20000",
        "cash": "0",
        "unrealized gain": "1500",
        "realized gain": "1000",
        "gain": "2500",
        "waterfall": "deposits 12500, withdrawals -5000, realized 1000, unrealized 1500",
        "time-weighted return": "0.25",
        "money-weighted return": "0.1839343834",
        "worst fall": "-0.2",
        "returns": "36",
        "volatility": "3.5712742824",
    },
)

ABROAD_ACCOUNT: Final = AccountId(UUID("00000000-0000-0000-0003-0000000ca9a7"))
ABROAD_INSTRUMENT: Final = InstrumentId(UUID("00000000-0000-0000-0004-0000000ca9a7"))
ABROAD: Final = Watched(
    name="abroad",
    account=ABROAD_ACCOUNT,
    instrument=ABROAD_INSTRUMENT,
    ref=InstrumentRef(symbol="truenav-canary-2", name=str(ABROAD_INSTRUMENT), currency="XTS"),
    # nobody can type it and no bank publishes it, so its rates are the canary's own
    currency="XTS",
    records=(
        Planned("canary-abroad-1", K.DEPOSIT, FIRST_DAY, cash="10000"),
        Planned("canary-abroad-2", K.BUY, FIRST_DAY, "100", "95", "-9500", fee="500"),
        Planned("canary-abroad-3", K.DIVIDEND, date(2020, 1, 20), cash="400", tax="60"),
        Planned("canary-abroad-4", K.WITHDRAWAL, FLOW_DAY, cash="-340"),
        Planned("canary-abroad-5", K.SPLIT, date(2020, 2, 3), "100", ratio="2"),
        Planned("canary-abroad-6", K.SELL, date(2020, 2, 10), "-80", "75", "6000", fee="100"),
        Planned("canary-abroad-7", K.FEE, date(2020, 2, 12), cash="-150"),
    ),
    expected={
        "nav 2020-01-06": "5000",
        "nav 2020-01-20": "5170",
        "nav 2020-02-01": "5000",
        "nav 2020-02-03": "6000",
        "nav 2020-02-10": "5960",
        "nav 2020-02-25": "5900",
        "flow 2020-02-01": "-170",
        "units": "120",
        "cost": "3000",
        "lots": "2020-01-06: 120 for 6000",
        "market value": "3600",
        "cash": "2300",
        "unrealized gain": "600",
        "realized gain": "360",
        "gain": "1070",
        "prices": "2000",
        "besides prices": "withdrawals -170, dividends 200, fees -100, taxes -30, fx -1000",
        "income": "200 before tax, 30 withheld, 170 received",
        "time-weighted return": "0.22012",
        "money-weighted return": "0.2175159762",
        "worst fall": "-0.0166666667",
    },
)
WATCHED: Final = (HOME, ABROAD)
EXPECTED: Final[Mapping[str, str]] = {
    of.told(figure): value for of in WATCHED for figure, value in of.expected.items()
}
