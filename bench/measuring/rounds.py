"""Candidates in turn, round by round: A B C A B C …; figures are medians, ratios within a round.

A shared machine is slow for minutes at a time. Taking the ratio inside each round, and the median
of the rounds, is what survives that; the absolute figures are only as quiet as the machine was.
"""

import gc
import resource
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds: of processor time (this process, and of a server beside it) and on the clock."""

    cpu: float
    wall: float
    server: float = 0.0


@dataclass(slots=True)
class Measured:
    """The costs of one candidate, a round each."""

    name: str
    costs: list[Cost] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """Median processor seconds."""
        return statistics.median(cost.cpu for cost in self.costs)

    @property
    def wall(self) -> float:
        """Median seconds on the clock."""
        return statistics.median(cost.wall for cost in self.costs)

    @property
    def server(self) -> float:
        """Median processor seconds of the server."""
        return statistics.median(cost.server for cost in self.costs)

    def times(self, other: "Measured", what: str = "cpu") -> float:
        """How many times the other's cost this is: the median of the ratios within a round."""
        return statistics.median(
            getattr(mine, what) / max(getattr(theirs, what), 1e-9)
            for mine, theirs in zip(self.costs, other.costs, strict=False)
        )


def cpu_seconds() -> float:
    """User and system time of this process and of the children it has waited for."""
    return sum(
        spent.ru_utime + spent.ru_stime
        for spent in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


# A candidate either is timed from outside or returns what it measured itself (another process).
Candidate = Callable[[], object]


def in_turn(
    candidates: Mapping[str, Candidate],
    rounds: int,
    server_cpu: Callable[[], float] = lambda: 0.0,
) -> dict[str, Measured]:
    """Run every candidate once a round, collecting garbage between."""
    measured = {name: Measured(name) for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            gc.collect()
            server, cpu, wall = server_cpu(), cpu_seconds(), perf_counter()
            result = run()
            wall, cpu = perf_counter() - wall, cpu_seconds() - cpu
            cost = Cost(cpu, wall, server_cpu() - server)
            measured[name].costs.append(result if isinstance(result, Cost) else cost)
    return measured


@contextmanager
def frozen_garbage() -> Iterator[None]:
    """What exists now is not looked through again: the collector's cost is the candidate's own."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def table(measured: Mapping[str, Measured], items: int, unit: str = "rows") -> None:
    """One line per candidate."""
    width = max(map(len, measured))
    has_server = any(found.server for found in measured.values())
    rated = "wall" if has_server else "CPU"
    print(
        f"  {'':{width}}  {'CPU s':>9} {'server s' if has_server else '':>9} {'wall s':>9}"
        f" {f'{unit}/s {rated}':>16}"
    )
    for found in measured.values():
        rate = items / max(found.wall if has_server else found.cpu, 1e-9)
        server = f"{found.server:9.3f}" if has_server else " " * 9
        print(f"  {found.name:{width}}  {found.cpu:9.3f} {server} {found.wall:9.3f} {rate:16,.0f}")


def goal(label: str, text: str, *, is_met: bool) -> None:
    """One line per goal; `is_met` decides the word."""
    print(f"  {label}: {text}: {'met' if is_met else 'MISSED'}", flush=True)
