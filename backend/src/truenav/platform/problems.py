"""Problem documents (RFC 9457): one shape for every error, written in one place."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from truenav.core.errors import ErrorKind, TruenavError

PROBLEM_JSON = "application/problem+json"
log = logging.getLogger("truenav.problems")

STATUS: dict[ErrorKind, int] = {
    ErrorKind.INVALID: 400,
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.STALE: 409,
    ErrorKind.TOO_LARGE: 413,
    ErrorKind.UNSUPPORTED_MEDIA: 415,
    ErrorKind.UNPROCESSABLE: 422,
    ErrorKind.TOO_MANY: 429,
    ErrorKind.UNAVAILABLE: 503,
}
# SQLSTATEs that a client's values can cause, although validation should have caught them
CLIENT_SQLSTATES = frozenset({"22003", "22P02", "23514", "22021", "22P05"})


class FieldError(BaseModel):
    """One refused value: where it stands (JSON pointer) and why; never the value itself."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """What went wrong, for people (`title`, `detail`) and for programs (`code`, `params`)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    params: dict[str, str]
    errors: list[FieldError]
    request_id: str
    current: dict[str, Any] | None


class NotFound(TruenavError):
    """No such thing, or none that the asking tenant may see: the two must look the same."""

    kind = ErrorKind.NOT_FOUND
    code = "not_found"


class StaleVersion(TruenavError):
    """Somebody else changed it first; `current` is the state to look at."""

    kind = ErrorKind.STALE
    code = "stale_version"

    def __init__(self, message: str, current: dict[str, Any]) -> None:
        super().__init__(message)
        self.current = current


class InvalidFields(TruenavError):
    """Values that are well-formed but wrong together; each named by its JSON pointer."""

    kind = ErrorKind.UNPROCESSABLE
    code = "invalid_fields"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(detail for _, detail in errors))
        self.errors = [FieldError(pointer=pointer, detail=detail) for pointer, detail in errors]


def problems(*kinds: ErrorKind) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can fail in these ways."""
    statuses = {STATUS[kind] for kind in kinds}
    return {status: {"model": Problem, "description": "Problem"} for status in sorted(statuses)}


def request_id_of(request: Request) -> str:
    """The id that stands in the log beside this request."""
    return str(getattr(request.state, "request_id", ""))


def problem_response(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    params: dict[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    current: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """One problem document."""
    problem = Problem(
        type=f"/problems/{code}",
        title=code.replace("_", " ").capitalize(),
        status=status,
        detail=detail,
        instance=printable(request.url.path),
        code=code,
        params=params or {},
        errors=list(errors),
        request_id=request_id_of(request),
        current=current,
    )
    return JSONResponse(
        problem.model_dump(mode="json"),
        status,
        media_type=PROBLEM_JSON,
        headers=headers,
    )


def printable(text: str) -> str:
    """Text that any JSON writer can write: no lone surrogates, no control characters."""
    return "".join(char if char.isprintable() else "?" for char in text)[:400]


async def answer_with_problem(request: Request, error: Exception) -> JSONResponse:
    """Answer an expected failure; anything else stays a 500 and is reported as a bug."""
    if not isinstance(error, TruenavError):
        raise error
    return problem_response(
        request,
        STATUS[error.kind],
        error.code,
        printable(str(error)),
        params={name: printable(value) for name, value in error.params.items()},
        errors=getattr(error, "errors", ()),
        current=getattr(error, "current", None),
        headers=_headers(error),
    )


def _escape(name: str) -> str:
    """One part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _headers(error: TruenavError) -> dict[str, str] | None:
    if error.kind is ErrorKind.UNAUTHENTICATED:
        return {"WWW-Authenticate": "Bearer"}
    if error.kind in {ErrorKind.UNAVAILABLE, ErrorKind.TOO_MANY}:
        return {"Retry-After": error.params.get("seconds", "1")}
    return None


async def answer_refused_body(request: Request, error: Exception) -> JSONResponse:
    """Refused values in the same shape; the input is never echoed (it may not be printable)."""
    if not isinstance(error, RequestValidationError):
        raise error
    # a value that several dependencies read is refused by each of them, and told once
    refused = dict.fromkeys(
        ("".join(f"/{_escape(str(place))}" for place in found["loc"]), str(found["msg"]))
        for found in error.errors()[:100]
    )
    fields = [
        FieldError(pointer=printable(pointer), detail=printable(detail))
        for pointer, detail in refused
    ]
    return problem_response(
        request,
        422,
        "invalid_request",
        "the request was refused; see errors",
        errors=fields,
    )


async def answer_framework_error(request: Request, error: Exception) -> JSONResponse:
    """404, 405 and the like of the framework itself."""
    if not isinstance(error, HTTPException):
        raise error
    codes = {
        400: "bad_request",
        404: "not_found",
        405: "method_not_allowed",
        413: "too_large",
    }
    code = codes.get(error.status_code, "http_error")
    headers = dict(error.headers) if error.headers else None
    return problem_response(request, error.status_code, code, str(error.detail), headers=headers)


async def answer_database_error(request: Request, error: Exception) -> JSONResponse:
    """The database is away (503, try again) or a value slipped past validation (422)."""
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    # psycopg refuses some values itself (a NUL in a text), without a SQLSTATE
    if isinstance(error, DataError) or sqlstate in CLIENT_SQLSTATES:
        return problem_response(request, 422, "value_refused", "a value is outside its bounds")
    is_away = isinstance(error, (PoolTimeout, InterfaceError)) or (
        isinstance(error, OperationalError)
        or (isinstance(error, DBAPIError) and error.connection_invalidated)
    )
    if is_away:
        log.warning("database unavailable", extra={"request_id": request_id_of(request)})
        return problem_response(
            request,
            503,
            "database_unavailable",
            "the database does not answer; try again",
            headers={"Retry-After": "1"},
        )
    raise error


async def answer_bug(request: Request, error: Exception) -> JSONResponse:
    """The edge that may catch everything: a bug, logged with its id, told without its insides."""
    log.error("unexpected error", exc_info=error, extra={"request_id": request_id_of(request)})
    return problem_response(request, 500, "internal_error", "a bug; the log has the details")


def install_handlers(app: FastAPI) -> None:
    """Every error of the application leaves through here."""
    app.add_exception_handler(TruenavError, answer_with_problem)
    app.add_exception_handler(RequestValidationError, answer_refused_body)
    app.add_exception_handler(HTTPException, answer_framework_error)
    app.add_exception_handler(DBAPIError, answer_database_error)
    app.add_exception_handler(PoolTimeout, answer_database_error)
    app.add_exception_handler(Exception, answer_bug)
