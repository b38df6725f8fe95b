"""The canary's answers as a person gets them: over HTTP, from the running API, with a session.

The session is an access token of ten minutes for a viewer of the canary's tenant, signed with the
key this process was given to know tokens by; no route opens it, and nobody can ask for one.
"""

import time
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import httpx

from truenav.core.ids import TenantId, UserId
from truenav.features.operations.canary_answers import LAST_DAY, WATCHED, Watched
from truenav.features.operations.canary_kept import text_of
from truenav.platform.canary import CANARY, Drift
from truenav.platform.clock import new_id
from truenav.platform.settings import Settings
from truenav.platform.tokens import Identity, TokenSigner

# an API that starts beside this process is waited for
TRIES, PAUSE_SECONDS, TIMEOUT_SECONDS = 4, 3.0, 10.0
AS_ASKED: Final = "asked over HTTP"
Answer = Mapping[str, Any]


def asked_drifts(settings: Settings, names: Collection[str], now: datetime) -> list[Drift]:
    """Where the API's answers about the accounts named are others; none where no API is named."""
    if settings.api_url is None or settings.signing_seed is None or not names:
        return []
    viewer = Identity(UserId(CANARY), TenantId(CANARY), "viewer")
    token, _ = TokenSigner(settings.signing_seed).sign(viewer, new_id(), now)
    with httpx.Client(
        base_url=f"{settings.api_url}/api/v1/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT_SECONDS,
        trust_env=False,
    ) as client:
        try:
            return [d for of in WATCHED if of.name in names for d in _drifts_of(client, of)]
        except (httpx.HTTPError, LookupError, ValueError, ArithmeticError) as error:
            return [Drift(f"answers {AS_ASKED}", "answers", f"{type(error).__name__}: {error}")]


def _drifts_of(client: httpx.Client, of: Watched) -> list[Drift]:
    found = _figures(client, of)
    return [
        Drift(f"{of.told(name)} {AS_ASKED}", of.expected[name], value)
        for name, value in found.items()
        if name in of.expected and of.expected[name] != value
    ]


def _figures(client: httpx.Client, of: Watched) -> dict[str, str | None]:
    day, account = LAST_DAY.isoformat(), str(of.account)

    def ask(path: str, **query: str) -> Answer:
        return _answer(client, path, {"account_id": account, **query})

    held, returns = ask("holdings", as_of=day), ask("performance", to=day)
    item = held["items"][0] if held["items"] else {}
    income = ask("income", to=day)["total"]
    told = {
        "units": _text(item.get("quantity")),
        "cost": _text(item.get("cost")),
        "realized gain": _text(item.get("realized_gain")),
        "market value": _text(held["total_market_value"]),
        "cash": _text(held["total_cash"]),
        "unrealized gain": _text(held["total_unrealized_gain"]),
        "gain": _text(returns["gain"]),
        "time-weighted return": _text(returns["time_weighted"]["ratio"]),
        "money-weighted return": _text(returns["money_weighted"]["ratio"]),
        "worst fall": _text(returns["max_drawdown"]["ratio"]),
        "prices": _text(ask("performance/waterfall", to=day)["price_result"]),
        "income": f"{_text(income['gross'])} before tax, {_text(income['withheld'])} withheld,"
        f" {_text(income['net'])} received",
    }
    points = {point["as_of"]: point for point in ask("nav", to=day)["items"]}
    fields = {"nav": "nav", "flow": "external_flow"}
    for name in of.expected:
        figure, _, when = name.partition(" ")
        if figure in fields:
            told[name] = _text(points.get(when, {}).get(fields[figure]))
    return told


def _answer(client: httpx.Client, path: str, query: Mapping[str, str]) -> Answer:
    for left in reversed(range(TRIES)):
        try:
            answer = client.get(path, params=query)
        except httpx.ConnectError:
            if not left:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            answer.raise_for_status()
            body: Answer = answer.json()
            return body
    raise LookupError(path)


def _text(value: str | None) -> str | None:
    return text_of(Decimal(value)) if value is not None else None
