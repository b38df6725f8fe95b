"""The container setup cannot run here; what it promises can be read."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_every_part_is_there() -> None:
    assert set(SERVICES) >= {
        "postgres", "redis", "pgbouncer", "api", "scheduler", "frontend", "migrate",
        "worker-high", "worker-default", "worker-low", "feed",
    }  # fmt: skip


def test_ports_are_on_loopback_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_secret_must_be_set() -> None:
    names = re.findall(r"\$\{([A-Z_]+)(:\?)?", TEXT)
    assert {required for _, required in names} == {":?"}
    named = {name for name, _ in names}
    example = (ROOT / ".env.example").read_text()
    assert all(f"{name}=" in example for name in named)


def test_serving_processes_never_see_the_operators_role() -> None:
    for name, service in SERVICES.items():
        if name not in {"postgres", "migrate"}:
            environment = service.get("environment", {})
            assert "DATABASE_URL" not in environment, name
            assert "ADMIN_PASSWORD" not in str(environment), name


def test_one_queue_per_worker() -> None:
    workers = {n: s["command"] for n, s in SERVICES.items() if n.startswith("worker-")}
    assert sorted(command[-1] for command in workers.values()) == ["default", "high", "low"]
    assert all(command[:2] == ["worker", "--queue"] for command in workers.values())


def test_what_is_copied_into_the_image_exists() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    for source in re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE):
        assert source == "frontend/dist" or (ROOT / source).exists(), source
