"""Requests nobody would think of, made from the contract, against a server on loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
import schemathesis
import uvicorn
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.builders import add_member
from tests.servers import Servers
from truenav.entrypoints.api.app import create_app
from truenav.platform.clock import SystemClock
from truenav.platform.settings import Settings
from truenav.platform.tokens import TokenSigner

EXAMPLES = 8
# A contract cannot say that a currency must exist or a cursor be one of ours.
NOT_OURS: tuple[Any, ...] = (positive_data_acceptance,)


def contract_for_somebody_logged_in() -> dict[str, Any]:
    """The contract without its locks: a request made wrong by leaving out who asks would arrive
    right, because every request here is sent with the same headers."""
    contract = create_app(Settings(home=Path("unused"))).openapi()
    for path in contract["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    return contract


SCHEMA = schemathesis.openapi.from_dict(contract_for_somebody_logged_in())
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("fuzz")]


@pytest.fixture(scope="module")
def base_url(settings: Settings) -> Iterator[str]:
    """The application under uvicorn, in a thread of its own with a loop of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def headers(servers: Servers, database: str, signer: TokenSigner) -> dict[str, str]:
    """Logged in as the owner of a tenant."""
    with psycopg.connect(servers.dsn(database), autocommit=True) as connection:
        member = add_member(connection)
    return member.headers(signer, SystemClock().now())


OPERATIONS = {
    f"{method.upper()} {path}": (path, method.upper())
    for path, found in SCHEMA.raw_schema["paths"].items()
    for method in found
}


def modes(name: str) -> list[GenerationMode]:
    """Nothing can be wrong with a request that says nothing."""
    path, method = OPERATIONS[name]
    operation = SCHEMA.raw_schema["paths"][path][method.lower()]
    has_input = "parameters" in operation or "requestBody" in operation
    return list(GenerationMode) if has_input else [GenerationMode.POSITIVE]


CASES = [(name, mode) for name in sorted(OPERATIONS) for mode in modes(name)]


@pytest.mark.parametrize(("name", "mode"), CASES, ids=lambda part: getattr(part, "value", part))
def test_any_request_has_an_answer_the_contract_knows(
    name: str, mode: GenerationMode, base_url: str, headers: dict[str, str]
) -> None:
    path, method = OPERATIONS[name]

    @hypothesis.seed(20260305)
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=SCHEMA[path][method].as_strategy(generation_mode=mode))
    def send(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(base_url=base_url, headers=headers, excluded_checks=[*NOT_OURS])

    send()
