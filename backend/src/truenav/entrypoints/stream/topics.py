"""Which topics there are, and who may listen to which."""

from collections.abc import Sequence

from truenav.features.alerts.messages import topic_of_alerts
from truenav.features.instruments.reads import visible
from truenav.features.marketdata.messages import instrument_of
from truenav.features.valuation.messages import topic_of_valuation
from truenav.features.valuation.portfolio_messages import topic_of_portfolio
from truenav.platform.state import AppState
from truenav.platform.tokens import Identity
from truenav.platform.unit_of_work import open_unit_of_work

# Of these only how things stand now counts; of others every message does.
CONFLATED = frozenset({"instrument", "portfolio"})


def is_conflated(topic: str) -> bool:
    """Whether a newer message of a topic makes the one before it superfluous."""
    return topic.partition(":")[0] in CONFLATED


async def allowed(state: AppState, identity: Identity, topics: Sequence[str]) -> set[str]:
    """The topics among these that exist and that this person may listen to."""
    own = {
        topic(identity.tenant_id)
        for topic in (topic_of_valuation, topic_of_portfolio, topic_of_alerts)
    }
    mine = own & set(topics)
    return mine | await _instruments(state, identity, topics)


async def _instruments(state: AppState, identity: Identity, topics: Sequence[str]) -> set[str]:
    instruments = {topic: key for topic in topics if (key := instrument_of(topic)) is not None}
    if not instruments:
        return set()
    async with open_unit_of_work(state.sessions, identity.tenant_id, identity.user_id) as uow:
        seen = await visible(uow.session, instruments.values())
    return {topic for topic, key in instruments.items() if key in seen}
