"""What another process costs, as Linux tells it."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes it started that still run."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def cpu_of_tree(pid: int) -> float:
    """Processor seconds of a process, of those it started, and of those that ended meanwhile."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        below = children(pid)
    except (
        FileNotFoundError,
        ProcessLookupError,
    ):  # it ended just now: its parent has its time
        return 0.0
    # user, system, and the same of children that ended and were waited for
    return sum(int(field) for field in fields[11:15]) / TICKS + sum(map(cpu_of_tree, below))
