"""Which names this server goes by, and which pages are its own."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from truenav.platform.settings import WebSettings

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Origins:
    """Refuses hosts we do not go by (DNS rebinding) and what other sites ask for (CSRF)."""

    def __init__(self, web: WebSettings) -> None:
        self._public = urlsplit(web.public_origin).netloc if web.public_origin else None
        self._is_local = web.host in {"127.0.0.1", "::1", "localhost"} and self._public is None

    def is_host_ours(self, headers: Headers) -> bool:
        """Whether the name that was asked for is one of ours."""
        name = re.sub(r":\d+$", "", headers.get("host", ""))
        return not self._is_local or name in LOOPBACK_NAMES

    def is_page_ours(self, headers: Headers) -> bool:
        """Whether a page of ours asks, or no page at all."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = headers.get("origin")
        ours = {headers.get("host", ""), self._public}
        return origin is None or urlsplit(origin).netloc in ours
