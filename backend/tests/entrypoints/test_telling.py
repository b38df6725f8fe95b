"""Work that was given up is told once, through a real webhook and a real mail server."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from tests.builders import add_member
from tests.conftest import NOON, Connection
from tests.loopback import Answer, Asked, loopback
from tests.servers import Servers
from truenav.entrypoints.worker.telling import Teller
from truenav.platform.alerting import AlertFailed, MailChannel, SlackChannel, channels
from truenav.platform.clock import new_id
from truenav.platform.settings import AlertSettings, SettingsError, read_settings


@dataclass
class Mailbox:
    """A mail server that takes everything, or refuses recipients."""

    port: int = 0
    is_refusing: bool = False
    messages: list[str] = field(default_factory=list)


@contextmanager
def mailbox(*, is_refusing: bool = False) -> Iterator[Mailbox]:
    """A server that speaks as much SMTP (RFC 5321) as a client needs."""
    box = Mailbox(is_refusing=is_refusing)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 box\r\n")
            while line := self.rfile.readline():
                verb = line[:4].upper().decode()
                if verb == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = iter(self.rfile.readline, b".\r\n")
                    box.messages.append(b"".join(lines).decode())
                if verb == "RCPT" and box.is_refusing:
                    self.wfile.write(b"550 nobody here\r\n")
                elif verb == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Place:
    """An empty database, and the scheduler's connection to it."""

    admin: Connection
    worker: Connection

    def park(self, count: int = 1, *, ago: int = 0, error: str | None = None) -> list[UUID]:
        """Work that was given up so many seconds before noon."""
        tenant_id = add_member(self.admin).tenant_id
        made = [new_id() for _ in range(count)]
        for event_id in made:
            self.admin.execute(
                "INSERT INTO outbox (tenant_id, id, topic, payload, parked_at, park_reason,"
                " last_error) VALUES (%s, %s, 'imports.uploaded', '{}', %s, 'failed', %s)",
                (tenant_id, event_id, NOON - timedelta(seconds=ago), error),
            )
        return made


@pytest.fixture
def place(servers: Servers, fresh_database: Callable[[], str]) -> Iterator[Place]:
    name = fresh_database()
    with (
        psycopg.connect(servers.dsn(name), autocommit=True) as admin,
        psycopg.connect(servers.dsn(name, "truenav_worker"), autocommit=True) as worker,
    ):
        yield Place(admin, worker)


@contextmanager
def webhook(*statuses: int) -> Iterator[tuple[SlackChannel, list[Asked]]]:
    with loopback(*(Answer(status, b"ok") for status in statuses)) as server:
        yield SlackChannel(f"{server.url}/services/T0/B0/secret"), server.asked


def test_each_is_told_once_and_many_in_one_message(place: Place) -> None:
    made = place.park(12, error="DataError: ACME Inc. 100 shares")
    with webhook(200) as (channel, asked):
        teller = Teller([channel], "https://nav.example.com")
        told = [teller.tell_of_parked(place.worker, NOON) for _ in range(3)]
    assert (told, len(asked)) == ([12, 0, 0], 1)
    text = json.loads(asked[0].body)["text"]
    assert text.startswith("*Truenav gave up 12 jobs*\nimports.uploaded: 12\n")
    assert "and 2 more" in text
    assert "https://nav.example.com/operations/jobs" in text
    assert sum(str(one) in text for one in made) == 10
    assert "(DataError)" in text
    assert "ACME" not in text  # what somebody holds is nobody's business


def test_a_second_failure_after_a_retry_is_told_again(place: Place) -> None:
    (one,) = place.park()
    with webhook(200) as (channel, asked):
        teller = Teller([channel])
        teller.tell_of_parked(place.worker, NOON)
        place.admin.execute("UPDATE outbox SET alerted_at = NULL WHERE id = %s", (one,))
        teller.tell_of_parked(place.worker, NOON)
    assert len(asked) == 2


def test_what_nobody_took_is_told_later(place: Place) -> None:
    place.park()
    with webhook(500, 200) as (channel, asked):
        teller = Teller([channel])
        first = teller.tell_of_parked(place.worker, NOON)
        at_once = teller.tell_of_parked(place.worker, NOON)
        later = teller.tell_of_parked(place.worker, NOON + timedelta(minutes=1))
    assert (first, at_once, later, len(asked)) == (0, 0, 1, 2)


def test_one_channel_that_takes_it_is_enough(place: Place) -> None:
    place.park()
    with webhook(500) as (slack, _), mailbox() as box:
        mail = MailChannel(f"smtp://127.0.0.1:{box.port}", "nav@example.com", ["a@example.com"])
        told = Teller([slack, mail]).tell_of_parked(place.worker, NOON)
    assert told == 1
    (message,) = box.messages
    assert "Subject: Truenav gave up 1 job\r\n" in message
    assert "To: a@example.com\r\n" in message


def test_a_mail_server_that_refuses_is_a_failure(place: Place) -> None:
    place.park()
    with mailbox(is_refusing=True) as box:
        mail = MailChannel(f"smtp://127.0.0.1:{box.port}", "nav@example.com", ["a@example.com"])
        with pytest.raises(AlertFailed):
            mail.send("subject", "text")
        assert Teller([mail]).tell_of_parked(place.worker, NOON) == 0
    assert box.messages == []


def test_a_password_is_never_sent_without_tls() -> None:
    with mailbox() as box:
        mail = MailChannel(f"smtp://me:secret@127.0.0.1:{box.port}", "a@b.c", ["a@b.c"])
        with pytest.raises(AlertFailed, match="no TLS"):
            mail.send("subject", "text")


def test_nobody_to_tell_leaves_the_rows_for_who_looks(place: Place) -> None:
    (one,) = place.park()
    assert Teller(()).tell_of_parked(place.worker, NOON) == 0
    row = place.admin.execute("SELECT alerted_at FROM outbox WHERE id = %s", (one,)).fetchone()
    assert row == (None,)


def test_what_was_given_up_long_ago_is_no_news(place: Place) -> None:
    place.park(ago=2 * 86_400)
    with webhook(200) as (channel, asked):
        assert Teller([channel]).tell_of_parked(place.worker, NOON) == 0
    assert asked == []


def test_a_webhook_that_is_not_there_does_not_tell_its_secret() -> None:
    with pytest.raises(AlertFailed) as caught:
        SlackChannel("http://127.0.0.1:1/services/secret").send("subject", "text")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "channel",
    [
        MailChannel("smtp://mail:99999999", "a@b.c", ["a@b.c"]),
        MailChannel("smtp://mail:port", "a@b.c", ["a@b.c"]),
        SlackChannel("http://127.0.0.1:99999999/x"),
        SlackChannel("http://[nowhere/x"),
    ],
)
def test_an_address_that_is_none_fails_like_one_nobody_answers_at(
    place: Place, channel: MailChannel | SlackChannel
) -> None:
    place.park()
    assert Teller([channel]).tell_of_parked(place.worker, NOON) == 0


def test_an_address_no_mail_can_go_to_is_a_refusal() -> None:
    with mailbox() as box:
        mail = MailChannel(f"smtp://127.0.0.1:{box.port}", "a@b.c", ["\u00e4\ud800@b.c"])
        with pytest.raises(AlertFailed):
            mail.send("subject", "text")


def test_channels_are_what_is_set_up() -> None:
    both = AlertSettings(
        slack_url="https://hooks.example.com/x", smtp_url="smtp://mail", mail_to=("a@b.c",)
    )
    assert [channel.name for channel in channels(both)] == ["slack", "mail"]
    assert channels(AlertSettings(smtp_url="smtp://mail")) == []
    assert "hooks" not in repr(both)


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRUENAV_SMTP_URL", "mail.example.com"), ("TRUENAV_ALERT_SLACK_URL", "file:///etc")],
)
def test_addresses_that_cannot_be_used_are_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})
