"""The built user interface: hashed assets forever, the page itself never kept."""

import base64
import hashlib
import re
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

ASSETS = "assets"
FOREVER = "public, max-age=31536000, immutable"
NOT_PAGES = ("api/", "assets/")
NOT_A_PAGE = frozenset({"api", "live", "ready", "health"})
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
MISSING = (
    "<!doctype html><meta charset=utf-8><title>Truenav</title>"
    "<p>The user interface is not built. Run <code>make run</code>, or set TRUENAV_UI_DIR."
)


def ui_policy(directory: Path | None) -> str:
    """What the page may load: our own files, and the scripts that stand in it, by their hash."""
    page = directory / "index.html" if directory is not None else None
    text = page.read_text() if page is not None and page.is_file() else ""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(text)
    ]
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *hashes)),
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


def serve_ui(app: FastAPI, directory: Path | None) -> None:
    """Answer every other path: a file if there is one, else the page, whose router knows it."""

    async def answer(request: Request) -> Response:
        wanted = request.path_params["path"]
        found = _file(directory, wanted)
        if found is not None:
            is_hashed = wanted.startswith(f"{ASSETS}/")
            return FileResponse(
                found, headers={"Cache-Control": FOREVER if is_hashed else "no-cache"}
            )
        if wanted.startswith(NOT_PAGES) or wanted in NOT_A_PAGE:
            # a wrong API path is an error to be told, not a page
            raise HTTPException(404, "no such resource")
        page = _file(directory, "index.html")
        if page is None:
            return Response(MISSING, 503, media_type="text/html")
        return FileResponse(page, headers={"Cache-Control": "no-store"})

    app.add_route("/{path:path}", answer, methods=["GET", "HEAD"], include_in_schema=False)


def _file(directory: Path | None, wanted: str) -> Path | None:
    """A file inside the directory; nothing outside, whatever the path says."""
    if directory is None or "\x00" in wanted:
        return None
    root = directory.resolve()
    found = (root / wanted).resolve()
    return found if found.is_relative_to(root) and found.is_file() else None
