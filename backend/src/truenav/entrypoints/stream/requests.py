"""What a client may ask of the gateway: subscribe, unsubscribe, and a sign of life."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MOST_TOPICS = 200
MOST_BYTES = 64 * 1024
TopicName = Annotated[str, Field(pattern=r"^[a-z_]+(:[A-Za-z0-9-]{1,40}){0,2}$", max_length=100)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Position(_Asked):
    """A topic, and the last message of it that the client holds, if it holds any."""

    topic: TopicName
    epoch: Annotated[str, Field(max_length=40)] | None = None
    sequence: Annotated[int, Field(ge=0, lt=2**53)] = 0


class Subscribe(_Asked):
    """Tell me of these from where I stopped."""

    kind: Literal["subscribe"]
    topics: Annotated[tuple[Position, ...], Field(min_length=1, max_length=MOST_TOPICS)]


class Unsubscribe(_Asked):
    """Tell me of these no more."""

    kind: Literal["unsubscribe"]
    topics: Annotated[tuple[TopicName, ...], Field(min_length=1, max_length=MOST_TOPICS)]


class Heartbeat(_Asked):
    """I am still here."""

    kind: Literal["heartbeat"]


Request = Annotated[Subscribe | Unsubscribe | Heartbeat, Field(discriminator="kind")]
_READER: TypeAdapter[Subscribe | Unsubscribe | Heartbeat] = TypeAdapter(Request)


def read_request(text: str | bytes) -> Subscribe | Unsubscribe | Heartbeat | None:
    """The request of a frame; None for one that is none."""
    try:
        return _READER.validate_json(text)
    except ValidationError:
        return None
