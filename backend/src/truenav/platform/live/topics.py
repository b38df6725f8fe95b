"""Where the messages of a topic are kept, and how many of them.

A topic is what somebody listens to: "instrument:<id>", "market:XNYS". All its keys share one hash
tag, so that in a cluster they live on one node and one script may write them together.
"""

from dataclasses import dataclass
from uuid import UUID

# What a reconnecting reader may have missed and still gets, message by message.
KEPT_MESSAGES = 1000
# A topic nobody told anything of for so long begins anew.
KEEP_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class TopicKeys:
    """The keys of one topic: its state, its last messages, and the channel it is told on."""

    state: str
    stream: str
    channel: str


def keys_of(topic: str) -> TopicKeys:
    """The keys of a topic."""
    tag = f"live:{{{topic}}}"
    return TopicKeys(f"{tag}:state", f"{tag}:stream", tag)


def id_in(topic: str, kind: str) -> UUID | None:
    """The id a topic of a kind names; None for a topic of something else."""
    found, _, name = topic.partition(":")
    if found != kind:
        return None
    try:
        key = UUID(name)
    except ValueError:
        return None
    # one topic for one thing, however its id could be written
    return key if str(key) == name else None


def topic_of(channel: str) -> str:
    """The topic a channel belongs to."""
    return channel.removeprefix("live:{").removesuffix("}")
