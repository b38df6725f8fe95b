"""How far a running job is, told through Redis: nice to know, never needed."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from redis.exceptions import RedisError

from truenav.platform.queue import JobQueue

log = logging.getLogger("truenav.progress")
LIFETIME_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of so many, if that is known, and what is being done."""

    done: int = 0
    total: int | None = None
    message: str | None = None


def tell_progress(queue: JobQueue, key: str, progress: Progress) -> None:
    """Say how far the work is; silence is no failure."""
    redis = queue.redis
    if redis is None:
        return
    try:
        redis.set(f"progress:{key}", json.dumps(asdict(progress)), LIFETIME_SECONDS)
    except RedisError as error:
        log.info("progress not told: %s", error)


def read_progress(queue: JobQueue, key: str) -> Progress:
    """What was told last; nothing done and total unknown when nobody said anything."""
    return read_all_progress(queue, [key])[0]


def read_all_progress(queue: JobQueue, keys: Sequence[str]) -> list[Progress]:
    """The same for many, in their order."""
    redis = queue.redis
    if redis is None or not keys:
        return [Progress() for _ in keys]
    try:
        found = redis.mget([f"progress:{key}" for key in keys])
    except RedisError:
        return [Progress() for _ in keys]
    return [_read(text) for text in found]


def _read(text: bytes | str | None) -> Progress:
    try:
        return Progress(**json.loads(text)) if text else Progress()
    except (ValueError, TypeError):  # as an older worker tells it
        return Progress()
