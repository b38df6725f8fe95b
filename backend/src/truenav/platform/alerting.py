"""Telling who operates the installation that something was given up: Slack, and e-mail."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from truenav.core.errors import ErrorKind, TruenavError
from truenav.platform.settings import AlertSettings

TIMEOUT_SECONDS = 10.0


class AlertFailed(TruenavError):
    """A channel that did not take a message; it is tried again."""

    kind = ErrorKind.UNAVAILABLE
    code = "alert_failed"


class Channel(Protocol):
    """Somewhere a person looks."""

    @property
    def name(self) -> str:
        """What to call it in a log."""
        ...

    def send(self, subject: str, text: str) -> None:
        """Deliver one message.

        Raises:
            AlertFailed: it was not taken.
        """
        ...


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """An incoming webhook of Slack, or of anything that takes the same body."""

    url: str
    name: str = "slack"

    def send(self, subject: str, text: str) -> None:
        """Deliver one message."""
        try:
            answer = httpx.post(
                self.url, json={"text": f"*{subject}*\n{text}"}, timeout=TIMEOUT_SECONDS
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            # its address is a secret, and some errors quote it
            raise AlertFailed(f"the webhook did not answer: {type(error).__name__}") from error
        if answer.status_code >= 300:  # a redirect is no delivery either
            raise AlertFailed(f"the webhook answered {answer.status_code}")


@dataclass(frozen=True, slots=True)
class MailChannel:
    """A mail server: `smtp://user:password@host:587`, or `smtps://…` for TLS from the start.

    `smtp` turns to TLS wherever the server offers it; a password is never sent without.
    """

    url: str
    sender: str
    recipients: Sequence[str]
    name: str = "mail"

    def send(self, subject: str, text: str) -> None:
        """Deliver one message."""
        parts = urlsplit(self.url)
        try:
            message = EmailMessage()
            message["Subject"], message["From"] = subject, self.sender
            message["To"] = ", ".join(self.recipients)
            message.set_content(text)
            with self._connected() as server:
                if parts.username is not None:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(message)
        # a password beyond ASCII and a port that is none are ValueErrors
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise AlertFailed(f"the mail server refused: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context
            )
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif parts.username is not None:
            server.close()
            raise AlertFailed("the mail server offers no TLS, and a password would be sent")
        return server


def channels(settings: AlertSettings) -> list[Channel]:
    """The channels an installation has set up."""
    found: list[Channel] = []
    if settings.slack_url is not None:
        found.append(SlackChannel(settings.slack_url))
    if settings.smtp_url is not None and settings.mail_to:
        sender = settings.mail_from or settings.mail_to[0]
        found.append(MailChannel(settings.smtp_url, sender, settings.mail_to))
    return found
