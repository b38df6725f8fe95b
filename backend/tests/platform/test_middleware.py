"""What every request passes: headers, hosts, origins, sizes, ids; and the built pages."""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from tests.builders import a_key, an_account
from tests.conftest import ORIGIN
from truenav.core.imports.decoding import MAX_BYTES
from truenav.entrypoints.api.app import create_app
from truenav.entrypoints.api.middleware import JSON_LIMIT
from truenav.platform.settings import Settings, WebSettings

EVERY_KIND = ["/live", "/", "/api/v1/accounts", "/api/v1/nothing", "/api/openapi.json", "/api/"]
SCRIPT = "document.documentElement.dataset.theme = 'dark'"
PAGE = f'<!doctype html><script>{SCRIPT}</script><script src="/assets/a-1.js"></script>'


@pytest.fixture
def ui(settings: Settings) -> Iterator[Path]:
    """A built interface where the application looks for it."""
    directory = settings.web.ui_directory
    assert directory is not None
    (directory / "assets").mkdir(parents=True, exist_ok=True)
    (directory / "index.html").write_text(PAGE)
    (directory / "assets" / "a-1.js").write_text("export {};" * 500)
    (directory / "favicon.svg").write_text("<svg/>")
    (directory.parent / "secret.txt").write_text("secret")
    yield directory
    for path in (directory / "index.html", directory / "assets" / "a-1.js"):
        path.unlink()


class TestHeaders:
    @pytest.mark.parametrize("path", EVERY_KIND)
    async def test_every_answer_carries_them(
        self, anonymous_client: httpx.AsyncClient, path: str
    ) -> None:
        headers = (await anonymous_client.get(path)).headers

        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
        assert len(headers["X-Request-Id"]) == 32

    @pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/me", "/api/v1/nothing"])
    async def test_no_cache_keeps_what_is_somebodys(
        self, client: httpx.AsyncClient, path: str
    ) -> None:
        assert (await client.get(path)).headers["Cache-Control"] == "no-store"

    async def test_a_bug_carries_them_too_and_tells_nothing(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = create_app(settings)

        @app.get("/api/v1/broken")
        async def broken() -> None:
            raise RuntimeError("the inside of it")

        # the catch-all of the pages comes last in the list of routes
        app.router.routes.insert(0, app.router.routes.pop())
        monkeypatch.setattr(app.state, "truenav", None, raising=False)
        async with _client(app) as client:
            answer = await client.get("/api/v1/broken")

        assert answer.status_code == 500
        assert answer.json()["code"] == "internal_error"
        assert "inside" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Request-Id"] == answer.json()["request_id"]

    async def test_a_clients_own_request_id_is_kept_if_it_is_plain(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        told = [
            (await anonymous_client.get("/live", headers={"X-Request-Id": offered})).headers[
                "X-Request-Id"
            ]
            for offered in ("trace-12345678", "x", "a b\tc<script>", "z" * 65)
        ]

        assert told[0] == "trace-12345678"
        assert all(len(request_id) == 32 for request_id in told[1:])

    async def test_https_is_insisted_on_where_it_is_used(self, settings: Settings) -> None:
        web = replace(settings.web, public_origin="https://nav.example.org", host="0.0.0.0")
        async with _client(create_app(replace(settings, web=web))) as client:
            answer = await client.get("/live")

        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


class TestOrigins:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://localhost:9999"},
            {"Origin": "http://localhost.evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
        ids=str,
    )
    async def test_other_sites_change_nothing(
        self, client: httpx.AsyncClient, headers: dict[str, str]
    ) -> None:
        answer = await client.post(
            "/api/v1/accounts", json=an_account(), headers={**a_key(), **headers}
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
        assert (await client.get("/api/v1/accounts")).json()["items"] == []

    @pytest.mark.parametrize(
        "headers",
        [{"Origin": ORIGIN}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
        ids=str,
    )
    async def test_our_own_pages_do(
        self, client: httpx.AsyncClient, headers: dict[str, str]
    ) -> None:
        answer = await client.post(
            "/api/v1/accounts", json=an_account(), headers={**a_key(), **headers}
        )

        assert answer.status_code == 201

    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("localhost:8432", 200),
            ("127.0.0.1:8432", 200),
            ("[::1]:8432", 200),
            ("rebound.evil.example", 421),
            ("localhost.evil.example:8432", 421),
            ("", 421),
        ],
    )
    async def test_a_personal_server_answers_to_its_own_names(
        self, anonymous_client: httpx.AsyncClient, host: str, status: int
    ) -> None:
        answer = await anonymous_client.get("/live", headers={"Host": host})

        assert answer.status_code == status

    async def test_preflights_allow_nothing(self, client: httpx.AsyncClient) -> None:
        answer = await client.options(
            "/api/v1/accounts",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        )

        assert answer.status_code == 405
        assert not any(name.startswith("access-control") for name in answer.headers)


class TestSizes:
    async def test_an_announced_body_that_is_too_large_is_refused_unread(
        self, client: httpx.AsyncClient
    ) -> None:
        headers = {"Content-Length": str(JSON_LIMIT + 1), **a_key()}

        answer = await client.post("/api/v1/accounts", content=b"", headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    async def test_an_unannounced_one_is_refused_on_the_way(
        self, client: httpx.AsyncClient
    ) -> None:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while sent < 40 * JSON_LIMIT:
                sent += 65536
                yield b" " * 65536

        headers = {"Content-Type": "application/json", **a_key()}
        answer = await client.post("/api/v1/accounts", content=endless(), headers=headers)

        assert answer.status_code == 413
        assert sent <= 2 * JSON_LIMIT

    async def test_an_upload_may_be_larger_but_not_endless(self, client: httpx.AsyncClient) -> None:
        headers = {"Content-Length": str(MAX_BYTES + 1)}

        answer = await client.post("/api/v1/imports", content=b"", headers=headers)

        assert answer.status_code == 413

    @pytest.mark.parametrize("length", ["-1", "x", "1" * 40, "0x10", "1,2"])
    async def test_a_length_that_is_none_is_refused(
        self, client: httpx.AsyncClient, length: str
    ) -> None:
        headers = {"Content-Length": length, **a_key()}

        answer = await client.post("/api/v1/accounts", content=b"", headers=headers)

        assert answer.status_code == 400

    async def test_large_answers_are_compressed(self, anonymous_client: httpx.AsyncClient) -> None:
        answer = await anonymous_client.get("/api/openapi.json")

        assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.usefixtures("ui")
class TestPages:
    @pytest.mark.parametrize(
        "path", ["/", "/holdings", "/import/123", "/index.html", "/livelihood"]
    )
    async def test_every_page_is_the_page_and_is_never_kept(
        self, anonymous_client: httpx.AsyncClient, path: str
    ) -> None:
        answer = await anonymous_client.get(path)

        assert (answer.status_code, answer.text) == (200, PAGE)
        assert answer.headers["Cache-Control"] in {"no-store", "no-cache"}

    async def test_hashed_assets_are_kept_for_ever(
        self, anonymous_client: httpx.AsyncClient
    ) -> None:
        answer = await anonymous_client.get("/assets/a-1.js")

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "javascript" in answer.headers["Content-Type"]

    @pytest.mark.parametrize("path", ["/assets/old-2.js", "/api/v1/nothing", "/api/x.html"])
    async def test_what_is_missing_is_not_the_page(
        self, anonymous_client: httpx.AsyncClient, path: str
    ) -> None:
        answer = await anonymous_client.get(path)

        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "path",
        [
            "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt",
            "/%00", "//etc/passwd", "/etc/passwd", "/....//secret.txt", "/%5c..%5csecret.txt",
        ],
    )  # fmt: skip
    async def test_nothing_outside_is_served(
        self, anonymous_client: httpx.AsyncClient, path: str
    ) -> None:
        url = httpx.URL(ORIGIN).copy_with(raw_path=path.encode())

        answer = await anonymous_client.get(url)

        assert "secret" not in answer.text
        assert "root:" not in answer.text

    async def test_only_the_scripts_that_stand_in_the_page_may_run(
        self, settings: Settings
    ) -> None:
        digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()

        async with _client(create_app(settings)) as client:
            policy = (await client.get("/")).headers["Content-Security-Policy"]

        assert f"script-src 'self' 'sha256-{digest}';" in policy


async def test_without_a_built_interface_the_api_says_so(settings: Settings) -> None:
    web: WebSettings = replace(settings.web, ui_directory=None)
    async with _client(create_app(replace(settings, web=web))) as client:
        answer = await client.get("/")

    assert answer.status_code == 503
    assert "make run" in answer.text


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN)
