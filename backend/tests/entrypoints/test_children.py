"""One child process: restarted while that helps, and what happens when it does not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.stack import eventually
from truenav.entrypoints.supervisor import children
from truenav.entrypoints.supervisor.children import MAX_RESTARTS_A_MINUTE, Child, ChildFailed
from truenav.entrypoints.supervisor.up import commands
from truenav.platform.settings import read_settings


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart does not pause between attempts here."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


@pytest.fixture
def dying(tmp_path: Path) -> Iterator[Child]:
    """A child that says something and ends at once."""
    child = Child("short", lambda: ["sh", "-c", "echo last words; exit 3"], tmp_path / "log")
    yield child
    child.stop(force=True)


def end(child: Child) -> None:
    assert child.process is not None
    child.process.wait(10)


def test_an_essential_child_that_keeps_dying_ends_everything_with_its_last_words(
    dying: Child,
) -> None:
    dying.start()
    for _ in range(MAX_RESTARTS_A_MINUTE):
        end(dying)
        assert dying.is_due()
        dying.restart()
    end(dying)
    with pytest.raises(ChildFailed, match="short keeps dying; its last words:"):
        dying.restart()


def test_any_other_child_that_keeps_dying_is_left_alone_for_a_minute(
    dying: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying.is_essential = False
    dying.start()
    for _ in range(MAX_RESTARTS_A_MINUTE + 1):
        end(dying)
        dying.restart()
    assert dying.has_died()
    assert not dying.is_due()

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    assert dying.is_due()
    dying.restart()
    end(dying)
    assert dying.log_file.read_text().count("last words") == MAX_RESTARTS_A_MINUTE + 2


def test_a_child_that_will_not_end_is_ended(tmp_path: Path) -> None:
    stubborn = Child(
        "stubborn",
        lambda: ["sh", "-c", "trap '' TERM; echo ready; while :; do :; done"],
        tmp_path / "log",
        stop_seconds=0.2,
    )
    stubborn.start()
    eventually(lambda: "ready" in stubborn.last_words(), 10, "it ignores the signal")
    assert stubborn.stop() == -9
    assert stubborn.pid is None


def test_a_log_is_kept_once_and_never_grows_without_end(
    dying: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "LOG_LIMIT", 20)
    dying.log_file.write_text("x" * 21)
    dying.start()
    end(dying)
    assert dying.log_file.read_text() == "last words\n"
    assert dying.log_file.with_suffix(".1.log").read_text() == "x" * 21


def test_each_worker_has_one_queue_and_a_queue_may_have_several(tmp_path: Path) -> None:
    usual = commands(read_settings({"TRUENAV_HOME": str(tmp_path)}))
    more = commands(read_settings({"TRUENAV_HOME": str(tmp_path), "TRUENAV_HIGH_WORKERS": "3"}))

    names = ["api", "worker-high", "worker-default", "worker-low", "scheduler", "feed"]
    assert list(usual) == names
    assert set(more) - set(usual) == {"worker-high-2", "worker-high-3"}
    assert more["worker-high-3"] == ["worker", "--queue", "high"]
