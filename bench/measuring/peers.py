"""Named peers in throw-away environments of their own: never installed beside the product.

A peer is installed with pip at a pinned version under the user's cache directory the first time a
script needs it, runs as a process of its own, and answers in JSON. Delete the directory to be rid
of it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DRIVERS = Path(__file__).resolve().parent.parent / "peers"


class PeerMissing(Exception):
    """A peer that cannot be installed here; the others are measured without it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Pinned requirements, the first of which names the environment."""

    requirements: Sequence[str]

    @property
    def home(self) -> Path:
        """Where its environment is."""
        cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        name = "_".join(self.requirements).replace("==", "-")
        return Path(cache) / "truenav-bench" / name

    def prepare(self) -> Path:
        """Its interpreter, after installing what is missing.

        Raises:
            PeerMissing: pip could not.
        """
        python = self.home / "bin" / "python"
        done = self.home / "installed"
        if done.exists() and python.exists():
            return python
        print(f"  installing {' '.join(self.requirements)} under {self.home}", flush=True)
        pip = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        for command in (
            [sys.executable, "-m", "venv", "--clear", str(self.home)],
            [*pip, *self.requirements],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode != 0:
                raise PeerMissing(f"{' '.join(self.requirements)}: {made.stderr.strip()[-300:]}")
        done.touch()
        return python

    def run(self, driver: str, *arguments: str) -> dict[str, Any]:
        """Run a script of `peers/` in the environment; its last line is JSON."""
        command = [str(self.prepare()), str(DRIVERS / driver), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PeerMissing(f"{driver}: {done.stderr.strip()[-300:]}")
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


BEANCOUNT = Peer(("beancount==3.2.3",))
PANDAS = Peer(("pandas==3.1.1", "numpy==2.4.6"))
PYXIRR = Peer(("pyxirr==0.10.8", "numpy==2.4.6"))
ADBC = Peer(("adbc-driver-postgresql==1.13.0", "pyarrow==26.0.1"))
EMPYRICAL = Peer(("empyrical-reloaded==0.7.1", "pandas==3.1.1", "numpy==2.4.6"))
QUANTSTATS = Peer(("quantstats==0.0.86", "pandas==3.1.1", "numpy==2.4.6"))
