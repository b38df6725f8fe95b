"""What the API process weighs once everything is imported and the application is built.

    python bench/api_process.py [rounds]        default: 5

A fresh interpreter each time: CPU and highest memory of `truenav.entrypoints.api.serve` with its
application, against the interpreter alone, against the frameworks alone (FastAPI, uvicorn,
SQLAlchemy, psycopg, redis: the least an API of this kind can weigh), and against the frameworks
with pandas (pinned, imported from its throw-away environment), which many trackers add.

Goal J1 of docs/performance.md: at most 120 MiB and 1.5 s of CPU, and none of the packages of
statistics among the modules (`tests/architecture/test_api_imports.py` holds that).
"""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from measuring.peers import PANDAS, PeerMissing
from measuring.rounds import goal

HEAVY = ("pandas", "scipy", "numba", "quantstats", "matplotlib", "polars", "pyarrow")
REPORT = """
import json, resource, sys
spent = resource.getrusage(resource.RUSAGE_SELF)
scale = 1024 * 1024 if sys.platform == "darwin" else 1024
found = {"cpu": spent.ru_utime + spent.ru_stime, "mib": spent.ru_maxrss / scale,
         "modules": sorted({name.partition(".")[0] for name in sys.modules}),
         "count": len(sys.modules)}
print(json.dumps(found))
"""
API = """
from pathlib import Path
from truenav.entrypoints.api import serve
from truenav.platform.settings import Settings
serve.create_app(Settings(home=Path("/nowhere")))
"""
FRAMEWORKS = """
import fastapi, uvicorn, httptools, uvloop, redis, jwt, argon2
import sqlalchemy.ext.asyncio, sqlalchemy.orm, sqlalchemy.dialects.postgresql.psycopg, psycopg
"""


@dataclass(slots=True)
class Process:
    """One kind of process, a figure a round."""

    name: str
    code: str
    also: Path | None = None  # packages of another environment
    cpu: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    modules: frozenset[str] = frozenset()
    count: int = 0

    def run(self) -> None:
        """Start it, let it end, keep what it said."""
        environ = dict(os.environ)
        if self.also is not None:
            environ["PYTHONPATH"] = str(self.also)
        done = subprocess.run(
            [sys.executable, "-c", self.code + REPORT],
            capture_output=True,
            text=True,
            env=environ,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: {done.stderr[-500:]}")
        found = json.loads(done.stdout)
        self.cpu.append(found["cpu"])
        self.mib.append(found["mib"])
        self.modules, self.count = frozenset(found["modules"]), found["count"]


def main() -> None:
    """Every process in turn, round by round."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    api = Process("truenav api", API)
    frameworks = Process("frameworks alone", FRAMEWORKS)
    processes = [Process("the interpreter", ""), frameworks, api]
    try:
        packages = next((PANDAS.prepare().parents[1] / "lib").glob("python3*/site-packages"))
        code = FRAMEWORKS + "import pandas\n"
        processes.append(Process("frameworks and pandas", code, packages))
    except PeerMissing as missing:
        print(f"  without pandas: {missing}")
    for process in processes:
        process.run()  # the first start compiles and fills the page cache
        process.cpu.clear(), process.mib.clear()
    for _ in range(rounds):
        for process in processes:
            process.run()
    print(f"after import, medians of {rounds} fresh processes")
    print(f"  {'':24} {'CPU s':>8} {'MiB':>8} {'modules':>9} {'CPU, × frameworks':>18}")
    base = statistics.median(frameworks.cpu)
    for process in processes:
        cpu, mib = statistics.median(process.cpu), statistics.median(process.mib)
        print(f"  {process.name:24} {cpu:8.2f} {mib:8.1f} {process.count:9,} {cpu / base:18.2f}")
    cpu, mib = statistics.median(api.cpu), statistics.median(api.mib)
    goal("J1", f"{mib:.0f} MiB, ≤ 120 wanted", is_met=mib <= 120)
    goal("J1", f"{cpu:.2f} s of CPU, ≤ 1.5 wanted", is_met=cpu <= 1.5)
    present = sorted(api.modules & set(HEAVY))
    text = f"of {', '.join(HEAVY)} it has imported {', '.join(present) or 'none'}"
    goal("J1", text, is_met=not present)


if __name__ == "__main__":
    main()
