"""Everything that must hold, cheapest first; the last line sums every runner.

Run by `make test` after the bootstrap has made `.venv` and `frontend/node_modules`. Two lanes go
side by side (backend and frontend share no files while they run); the browser journeys follow,
because they need both. A check that prints no result counts as failed, never as absent.

    python tools/check.py                everything
    python tools/check.py backend        one lane: backend, frontend or journeys
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BACKEND = ROOT / "backend"
FRONTEND = ROOT / "frontend"
REPORTS = ROOT / ".build" / "reports"
VENV_BIN = ROOT / ".venv" / "bin"
PRINT_LOCK = threading.Lock()
TELL_SECONDS = 300


@dataclass
class Tally:
    """What one runner counted."""

    passed: int = 0
    failed: int = 0

    def add(self, other: Tally) -> None:
        self.passed += other.passed
        self.failed += other.failed


@dataclass
class Check:
    """One command; `read` turns its report into counts, none means the command is one check."""

    name: str
    command: list[str]
    cwd: Path
    read: Callable[[], Tally] | None = None
    environ: dict[str, str] = field(default_factory=dict)


RUNNING: dict[str, Check] = {}


def node_environment() -> dict[str, str]:
    """PATH with the project's own Node first, so that npm runs under it too."""
    return {**os.environ, "PATH": f"{VENV_BIN}{os.pathsep}{os.environ['PATH']}"}


def read_junit(path: Path) -> Tally:
    """Counts of a pytest run; a file with no test in it is a failure."""
    suites = ET.parse(path).getroot().iter("testsuite")
    total = bad = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Tally(total - bad - skipped, bad) if total else Tally(0, 1)


def read_vitest(path: Path) -> Tally:
    """Counts of a Vitest run; suites that failed to load count as failed."""
    report = json.loads(path.read_text())
    loaded_badly = sum(
        1
        for suite in report["testResults"]
        if suite["status"] == "failed" and not suite["assertionResults"]
    )
    tally = Tally(report["numPassedTests"], report["numFailedTests"] + loaded_badly)
    return tally if tally.passed or tally.failed else Tally(0, 1)


def read_playwright(path: Path) -> Tally:
    """Counts of a Playwright run; a skipped journey counts as failed: it proved nothing."""
    report = json.loads(path.read_text())
    stats = report["stats"]
    failed = stats["unexpected"] + stats["skipped"] + len(report.get("errors", []))
    tally = Tally(stats["expected"] + stats["flaky"], failed)
    return tally if tally.passed or tally.failed else Tally(0, 1)


def backend_checks() -> list[Check]:
    """Format, lint, types, contracts, generated files, then every test."""
    junit = REPORTS / "pytest.xml"
    # one more than there are processors: tests that start and kill the whole product mostly wait
    workers = os.environ.get("TRUENAV_TEST_WORKERS") or str(min((os.cpu_count() or 2) + 1, 8))
    ruff, sources = str(VENV_BIN / "ruff"), [".", "../tools", "../bench"]
    return [
        Check("format (ruff)", [ruff, "format", "--check", *sources], BACKEND),
        Check("lint (ruff)", [ruff, "check", *sources], BACKEND),
        Check("import contracts", [str(VENV_BIN / "lint-imports")], BACKEND),
        Check("types (mypy --strict)", [str(VENV_BIN / "mypy"), "src", "tests"], BACKEND),
        Check("OpenAPI is current", [str(VENV_BIN / "truenav"), "openapi", "--check"], BACKEND),
        Check(
            "pytest",
            [
                str(VENV_BIN / "pytest"), "-q", "-n", workers, "--dist", "loadgroup",
                f"--junitxml={junit}", "-o", "junit_family=xunit2",
            ],
            BACKEND,
            lambda: read_junit(junit),
        ),
    ]  # fmt: skip


def frontend_checks() -> list[Check]:
    """Format, lint, types, module rules, generated client, component tests, the build."""
    report = REPORTS / "vitest.json"
    node = node_environment()

    def npm(name: str, *script: str) -> Check:
        return Check(name, ["npm", "run", "--silent", *script], FRONTEND, environ=node)

    return [
        npm("frontend format", "format:check"),
        npm("frontend lint", "lint"),
        npm("frontend types", "typecheck"),
        npm("frontend module rules", "deps"),
        npm("generated client is current", "gen:api:check"),
        Check(
            "vitest",
            ["npm", "run", "--silent", "test", "--", "--reporter=default", "--reporter=json",
             f"--outputFile.json={report}"],
            FRONTEND,
            lambda: read_vitest(report),
            node,
        ),
        npm("frontend build", "build"),
        # the branch no embedded server can prove; seconds, once its two packages are there
        Check(
            "TimescaleDB",
            [str(VENV_BIN / "python"), str(ROOT / "tools" / "timescale_lane.py")],
            BACKEND,
            environ=node,
        ),
    ]  # fmt: skip


def journey_checks() -> list[Check]:
    """The browser against the real stack, from an empty data directory."""
    report = REPORTS / "playwright.json"
    environ = {**node_environment(), "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report)}
    return [
        Check(
            "journeys (playwright)",
            ["npm", "run", "--silent", "e2e", "--", "--reporter=list,json"],
            FRONTEND,
            lambda: read_playwright(report),
            environ,
        )
    ]


def say(text: str) -> None:
    """One line at a time, whichever lane speaks."""
    with PRINT_LOCK:
        print(text, flush=True)


def log_of(check: Check) -> Path:
    """Where its output goes."""
    return REPORTS / (check.name.split(" (")[0].replace(" ", "-") + ".log")


def last_lines(check: Check, count: int) -> list[str]:
    """What it said last."""
    return log_of(check).read_text(errors="replace").splitlines()[-count:]


def wait_for(process: subprocess.Popen[bytes], check: Check, started: float) -> int:
    """Wait until it ends; every few minutes say that it goes on, and what it said last."""
    while True:
        try:
            return process.wait(TELL_SECONDS)
        except subprocess.TimeoutExpired:
            told = " ".join(last_lines(check, 1))[-60:].strip()
            say(f"·    {check.name}: {(time.monotonic() - started) / 60:.0f} min, {told}")


def stopped(signum: int, _frame: FrameType | None) -> None:
    """Told to stop before the end: show what was running, for that is what took too long."""
    for check in RUNNING.values():
        print(f"FAIL {check.name}: stopped by signal {signum} before it ended")
        print("\n".join(f"    | {line}" for line in last_lines(check, 60)), flush=True)
    os._exit(1)


def run(check: Check) -> Tally:
    """Run one check, keep its output in a log, show the end of it when it fails."""
    started = time.monotonic()
    log = log_of(check)
    RUNNING[check.name] = check
    with log.open("wb") as output:
        process = subprocess.Popen(
            check.command,
            cwd=check.cwd,
            env=check.environ or dict(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        returncode = wait_for(process, check, started)
    del RUNNING[check.name]
    tally = Tally(passed=1) if returncode == 0 else Tally(failed=1)
    if check.read is not None:
        try:
            counted = check.read()
        except (OSError, ValueError, KeyError, ET.ParseError) as error:
            say(f"    {check.name}: no report ({error})")
            counted = Tally(failed=1)
        # a runner that ends badly without a failed test (it crashed) still fails
        crashed = returncode != 0 and not counted.failed
        tally = Tally(counted.passed, counted.failed + int(crashed))
    mark = "FAIL" if tally.failed else "ok  "
    say(f"{mark} {check.name}: {tally.passed} passed, {tally.failed} failed "
        f"[{time.monotonic() - started:.0f} s]")  # fmt: skip
    if tally.failed:
        say("\n".join(f"    | {line}" for line in last_lines(check, 120)))
        say(f"    whole output: {log.relative_to(ROOT)}")
    return tally


def run_lane(checks: list[Check], total: Tally) -> None:
    """Run the checks of one lane in order; one failure does not hide the next."""
    for check in checks:
        try:
            tally = run(check)
        except OSError as error:
            say(f"FAIL {check.name}: cannot be started ({error})")
            tally = Tally(failed=1)
        with PRINT_LOCK:
            total.add(tally)


def main(arguments: list[str]) -> int:
    """Run the lanes asked for; print the sum; exit 1 when anything failed."""
    wanted = set(arguments) or {"backend", "frontend", "journeys"}
    unknown = wanted - {"backend", "frontend", "journeys"}
    if unknown:
        print(f"unknown lane: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stopped)
    REPORTS.mkdir(parents=True, exist_ok=True)
    for stale in REPORTS.iterdir():
        stale.unlink()
    total = Tally()
    lanes = []
    if "backend" in wanted:
        lanes.append(backend_checks())
    if "frontend" in wanted:
        lanes.append(frontend_checks())
    threads = [threading.Thread(target=run_lane, args=(lane, total)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if "journeys" in wanted:
        run_lane(journey_checks(), total)
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
