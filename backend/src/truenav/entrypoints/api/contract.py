"""The OpenAPI document: one error shape, declared security, no framework defaults."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from truenav.platform.problems import PROBLEM_JSON, Problem

FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ValidationError")
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
COOKIE_SCHEME = {
    "type": "apiKey",
    "in": "cookie",
    "name": "truenav_refresh",
    "description": "The rotating refresh token; HttpOnly, sent to /api/v1/auth only",
}
# Without its cookie there is nothing to refresh; logging out is then already done.
COOKIE_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "refreshSession": [{"RefreshCookie": []}],
    "logOut": [{}, {"RefreshCookie": []}],
}
# What any route under /api can answer, whatever it declares itself.
EVERYWHERE = {"422": "Refused", "500": "A bug", "503": "Try again"}


def install_contract(app: FastAPI) -> None:
    """Make `app.openapi()` write our document."""

    def write() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = write  # type: ignore[method-assign]  # FastAPI's documented way


def document(app: FastAPI) -> dict[str, Any]:
    """Everything the API says of itself."""
    found = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = found["components"]["schemas"]
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    for name, schema in schemas["Problem"].pop("$defs", {}).items():
        schemas[name] = schema
    found["components"].setdefault("securitySchemes", {})["RefreshCookie"] = COOKIE_SCHEME
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _tell_errors(operation, is_api=path.startswith("/api/"))
            _require_idempotency_key(operation)
            security = COOKIE_SECURITY.get(operation["operationId"])
            if security is not None:
                operation["security"] = security
    return found


def _tell_errors(operation: dict[str, Any], *, is_api: bool) -> None:
    responses = operation["responses"]
    if not is_api:
        return
    for status, description in EVERYWHERE.items():
        responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {PROBLEM_JSON: {"schema": PROBLEM_REF}}


def _require_idempotency_key(operation: dict[str, Any]) -> None:
    """A request without one is answered 400, so the contract says that it is required."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"].lower() == "idempotency-key":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "minLength": 1, "maxLength": 255}
