"""Which topics there are, and who may listen to which."""

from collections.abc import Sequence
from uuid import UUID

from truenav.core.calendar.exchanges import exchange_days
from truenav.features.instruments.reads import visible
from truenav.platform.state import AppState
from truenav.platform.tokens import Identity
from truenav.platform.unit_of_work import open_unit_of_work

# Of these only how things stand now counts; of others every message does.
CONFLATED = frozenset({"instrument", "market", "portfolio"})


def is_conflated(topic: str) -> bool:
    """Whether a newer message of a topic makes the one before it superfluous."""
    return topic.partition(":")[0] in CONFLATED


async def allowed(state: AppState, identity: Identity, topics: Sequence[str]) -> set[str]:
    """The topics among these that exist and that this person may listen to."""
    found = {topic for topic in topics if _is_market(topic)}
    instruments = {topic: key for topic in topics if (key := _instrument(topic)) is not None}
    if instruments:
        async with open_unit_of_work(state.sessions, identity.tenant_id, identity.user_id) as uow:
            seen = await visible(uow.session, instruments.values())
        found |= {topic for topic, key in instruments.items() if key in seen}
    return found


def _instrument(topic: str) -> UUID | None:
    kind, _, name = topic.partition(":")
    if kind != "instrument":
        return None
    try:
        key = UUID(name)
    except ValueError:
        return None
    return key if str(key) == name else None


def _is_market(topic: str) -> bool:
    kind, _, mic = topic.partition(":")
    if kind != "market":
        return False
    return exchange_days(mic) is not None
