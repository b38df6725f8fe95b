"""How far a running job is, told through Redis: nice to know, never needed."""

import logging

from redis.exceptions import RedisError

from truenav.platform.queue import JobQueue

log = logging.getLogger("truenav.progress")
LIFETIME_SECONDS = 600


def tell_progress(queue: JobQueue, key: str, done: int, total: int | None) -> None:
    """Say how far the work is; silence is no failure."""
    redis = queue.redis
    if redis is None:
        return
    try:
        redis.set(
            f"progress:{key}",
            f"{done}/{total if total is not None else ''}",
            LIFETIME_SECONDS,
        )
    except RedisError as error:
        log.info("progress not told: %s", error)


def read_progress(queue: JobQueue, key: str) -> tuple[int, int | None]:
    """(done, total); nothing done and total unknown when nobody said anything."""
    redis = queue.redis
    if redis is None:
        return 0, None
    try:
        found = redis.get(f"progress:{key}")
    except RedisError:
        return 0, None
    done, _, total = (found.decode() if isinstance(found, bytes) else "0/").partition("/")
    return int(done), int(total) if total else None
