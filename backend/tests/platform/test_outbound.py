"""Fetching what a person's URL names: how it may be written, where it may lead, what it says."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tests.loopback import Answer, loopback
from truenav.platform.addresses import is_public
from truenav.platform.outbound import (
    AddressRefused,
    FetchFailed,
    Outbound,
    OutboundRules,
    outbound_for,
    read_url,
)
from truenav.platform.settings import SettingsError, read_settings

STRICT = OutboundRules()
TRIAL = OutboundRules(may_reach_loopback=True)
JSON = {"Content-Type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    "host",
    [
        # 127.0.0.1 as inet_aton and browsers take it: decimal, octal, hexadecimal, short
        "127.0.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
        "127.1", "127.0.1", "127.000.000.001", "0x7f.1", "0", "0.0.0.0",
        # and as names and as letters that become digits
        "localhost", "localhost.", "127.0.0.1.", "example.com.", "\uff11\uff12\uff17.0.0.1",
        "127\u30020\u30020\u30021",
        "ⓛocalhost", "bücher.example", "127%2e0%2e0%2e1", "example.com%00.test", "-a.example",
        # own networks, shared, link-local and what clouds answer at, multicast, reserved
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "168.63.129.16", "100.100.100.200", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.0.0.192", "198.18.0.1", "203.0.113.1",
        # IPv6: this machine, mapped, compatible, with a zone, local, unique local, multicast
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[fe80::1%25eth0]", "[fe80::1%eth0]", "[fe80::1]", "[fd00:ec2::254]", "[ff02::1]",
        "[::ffff:8.8.8.8]",
        # translated: NAT64, local NAT64, 6to4, Teredo
        "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
        "[2002:808:808::1]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[1:2:3]",
        # names nobody outside knows, and none at all
        "redis", "postgres", "metadata", "", ".", "a..example", "exa_mple.test",
    ],
)  # fmt: skip
def test_a_host_that_is_not_plainly_public_is_refused(host: str) -> None:
    asked: list[str] = []

    def resolve(name: str, port: int) -> Sequence[str]:
        del port
        asked.append(name)
        return ["93.184.216.34"]

    with pytest.raises(AddressRefused):
        Outbound(STRICT, resolve=resolve, deadline_seconds=0.5).fetch(f"https://{host}/x.json")
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x.json", "ftp://example.com/x", "file:///etc/passwd", "gopher://a.test/",
        "https:example.com", "https:/example.com", "//example.com/x", "example.com/x",
        "https://user@example.com/", "https://user:pass@example.com/", "https://example.com@10.0.0.1/",
        "https://example.com:80/", "https://example.com:22/", "https://example.com:6379/",
        "https://example.com:99999/", "https://example.com:/x", "https://example.com/#x",
        "https://example.com\\@10.0.0.1/", "https://example.com/a b",
        "https://example.com/\r\nX: y",
        "https://example.com/x\n", " https://example.com/", "https://exam\tple.com/", "https:///x",
        "https://example.com/" + "a" * 2000,
    ],
)  # fmt: skip
def test_a_url_that_says_more_than_a_place_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        read_url(url, STRICT)


def test_a_plain_url_is_read_into_its_parts() -> None:
    read = read_url("HTTPS://API.Example.com:8443/v1/a%20b?id=1&f=[0]", STRICT)

    assert (read.scheme, read.host, read.port) == ("https", "api.example.com", 8443)
    assert read.target == "/v1/a%20b?id=1&f=[0]"
    assert read_url("https://example.com", STRICT).target == "/"
    assert read_url("https://[2606:4700::6810:84e5]/x", STRICT).host == "2606:4700::6810:84e5"
    assert read_url("https://1.1.1.1/x", STRICT).port == 443


@pytest.mark.parametrize(
    "told",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fd00::1"], ["fe80::1%eth0"],
        ["::ffff:10.0.0.1"], ["64:ff9b::10.0.0.1"], ["93.184.216.34", "10.0.0.1"], [], ["nonsense"],
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(told: list[str]) -> None:
    outbound = Outbound(STRICT, resolve=lambda _name, _port: told, deadline_seconds=0.5)

    with pytest.raises(AddressRefused, match="leads to no public address"):
        outbound.fetch("https://rates.example.com/x.json")


def test_a_name_nobody_knows_is_told_as_one_that_leads_inside() -> None:
    def resolve(_name: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "unknown")

    with pytest.raises(AddressRefused, match="leads to no public address"):
        Outbound(STRICT, resolve=resolve).fetch("https://rates.example.com/x.json")


def test_public_addresses_are_public() -> None:
    for text in (
        "8.8.8.8",
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1",
        "64:ff9b::808:808",
    ):
        assert is_public(ip_address(text)), text


@given(st.ip_addresses())
def test_what_the_standard_library_calls_inside_is_never_public(address: object) -> None:
    made = ip_address(str(address))
    inside = made.is_private or made.is_loopback or made.is_link_local or made.is_multicast
    if inside or made.is_reserved or made.is_unspecified:
        assert not is_public(made) or "64:ff9b::" in str(made)


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    """Rebinding: the name server says another thing when asked again. It is not asked again."""
    asked: list[str] = []

    def resolve(name: str, _port: int) -> Sequence[str]:
        asked.append(name)
        # in this trial loopback stands for the public address, an own network for the inside
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with loopback(Answer(body=b'{"price": 1}', headers=JSON)) as server:
        port = server.url.rpartition(":")[2]
        outbound = Outbound(TRIAL, resolve=resolve, deadline_seconds=5)
        body = outbound.fetch(f"http://rates.example.com:{port}/x.json?a=1")
        with pytest.raises(AddressRefused):
            outbound.fetch(f"http://rates.example.com:{port}/x.json")

    assert body == b'{"price": 1}'
    assert asked == ["rates.example.com"] * 2
    assert [(a.path, a.query) for a in server.asked] == [("/x.json", {"a": "1"})]


def test_a_hosted_installation_never_reaches_itself() -> None:
    asked = {"TRUENAV_OUTBOUND_LOOPBACK": "1"}

    with pytest.raises(SettingsError, match="hosted"):
        read_settings({**asked, "TRUENAV_MODE": "hosted"})
    trial = outbound_for(read_settings(asked).providers)
    usual = outbound_for(read_settings({}).providers)
    assert trial is not None
    assert usual is not None
    assert (trial.rules, usual.rules) == (TRIAL, STRICT)
    assert outbound_for(read_settings({"TRUENAV_OFFLINE": "1"}).providers) is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with (
        loopback(Answer(body=b'{"secret": 1}', headers=JSON)) as inside,
        loopback(Answer(status=status, headers={**JSON, "Location": inside.url})) as server,
        pytest.raises(FetchFailed, match="leads elsewhere"),
    ):
        Outbound(TRIAL).fetch(server.url)
    assert inside.asked == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=500, headers=JSON), "status 500"),
        (Answer(body=b"<html>", headers={"Content-Type": "text/html"}), "not said to be JSON"),
        (Answer(body=b"{}"), "not said to be JSON"),
        (Answer(body=b"x", headers={**JSON, "Content-Encoding": "gzip"}), "packed"),
        (Answer(body=b"1" * 2001, headers=JSON), "larger than"),
        (Answer(body=b"1" * 500, headers=JSON, cut_after=100), "no answer"),
    ],
)
def test_an_answer_that_is_no_document_is_refused(answer: Answer, why: str) -> None:
    with loopback(answer) as server, pytest.raises(FetchFailed, match=why):
        Outbound(TRIAL, max_bytes=2000).fetch(server.url)


@contextmanager
def dripping(first: bytes, drop: bytes) -> Iterator[str]:
    """A server that says a little every twentieth of a second and never ends."""
    stop = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                connection.sendall(first)
                while not stop.wait(0.05):
                    connection.sendall(drop)
            except OSError:
                return  # who asked has gone

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        stop.set()
        thread.join()
        listener.close()


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n",
            b"1",
        ),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
)
def test_an_answer_that_drips_ends_with_the_time(first: bytes, drop: bytes) -> None:
    began = time.monotonic()
    with dripping(first, drop) as url, pytest.raises(FetchFailed, match="in time"):
        Outbound(TRIAL, deadline_seconds=0.5).fetch(url)
    assert time.monotonic() - began < 3


@pytest.fixture
def a_certificate(tmp_path: Path) -> Path:
    """A certificate, with its key, of rates.example.com by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rates.example.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("rates.example.com")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Told(BaseHTTPRequestHandler):
    """Answers with the host it was asked for."""

    def do_GET(self) -> None:
        body = f'"{self.headers["Host"]}"'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Tests print nothing."""


@pytest.fixture
def fetch_by_tls(a_certificate: Path) -> Iterator[Callable[[str], bytes]]:
    """Fetch from a name; every name leads to a TLS server that is rates.example.com."""
    inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inner.load_cert_chain(a_certificate)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    server.socket = inner.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    outbound = Outbound(
        TRIAL,
        resolve=lambda _name, _port: ["127.0.0.1"],
        tls=ssl.create_default_context(cafile=str(a_certificate)),
    )
    yield lambda name: outbound.fetch(f"https://{name}:{server.server_port}/")
    server.shutdown()
    thread.join()
    server.server_close()


def test_tls_speaks_for_the_name_and_not_for_the_address(
    fetch_by_tls: Callable[[str], bytes],
) -> None:
    assert fetch_by_tls("rates.example.com").startswith(b'"rates.example.com:')
    with pytest.raises(FetchFailed):
        fetch_by_tls("other.example.com")
    with pytest.raises(FetchFailed):
        fetch_by_tls("127.0.0.1")
