"""`truenav up` owns what it starts: data kept, children restarted, none left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.entrypoints.stack import (
    PASSWORD,
    Stack,
    a_stack,
    descendants,
    eventually,
    log_in,
    open_account,
    processes,
    sign_up,
)
from truenav.entrypoints.supervisor.servers import EmbeddedPostgres, EmbeddedValkey

pytestmark = pytest.mark.xdist_group("stack")
is_linux = sys.platform == "linux"
is_root = os.geteuid() == 0


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: a socket's may have 100 characters, pytest's own directories are longer."""
    directory = Path(tempfile.mkdtemp(prefix="tn-"))
    yield directory / "home"
    shutil.rmtree(directory, ignore_errors=True)


def gone(pids: set[int]) -> bool:
    return not pids & {process.pid for process in processes()}


def test_a_restart_keeps_data_and_a_clean_stop_leaves_nothing_running(home: Path) -> None:
    with a_stack(home) as stack:
        stack.start()
        email, client = sign_up(stack)
        open_account(client, "Kept")
        children = {process.pid for process in descendants(stack.pid)}

        assert stack.stop(signal.SIGINT) == 0
        assert gone(children)
        assert "Stopped; nothing was lost." in stack.log.read_text()

        stack.start()
        accounts = log_in(stack, email).get("/api/v1/accounts").json()["items"]
        assert [account["name"] for account in accounts] == ["Kept"]


def test_a_second_copy_on_the_same_data_is_refused_and_harms_nothing(home: Path) -> None:
    with a_stack(home) as stack:
        stack.start()

        for command in (["up"], ["migrate"], ["reset", "--yes"]):
            refused = stack.run(*command)
            assert refused.returncode == 1, command
            assert f"running already with {home}" in refused.stderr
            assert stack.origin in refused.stderr  # where to find the one that runs
            assert "Traceback" not in refused.stderr

        stack.wait_ready(5)


@pytest.mark.parametrize(
    "victim", ["postgres -D", "valkey-server", " api", "--queue high", " scheduler", " feed"]
)
def test_whatever_is_killed_comes_back_with_its_data(shared: Stack, victim: str) -> None:
    email, client = sign_up(shared)
    open_account(client, "Kept")
    killed = shared.child(victim)

    shared.kill(killed)

    def is_back() -> bool:
        return shared.child(victim).pid != killed.pid

    eventually(is_back, 20, f"{victim} runs again")
    shared.wait_ready()
    accounts = log_in(shared, email).get("/api/v1/accounts").json()["items"]
    assert [account["name"] for account in accounts] == ["Kept"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Stack]:
    """One stack for tests that leave it as they found it."""
    directory = Path(tempfile.mkdtemp(prefix="tn-"))
    with a_stack(directory / "home") as stack:
        stack.start()
        yield stack
    shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.skipif(not is_linux, reason="the kernel ties children to their parent on Linux only")
def test_killing_the_supervisor_leaves_no_orphans_and_loses_nothing(home: Path) -> None:
    with a_stack(home) as stack:
        stack.start()
        email, client = sign_up(stack)
        open_account(client, "Kept")
        children = {process.pid for process in descendants(stack.pid)}
        assert len(children) >= 8  # two servers, API, three workers, scheduler, feed

        os.kill(stack.pid, signal.SIGKILL)
        assert stack.process is not None
        stack.process.wait(10)
        eventually(lambda: gone(children), 20, "no child is left")

        stack.start()
        accounts = log_in(stack, email).get("/api/v1/accounts").json()["items"]
        assert [account["name"] for account in accounts] == ["Kept"]


def test_where_the_kernel_does_not_help_a_watchdog_ends_the_children(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from truenav.entrypoints.supervisor import children\n"
        "children.dies_with_parent = lambda name: ()\n"
        "watchdog = children.Watchdog()\n"
        "child = children.Child('sleeper', lambda: ['sleep', '300'], Path(sys.argv[1]))\n"
        "child.start()\n"
        "watchdog.tell(child)\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    owner = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "log")],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert owner.returncode == -signal.SIGKILL, owner.stderr

    eventually(lambda: gone({int(owner.stdout)}), 10, "the child ended")


def test_servers_of_ones_own_take_the_place_of_the_embedded_ones(home: Path) -> None:
    own = home.parent / "own"
    own.mkdir(mode=0o755)
    postgres = EmbeddedPostgres(own, PASSWORD, is_durable=False)
    valkey = EmbeddedValkey(own, PASSWORD, is_durable=False)
    environ = {"DATABASE_URL": postgres.start(), "REDIS_URL": valkey.start()}
    try:
        with a_stack(home, environ=environ) as stack:
            stack.start()
            commands = [process.command for process in descendants(stack.pid)]
            assert not [c for c in commands if "valkey-server" in c or "bin/postgres" in c]
            assert not (home / "postgres").exists()
            assert not (home / "valkey").exists()
            email, client = sign_up(stack)
            open_account(client, "Elsewhere")

            assert stack.stop() == 0
            # the server is somebody else's: it still runs, and has the data
            stack.start()
            accounts = log_in(stack, email).get("/api/v1/accounts").json()["items"]
            assert [account["name"] for account in accounts] == ["Elsewhere"]
            refused = stack.run("reset", "--yes")
            assert refused.returncode == 1
            assert "your own server" in refused.stderr
    finally:
        valkey.stop()
        postgres.stop()


@pytest.mark.skipif(not (is_linux and is_root), reason="root becomes somebody else on Linux")
def test_an_ordinary_user_needs_nothing_special(home: Path) -> None:
    # a namespace in which we are user 1000 and have no power over anything
    prefix = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    with a_stack(home, prefix=prefix) as stack:
        stack.start()
        sign_up(stack)
        told = stack.run("doctor")
        assert "as the user who started it" in told.stdout
        assert stack.stop() == 0


def powers(pid: int) -> int:
    """The capabilities in effect, as bits."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in status if line.startswith("CapEff"))


@pytest.mark.skipif(not (is_linux and is_root), reason="only root needs another user")
@pytest.mark.parametrize("mode", [0o755, 0o700], ids=["open", "closed"])
def test_root_without_namespaces_runs_postgres_as_an_existing_user(
    home: Path, tmp_path: Path, mode: int
) -> None:
    home.parent.chmod(mode)
    # a PATH in which `unshare` is not to be found
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("setpriv", "ps"):
        (tools / name).symlink_to(shutil.which(name) or "")
    with a_stack(home, environ={"PATH": str(tools)}) as stack:
        stack.start()
        sign_up(stack)
        server = stack.child("postgres -D")
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
        assert Path(f"/proc/{stack.child(' api').pid}").stat().st_uid == 0
        if mode == 0o700:
            assert powers(server.pid) == 1 << 1  # CAP_DAC_OVERRIDE: it may enter, nothing else
        assert stack.stop() == 0


def test_a_port_that_was_asked_for_and_is_taken_is_named(home: Path, shared: Stack) -> None:
    with a_stack(home, port=shared.port) as stack:
        refused = stack.run("up")
        assert refused.returncode == 1
        assert f"port {shared.port} is in use; set TRUENAV_PORT" in refused.stderr
    assert httpx.get(f"{shared.origin}/live", timeout=5).status_code == 200
