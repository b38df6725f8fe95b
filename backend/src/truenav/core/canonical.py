"""One text for one value: JSON whose bytes depend on nothing but what it says.

Keys in order, no space, UTF-8; decimals are text already, floats print as the shortest text that
reads back as the same number. So equal values have equal bytes, on every machine and in every
process, and a hash of the bytes stands for the value.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Any


def canonical(value: Json) -> bytes:
    """The bytes of a JSON value.

    Raises:
        ValueError: a number that JSON has no text for.
    """
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def fingerprint(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """A place (JSON pointer) where two values differ; None also where one of them has nothing."""

    pointer: str
    before: str | None
    after: str | None


def differences(before: Json, after: Json) -> Iterator[Difference]:
    """Every leaf that differs, in order of its place; lists are compared place by place."""
    return _differences("", before, after)


def _differences(pointer: str, before: Json, after: Json) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            name = str(key).replace("~", "~0").replace("/", "~1")
            yield from _differences(f"{pointer}/{name}", before.get(key), after.get(key))
    elif _is_list(before) and _is_list(after):
        for place in range(max(len(before), len(after))):
            left = before[place] if place < len(before) else None
            right = after[place] if place < len(after) else None
            yield from _differences(f"{pointer}/{place}", left, right)
    elif before != after or type(before) is not type(after):
        yield Difference(pointer, _text(before), _text(after))


def _is_list(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _text(value: Json) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else canonical(value).decode()
