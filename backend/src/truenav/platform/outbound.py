"""Fetching a JSON document from a URL that a person wrote: to public hosts only, and little of it.

A name is resolved once; the connection goes to an address that was looked at, never to a second
answer of the name server. Nothing is followed, nothing is unpacked, nothing of a URL is logged.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from truenav.core.errors import ErrorKind, TruenavError
from truenav.platform.addresses import is_loopback, is_public, read_address
from truenav.platform.settings import ProviderSettings

MAX_BYTES = 1024 * 1024
DEADLINE_SECONDS = 10.0
MAX_ADDRESSES = 4  # of one name, that are tried
MAX_URL = 2000
PORTS = {"https": 443, "http": 80}
OK = 200
Resolve = Callable[[str, int], Sequence[str]]
# One reading of a URL, so that no two parts of the program read it differently.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]{2,45}\]|[a-z0-9.-]{1,253})(?::(?P<port>\d{1,5}))?"
    r"(?P<target>/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*)?(?P<query>\?[A-Za-z0-9\-._~!$&'()*+,;=:@/%?\[\]]*)?",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_IPV4 = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}", re.ASCII)
_JSON_TYPE = re.compile(r"(application|text)/([a-z0-9.-]+\+)?json", re.ASCII)


class AddressRefused(TruenavError):
    """A URL that nothing is fetched from: what it looks like, or where it leads."""

    kind = ErrorKind.UNPROCESSABLE
    code = "address_refused"


class FetchFailed(TruenavError):
    """No answer in time, or not a JSON document of a size one can read."""

    kind = ErrorKind.UNPROCESSABLE
    code = "fetch_failed"


@dataclass(frozen=True, slots=True)
class OutboundRules:
    """What is allowed beyond https to public hosts on 443 and 8443: this machine, for trials."""

    may_reach_loopback: bool = False
    ports: frozenset[int] = frozenset({443, 8443})


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in its parts."""

    scheme: str
    host: str
    port: int
    target: str


def read_url(text: str, rules: OutboundRules) -> Target:
    """Read a URL strictly: https, a plain name or address, a usual port, nothing else in it.

    Raises:
        AddressRefused: anything that could be read in two ways, or that is not allowed.
    """
    found = _URL.fullmatch(text) if len(text) <= MAX_URL else None
    if found is None:
        raise AddressRefused("write a plain URL: https://, a name, a path; no user, no fragment")
    scheme, host = found["scheme"].lower(), found["host"].lower().strip("[]")
    if scheme != "https" and not rules.may_reach_loopback:
        raise AddressRefused("only https is fetched")
    port = int(found["port"]) if found["port"] else PORTS[scheme]
    if not rules.may_reach_loopback and port not in rules.ports:
        raise AddressRefused("only ports 443 and 8443 are fetched from")
    if not 0 < port < 2**16:
        raise AddressRefused("there is no such port")
    _check_host(host, rules)
    return Target(scheme, host, port, (found["target"] or "/") + (found["query"] or ""))


def _check_host(host: str, rules: OutboundRules) -> None:
    """Refuse hosts that are not public as far as one sees without asking.

    Raises:
        AddressRefused: an address in an odd spelling or not public; a name without a dot.
    """
    if ":" in host or _IPV4.fullmatch(host):
        address = read_address(host)
        if address is None or not _is_allowed(host, rules):
            raise AddressRefused("this address is not public")
        return
    if rules.may_reach_loopback and host == "localhost":
        return
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("write the host's full name; other letters as xn--")
    # 0x7f.1, 127.1, 2130706433: what resolvers take for addresses ends in a number
    if labels[-1][0].isdigit():
        raise AddressRefused("this address is not written in its usual form")


def _is_allowed(text: str, rules: OutboundRules) -> bool:
    address = read_address(text)
    if address is None:
        return False
    return is_public(address) or (rules.may_reach_loopback and is_loopback(address))


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses the machine's resolver knows for a name, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Outbound:
    """Fetches JSON documents by the rules. Stateless: a connection serves one request."""

    def __init__(
        self,
        rules: OutboundRules,
        *,
        resolve: Resolve = system_resolve,
        deadline_seconds: float = DEADLINE_SECONDS,
        max_bytes: int = MAX_BYTES,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.rules = rules
        self._resolve = resolve
        self._deadline = deadline_seconds
        self._max_bytes = max_bytes
        self._tls = tls

    def fetch(self, text: str) -> bytes:
        """The body of a JSON document.

        Raises:
            AddressRefused: the URL, or where it leads, is not allowed.
            FetchFailed: no success in time, a redirect, too much, or something else than JSON.
        """
        asked = read_url(text, self.rules)
        backend = _Pinned(self.rules, self._resolve, time.monotonic() + self._deadline)
        host = f"[{asked.host}]" if ":" in asked.host else asked.host
        is_usual = asked.port == PORTS[asked.scheme]
        headers: dict[bytes | str, bytes | str] = {
            "Host": host if is_usual else f"{host}:{asked.port}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": "truenav (personal portfolio tracker)",
        }
        url = httpcore.URL(
            scheme=asked.scheme, host=asked.host, port=asked.port, target=asked.target
        )
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend) as pool,
                pool.stream("GET", url, headers=headers) as answer,
            ):
                return self._read(answer)
        except httpcore.TimeoutException as error:
            raise FetchFailed("it did not answer in time") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise FetchFailed("it could not be reached, or what it said was no answer") from error

    def _read(self, answer: httpcore.Response) -> bytes:
        if 300 <= answer.status < 400:
            raise FetchFailed("it leads elsewhere; write the URL where it leads to")
        if answer.status != OK:
            raise FetchFailed(f"it answered with status {answer.status}")
        headers = {name.lower(): value for name, value in answer.headers}
        told = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0]
        if _JSON_TYPE.fullmatch(told.strip().lower()) is None:
            raise FetchFailed("its answer is not said to be JSON")
        if headers.get(b"content-encoding", b"identity").lower() != b"identity":
            raise FetchFailed("its answer is packed, though that was not asked for")
        body = bytearray()
        for piece in answer.iter_stream():
            body += piece
            if len(body) > self._max_bytes:
                raise FetchFailed(f"its answer is larger than {self._max_bytes // 1024} KB")
        return bytes(body)


def outbound_for(settings: ProviderSettings) -> Outbound | None:
    """What fetches people's URLs in this installation; None when it is offline."""
    if settings.is_offline:
        return None
    return Outbound(OutboundRules(may_reach_loopback=settings.may_reach_loopback))


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses it has looked at, and gives up at one moment for everything."""

    def __init__(self, rules: OutboundRules, resolve: Resolve, ends: float) -> None:
        self._rules, self._resolve, self._ends = rules, resolve, ends
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's addresses, all of which have to be allowed."""
        del timeout, local_address, socket_options
        failed: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port)[:MAX_ADDRESSES]:
            try:
                made = self._plain.connect_tcp(address, port, timeout=left(self._ends))
            except httpcore.ConnectError as error:
                failed = error
                continue
            return _Timed(made, self._ends)
        raise failed

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        if read_address(host) is not None:
            found: Sequence[str] = [host]
        else:
            try:
                found = self._resolve(host, port)
            except (OSError, UnicodeError) as error:
                raise AddressRefused("the name leads to no public address") from error
        # one bad answer among good ones is an attempt, not an accident
        if not found or not all(_is_allowed(address, self._rules) for address in found):
            raise AddressRefused("the name leads to no public address")
        return found


class _Timed(httpcore.NetworkStream):
    """A stream whose every step ends at the same moment: bytes that drip do not prolong it."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream, self._ends = stream, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, within what is left."""
        del timeout
        return self._stream.read(max_bytes, timeout=left(self._ends))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send, within what is left."""
        del timeout
        self._stream.write(buffer, timeout=left(self._ends))

    def close(self) -> None:
        """Let go of it."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """TLS for the host's name, whatever address it is spoken with."""
        del timeout
        made = self._stream.start_tls(ssl_context, server_hostname, timeout=left(self._ends))
        return _Timed(made, self._ends)

    def get_extra_info(self, info: str) -> Any:
        """What the plain stream knows."""
        return self._stream.get_extra_info(info)


def left(ends: float) -> float:
    """Seconds until a moment of the monotonic clock.

    Raises:
        httpcore.ReadTimeout: it has passed.
    """
    found = ends - time.monotonic()
    if found <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return found
