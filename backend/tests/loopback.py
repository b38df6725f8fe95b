"""A real HTTP server on this machine that answers what a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    query: dict[str, str]
    body: bytes = b""


@dataclass
class Answer:
    """Status, body, and how many bytes of it are really sent before the line goes dead."""

    status: int = 200
    body: bytes = b""
    cut_after: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Loopback:
    """Answers in the order given; the last one again and again."""

    answers: list[Answer | Callable[[Asked], Answer]]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: Asked) -> Answer:
        """What to say to this request."""
        self.asked.append(asked)
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return given(asked) if callable(given) else given


@contextmanager
def loopback(*answers: Answer | Callable[[Asked], Answer]) -> Iterator[Loopback]:
    """A server that runs until the end of the block."""
    told = Loopback(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self, body: bytes = b"") -> None:
            parts = urlsplit(self.path)
            found = told.answer(Asked(parts.path, dict(parse_qsl(parts.query)), body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body[: found.cut_after])
            if found.cut_after is not None:
                self.close_connection = True

        def do_POST(self) -> None:
            self.do_GET(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Tests print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
