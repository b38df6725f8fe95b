"""The one process that brings quotes of what somebody looks at.

What is looked at are instruments, and portfolios with all they hold. Offline nobody is asked, and
portfolios move with whatever quotes come in otherwise.
"""

import logging
import threading

from truenav.entrypoints.worker.elected import Office, while_elected
from truenav.features.marketdata.live_quotes import LiveQuotes
from truenav.features.marketdata.quoting import QuoteDesk
from truenav.features.valuation.live_portfolios import LivePortfolios
from truenav.platform.clock import Clock
from truenav.platform.db import make_engine, make_sessions
from truenav.platform.settings import Settings

log = logging.getLogger("truenav.live")
LEADER_LOCK = 0x7472756E61760003
ROUND_SECONDS = 1.0


def bring_quotes(settings: Settings, clock: Clock, stop: threading.Event) -> None:
    """Be elected, or wait to be, until told to stop."""
    while_elected(LEADER_LOCK, _bring, (settings, clock, stop), log)


async def _bring(office: Office) -> None:
    """Rounds of quotes, while the connection stands that makes us the one."""
    settings, clock, redis = office.settings, office.clock, office.redis
    engine = make_engine(settings.database.worker or "")
    desk = QuoteDesk(settings, redis, clock)
    sessions = make_sessions(engine)
    quotes = LiveQuotes(desk, redis, sessions, clock)
    portfolios = LivePortfolios(redis, sessions, clock)
    try:
        while await office.next_round(ROUND_SECONDS):
            await portfolios.round()
            if not settings.providers.is_offline:
                await quotes.round(portfolios.instrument_ids)
    finally:
        quotes.close()
        desk.close()
        await engine.dispose()
