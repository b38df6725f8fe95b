"""Kraken ledgers: every trade is two rows with one refid; every row has its balance."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields, added, coin, is_money, minus, ratio
from truenav.core.imports.pairing import doubtful, grouped, paired
from truenav.core.imports.parsed import ParsedRow, RowStatus
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import Skip
from truenav.core.ledger.transactions import (
    CashPart,
    SubKind,
    TransactionDraft,
    TransactionKind,
)

FORMAT = "kraken_ledgers_csv"
REQUIRED = ("txid", "refid", "time", "type", "aclass", "asset", "amount", "fee", "balance")
K, S = TransactionKind, SubKind
TRADES = frozenset({"trade", "spend", "receive", "conversion", "dustsweeping"})
REWARDS = frozenset({"staking", "reward", "airdrop", "credit"})
# Between wallets of the one account; the other wallet has the other row.
BETWEEN_WALLETS = frozenset(
    {
        "spottostaking",
        "stakingfromspot",
        "stakingtospot",
        "spotfromstaking",
        "spottofutures",
        "spotfromfutures",
        "autoallocation",
        "allocation",
        "deallocation",
        "migration",
    }
)
OLD_NAMES = {"XXBT": "BTC", "XBT": "BTC", "XXDG": "DOGE", "XDG": "DOGE"}


def asset_code(code: str) -> str:
    """The plain code: "ZEUR" is EUR, "XXBT" and "XBT" are BTC, "DOT.S" is staked DOT."""
    base = code.partition(".")[0].upper()
    if base in OLD_NAMES:
        return OLD_NAMES[base]
    if len(base) == 4 and base[0] in "XZ":
        return base[1:]
    return base


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    if row.text("txid") is None:
        raise Skip("pending", "not settled yet; the settled row follows with an id")
    word, detail = row.needed_text("type").lower(), (row.text("subtype") or "").lower()
    if detail in BETWEEN_WALLETS:
        raise Skip("internal", "between wallets of the account; its balance stays")
    asset = asset_code(row.needed_text("asset"))
    amount, fee = row.needed("amount"), row.figure("fee")
    shared: dict[str, Any] = {
        "trade_date": row.day("time"),
        "traded_at": row.instant("time"),
        "broker_reference": row.text("txid", limit=60),
        "note": f"{word} {detail}".strip(),
    }
    if is_money(asset):
        kind, sub_kind = _money_kind(word, amount)
        net = added(amount, minus(fee))
        has_fee = kind is not K.INTEREST
        return [
            row.draft(
                kind,
                sub_kind=sub_kind,
                currency=asset,
                net=net,
                fee=fee if has_fee else None,
                **shared,
            )
        ]
    # a fee in coins leaves with them
    units = added(amount, minus(fee)) or Decimal(0)
    kind, sub_kind = _coin_kind(word, detail, units)
    currency = row.context.default_currency
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            currency=currency,
            instrument=coin(asset, currency),
            quantity=units,
            **shared,
        )
    ]


def _money_kind(word: str, amount: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if word in TRADES:
        return K.FX_CONVERSION, None
    if word in {"deposit", "withdrawal", "transfer"}:
        return (K.DEPOSIT if amount >= 0 else K.WITHDRAWAL), None
    if word in {"earn", *REWARDS}:
        return K.INTEREST, S.CASH
    return (K.INTEREST, S.MARGIN) if word == "rollover" else (K.UNKNOWN, None)


def _coin_kind(word: str, detail: str, units: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if word in TRADES:
        return (K.BUY if units > 0 else K.SELL), None
    if word in REWARDS or (word == "earn" and detail == "reward"):
        return K.REWARD, S.STAKING
    if word in {"deposit", "withdrawal", "transfer"}:
        return (K.TRANSFER_IN if units > 0 else K.TRANSFER_OUT), None
    return K.UNKNOWN, None


def _refid(row: ParsedRow) -> Hashable:
    return row.original.get("refid", "").strip()


def _joined(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    found = list(rows)
    legs = [
        i
        for i, row in enumerate(rows)
        if row.status is RowStatus.IMPORTED
        and row.drafts[0].kind in {K.BUY, K.SELL, K.FX_CONVERSION}
    ]
    for group in grouped(rows, legs, _refid):
        money = [i for i in group if rows[i].drafts[0].kind is K.FX_CONVERSION]
        coins = [i for i in group if i not in money]
        if len(money) == len(coins) == 1:
            _join_trade(found, coins[0], money[0])
        elif len(money) == 2 and not coins:
            _join_money(found, *money)
        else:
            _leave_apart(found, group)
    return found


def _join_trade(rows: list[ParsedRow], coins: int, money: int) -> None:
    """Coins for money: one trade, priced by what was paid."""
    units, paid = rows[coins].drafts[0], rows[money].drafts[0]
    amount = paid.gross.amount if paid.gross is not None else Decimal(0)
    trade = replace(
        units,
        currency=paid.currency,
        gross=paid.gross,
        fee=paid.fee,
        price=ratio(amount, units.quantity) if units.quantity else None,
        instrument=coin(units.instrument.symbol or "", paid.currency) if units.instrument else None,
    )
    rows[coins] = replace(rows[coins], drafts=(trade,))
    rows[money] = paired(rows[money], rows[coins], "the money of the trade")


def _join_money(rows: list[ParsedRow], one: int, other: int) -> None:
    """Money for money: what was paid with the other leg, whose own fee comes off it."""
    first = rows[one].drafts[0]
    is_out = first.gross is not None and first.gross.amount < 0
    out, into = (one, other) if is_out else (other, one)
    received = rows[into].drafts[0]
    gross = received.gross
    net = added(
        gross.amount if gross else None, minus(received.fee.amount if received.fee else None)
    )
    counter = CashPart(amount=net or Decimal(0), currency=received.currency)
    rows[out] = replace(rows[out], drafts=(replace(rows[out].drafts[0], counter=counter),))
    rows[into] = paired(rows[into], rows[out], "received in the conversion")


def _leave_apart(rows: list[ParsedRow], group: Sequence[int]) -> None:
    """Coins for coins: nobody says what they were worth, so no gain is made up.

    Coins arrive and leave as transfers, their cost unknown; money that stays alone is kept.
    """
    for index in group:
        draft = rows[index].drafts[0]
        if draft.kind is K.FX_CONVERSION:
            message = "the other side of this trade is not in the file"
            rows[index] = doubtful(rows[index], "unpaired_trade", message)
            continue
        is_in = (draft.quantity or 0) > 0
        moved = replace(
            draft, kind=K.TRANSFER_IN if is_in else K.TRANSFER_OUT, is_external_flow=True
        )
        message = "coins for coins: the file does not say what they were worth"
        rows[index] = doubtful(replace(rows[index], drafts=(moved,)), "value_unknown", message)


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Kraken",
        required=REQUIRED,
        drafts=_drafts,
        date_order="ymd",
        pairing=_joined,
    )
)
