"""Crypto.com app: every movement has its value in the native currency; swaps come in two rows."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from truenav.core.imports.fields import Fields, added, coin, is_money, minus, ratio
from truenav.core.imports.pairing import doubtful, grouped, only_draft
from truenav.core.imports.parsed import ParsedRow
from truenav.core.imports.profile import Profile, reader_of
from truenav.core.imports.rows import Skip, gross_part
from truenav.core.ledger.transactions import SubKind, TransactionDraft, TransactionKind

FORMAT = "crypto_com_csv"
REQUIRED = (
    "timestamp (utc)",
    "transaction description",
    "currency",
    "amount",
    "to currency",
    "to amount",
    "native currency",
    "native amount",
    "transaction kind",
)
K, S = TransactionKind, SubKind
EXCHANGES = frozenset({"crypto_exchange", "viban_purchase", "crypto_viban_exchange"})
# Coins stay with the person; they are only locked or set free.
LOCKS = frozenset(
    {
        "lockup_lock",
        "lockup_unlock",
        "lockup_upgrade",
        "finance.lockup.dpos_lock.crypto_wallet",
        "finance.lockup.dpos_unlock.crypto_wallet",
        "crypto_earn_program_created",
        "crypto_earn_program_withdrawn",
        "supercharger_deposit",
        "supercharger_withdrawal",
    }
)
REWARDS = frozenset(
    {
        "referral_card_cashback",
        "card_cashback_reverted",
        "reimbursement",
        "mco_stake_reward",
        "crypto_earn_interest_paid",
        "supercharger_reward_to_app_credited",
        "rewards_platform_deposit_credited",
        "referral_gift",
        "referral_bonus",
        "admin_wallet_credited",
        "finance.lockup.dpos_compound_interest.crypto_wallet",
        "finance.dpos.compound_interest.crypto_wallet",
    }
)
INTO = frozenset({"crypto_deposit", "exchange_to_crypto_transfer", "crypto_transfer"})
OUT_OF = frozenset({"crypto_withdrawal", "crypto_to_exchange_transfer", "crypto_payment"})
SWAPS = frozenset(
    {
        "crypto_wallet_swap_debited",
        "crypto_wallet_swap_credited",
        "dust_conversion_debited",
        "dust_conversion_credited",
    }
)


def _drafts(row: Fields) -> Sequence[TransactionDraft]:
    word = row.needed_text("transaction kind")
    if word in LOCKS:
        raise Skip("internal", "coins locked or set free; they stay in the account")
    asset, amount = row.needed_text("currency").upper(), row.needed("amount")
    native = row.currency("native currency", row.context.default_currency)
    value = row.needed("native amount").copy_abs()
    shared: dict[str, Any] = {
        "trade_date": row.day("timestamp (utc)"),
        "traded_at": row.instant("timestamp (utc)"),
        "note": f"{word}: {row.text('transaction description') or ''}",
    }
    if word in EXCHANGES:
        target = row.needed_text("to currency").upper()
        sides = ((asset, amount.copy_abs().copy_negate()), (target, row.needed("to amount")))
        return [
            _side(row, code, units, (native, value), shared)
            for code, units in sides
            if not is_money(code)
        ]
    if word == "card_top_up":
        # coins are sold and what they bring goes to the card
        sale = _side(row, asset, amount, (native, value), shared)
        return [sale, row.draft(K.WITHDRAWAL, currency=native, net=minus(value), **shared)]
    if word in SWAPS or word == "crypto_purchase":
        return [_side(row, asset, amount, (native, value), shared)]
    kind, sub_kind = _kind(word, amount)
    return [
        row.draft(
            kind,
            sub_kind=sub_kind,
            currency=native,
            instrument=coin(asset, native),
            quantity=amount if kind is not K.UNKNOWN else None,
            price=ratio(value, amount) if kind is K.REWARD and amount else None,
            **shared,
        )
    ]


def _side(
    row: Fields, code: str, units: Decimal, valued: tuple[str, Decimal], shared: dict[str, Any]
) -> TransactionDraft:
    """Coins against their value in money: bought when they come, sold when they go."""
    currency, value = valued
    is_in = units > 0
    return row.draft(
        K.BUY if is_in else K.SELL,
        currency=currency,
        net=minus(value) if is_in else value,
        instrument=coin(code, currency),
        quantity=units,
        price=ratio(value, units) if units else None,
        **shared,
    )


def _kind(word: str, amount: Decimal) -> tuple[TransactionKind, SubKind | None]:
    if word in REWARDS and amount > 0:
        return K.REWARD, (S.STAKING if "stake" in word or "dpos" in word else S.BONUS)
    if word in INTO and amount > 0:
        return K.TRANSFER_IN, None
    if word in OUT_OF or (word in INTO and amount < 0):
        return K.TRANSFER_OUT, None
    return K.UNKNOWN, None


def _second(row: ParsedRow) -> Hashable:
    return row.original.get("Timestamp (UTC)")


def _balanced(rows: Sequence[ParsedRow]) -> list[ParsedRow]:
    """What a swap brings cost what was given: both sides are valued apart and differ by a bit."""
    found = list(rows)
    swaps = [i for i, row in enumerate(rows) if row.original.get("Transaction Kind") in SWAPS]
    for group in grouped(rows, swaps, _second):
        given = [d for i in group if (d := only_draft(rows[i], K.SELL)) is not None]
        into = [i for i in group if only_draft(rows[i], K.BUY) is not None]
        values = [draft.gross.amount for draft in given if draft.gross is not None]
        if len(into) != 1 or not values:
            for index in group:
                message = "the other side of this swap is not in the file"
                found[index] = doubtful(rows[index], "unpaired_swap", message)
            continue
        bought, total = rows[into[0]].drafts[0], added(*values) or Decimal(0)
        price = ratio(total, bought.quantity) if bought.quantity else None
        bought = replace(bought, gross=gross_part(minus(total), bought.currency), price=price)
        found[into[0]] = replace(rows[into[0]], drafts=(bought,))
    return found


read = reader_of(
    Profile(
        format=FORMAT,
        broker="Crypto.com",
        required=REQUIRED,
        drafts=_drafts,
        date_order="ymd",
        pairing=_balanced,
    )
)
