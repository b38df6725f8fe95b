"""What one process of the API holds: made once, handed to every request."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from truenav.platform.clock import Clock
from truenav.platform.limits import AttemptLimits
from truenav.platform.queue import JobQueue
from truenav.platform.settings import Settings
from truenav.platform.tokens import TokenSigner
from truenav.platform.unit_of_work import Sessions


@dataclass(frozen=True, slots=True)
class AppState:
    """Settings and the connections made from them."""

    settings: Settings
    engine: AsyncEngine
    sessions: Sessions
    signer: TokenSigner
    clock: Clock
    queue: JobQueue
    limits: AttemptLimits
