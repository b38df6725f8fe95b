"""Tell everybody who listens: number the message, keep it, and send it out, in one step.

The number, the kept message and the sending are one script: whoever reads a topic's state and then
its messages misses none between. Numbers run without a hole within an epoch. An epoch ends with the
server's memory: after a restart or a flush the numbers of before mean nothing, and a reader that
holds them is told to begin anew rather than left to wait for a number that was given before.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis

from truenav.platform.live.topics import KEEP_SECONDS, KEPT_MESSAGES, keys_of

# A function for scripts that keep something and tell of it in one step. Of its arguments three are
# keys (state, stream, channel), then: a name for a new epoch, the message's own fields, how many
# messages are kept, for how many seconds.
NUMBERED = """
local function tell(state, stream, channel, name, body, kept, seconds)
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  local mine = string.sub(run, 1, 8) .. '.'
  local epoch = redis.call('HGET', state, 'epoch')
  if not epoch or string.sub(epoch, 1, 9) ~= mine then
    epoch = mine .. name
    redis.call('DEL', state, stream)
    redis.call('HSET', state, 'epoch', epoch)
  end
  local sequence = redis.call('HINCRBY', state, 'sequence', 1)
  local message = '{"sequence":' .. sequence .. ',"epoch":"' .. epoch .. '",' .. body
  redis.call('HSET', state, 'last', message)
  redis.call('XADD', stream, 'MAXLEN', kept, sequence .. '-0', 'message', message)
  redis.call('EXPIRE', state, seconds)
  redis.call('EXPIRE', stream, seconds)
  redis.call('PUBLISH', channel, message)
  return sequence
end
"""


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """What is to be told: to whom, of what kind, and its data as JSON.

    Readers skip kinds they do not know. Decimals and instants are text.
    """

    topic: str
    kind: str
    data: Mapping[str, Any]

    @property
    def keys(self) -> tuple[str, str, str]:
        """The keys of `NUMBERED`."""
        keys = keys_of(self.topic)
        return keys.state, keys.stream, keys.channel

    @property
    def arguments(self) -> tuple[str, str, int, int]:
        """The arguments of `NUMBERED`: the message without its number is a list of fields."""
        fields = {"kind": self.kind, "topic": self.topic, "data": self.data}
        body = json.dumps(fields, separators=(",", ":"), ensure_ascii=True)[1:]
        return secrets.token_hex(4), body, KEPT_MESSAGES, KEEP_SECONDS


ALONE = NUMBERED + "return tell(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2], ARGV[3], ARGV[4])"


def publish(redis: Redis, message: LiveMessage) -> int:
    """Tell a message that is kept nowhere else; the number it has been given.

    Raises:
        RedisError: it was not told.
    """
    script = redis.register_script(ALONE)
    return int(script(keys=message.keys, args=message.arguments))
