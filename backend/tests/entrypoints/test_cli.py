"""The `truenav` command: helpful errors, exit codes, and what each command does to the data."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.builders import add_instrument
from tests.entrypoints.stack import Stack, a_stack, log_in, open_account, sign_up
from truenav.entrypoints.cli.main import COMMANDS, main
from truenav.platform.migrations import head

pytestmark = pytest.mark.xdist_group("cli")
GOOD = (
    '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n'
    '"01/03/2020","MoneyLink Transfer","","Tfr BANK","","","","$5,000.00"\n'
    '"01/06/2020","Buy","CLI1","CLI INC","10","$100.00","$1.00","-$1,001.00"\n'
    '"02/06/2020","Cash Dividend","CLI1","CLI INC","","","","$4.50"\n'
)


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: a socket's may have 100 characters."""
    directory = Path(tempfile.mkdtemp(prefix="tn-"))
    yield directory / "home"
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(autouse=True)
def own_logging(monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` sets the logging of its process up; this one's is the test runner's."""
    monkeypatch.setattr("truenav.entrypoints.cli.main.configure_logging", lambda _level: None)


def test_help_names_every_command_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"], {})
    told = capsys.readouterr().out

    assert ended.value.code == 0
    assert "examples:" in told
    listed = re.findall(r"^    ([a-z]+)\b", told, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


def test_nobody_is_asked_for_rates_offline(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rates"], {"TRUENAV_HOME": str(home), "TRUENAV_OFFLINE": "1"}) == 1
    assert "TRUENAV_OFFLINE" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["fly"], ["import"], ["worker", "--queue", "fast"], ["reset", "now"], []]
)
def test_wrong_usage_is_said_with_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments, {})

    assert ended.value.code == 2
    assert "usage: truenav" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUENAV_PORT", "http"),
        ("TRUENAV_PORT", "70000"),
        ("TRUENAV_PORT", "-1"),
        ("TRUENAV_DEMO", "yes"),
        ("TRUENAV_OFFLINE", ""),
        ("TRUENAV_OUTBOUND_LOOPBACK", "yes"),
        ("TRUENAV_MODE", "cloud"),
        ("TRUENAV_SIGNING_KEY", "secret"),
        ("TRUENAV_JOB_LOST_SECONDS", "0"),
        ("TRUENAV_API_URL", "api:8432"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    name: str, value: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["up"], {"TRUENAV_HOME": str(home), name: value})

    told = capsys.readouterr().err
    assert code == 1
    assert told.startswith(f"truenav: {name} ")
    assert value not in told or name != "TRUENAV_SIGNING_KEY"  # a secret is not repeated
    assert not home.exists()


def test_an_installation_is_checked_migrated_and_deleted(home: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("built")
    with a_stack(home, environ={"TRUENAV_UI_DIR": str(tmp_path)}) as stack:
        told = stack.run("doctor")
        assert told.returncode == 0, told.stdout + told.stderr
        for line in (
            "PostgreSQL .*postgres \\(PostgreSQL\\) 18",
            "Valkey .*[Ss]erver",
            "free disk",
        ):
            assert re.search(f"ok +{line}", told.stdout), (line, told.stdout)
        assert "schema not made yet" in told.stdout

        assert f"at revision {head()}" in stack.run("migrate").stdout
        assert "at revision none" in stack.run("migrate", "--down", "base").stdout
        assert f"at revision {head()}" in stack.run("migrate").stdout
        assert f"schema {head()}, newest {head()}" in stack.run("doctor").stdout

        (home / "notes.txt").write_text("mine")
        refused = stack.run("reset")
        assert refused.returncode == 1
        assert f"deletes everything in {home}; say --yes" in refused.stderr
        assert (home / "postgres").is_dir()

        assert stack.run("reset", "--yes").returncode == 0
        assert sorted(path.name for path in home.iterdir()) == ["lock", "notes.txt"]


def test_doctor_fails_when_something_is_missing(home: Path, tmp_path: Path) -> None:
    with a_stack(home, environ={"TRUENAV_UI_DIR": str(tmp_path / "nothing")}) as stack:
        told = stack.run("doctor")
        assert told.returncode == 1
        assert re.search("FAIL +user interface +has not been built", told.stdout)


def test_an_unknown_revision_is_an_error_without_a_traceback(home: Path) -> None:
    with a_stack(home) as stack:
        stack.run("migrate")
        refused = stack.run("migrate", "--down", "19990101_0000")
        assert refused.returncode == 1
        assert "19990101_0000" in refused.stderr
        assert "Traceback" not in refused.stderr


def test_the_demo_is_loaded_once(home: Path) -> None:
    with a_stack(home) as stack:
        assert stack.run("demo").stdout.strip().endswith("the demo portfolio is loaded")
        assert stack.run("demo").returncode == 0
        stack.start()
        assert stack.run("doctor").stdout.count(f"in use: Truenav is running already with {home}")


@pytest.fixture(scope="module")
def running() -> Iterator[Stack]:
    """An installation at work."""
    directory = Path(tempfile.mkdtemp(prefix="tn-"))
    with a_stack(directory / "home") as stack:
        stack.start()
        yield stack
    shutil.rmtree(directory, ignore_errors=True)


def test_operators_are_named_from_the_command_line(running: Stack) -> None:
    email, client = sign_up(running)

    def access() -> str:
        return str(client.get("/api/v1/me").json()["operator_access"])

    assert running.run("operator", email).returncode == 0
    assert access() == "full"
    assert running.run("operator", email, "--revoke").returncode == 0
    assert access() == "none"
    unknown = running.run("operator", "nobody@example.org")
    assert (unknown.returncode, "nobody has signed up as" in unknown.stderr) == (1, True)


def test_a_backfill_is_asked_for_and_watched_to_its_end(running: Stack) -> None:
    """Offline nobody can tell anything, so its parts end at once; a stranger's symbol has none."""
    with psycopg.connect(running.superuser_dsn, autocommit=True) as connection:
        add_instrument(connection, symbol="BFLL")

    span = ("backfill", "--since", "2010-01-01", "--to", "2019-12-31")
    known = running.run(*span, "--symbol", "bfll")
    unknown = running.run(*span, "--symbol", "NOBODY")
    left = running.run(*span, "--symbol", "bfll", "--no-wait")

    assert known.returncode == 0, known.stderr
    assert known.stdout.splitlines()[0] == "asked for 2010-01-01 to 2019-12-31, BFLL"
    assert known.stdout.splitlines()[-1] == "2 of 2 parts done"
    assert (unknown.returncode, unknown.stdout.splitlines()[-1]) == (0, "0 of 0 parts done")
    assert (left.returncode, len(left.stdout.splitlines())) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "yesterday"), "'yesterday' is no day such as 2024-05-28"),
        (("--since", "2020-01-02", "--to", "2020-01-01"), "the first day comes after the last"),
    ],
)
def test_a_backfill_of_no_days_is_refused(
    running: Stack, arguments: tuple[str, ...], said: str
) -> None:
    refused = running.run("backfill", *arguments)
    assert (refused.returncode, said in refused.stderr) == (1, True)


def test_a_file_is_imported_beside_a_running_installation(running: Stack, tmp_path: Path) -> None:
    email, client = sign_up(running)
    open_account(client, "Schwab")
    file = tmp_path / "history.csv"
    file.write_text(GOOD)

    told = running.run("import", str(file), "--account", "Schwab", "--email", email)
    again = running.run("import", str(file), "--account", "Schwab", "--email", email)

    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == (
        "history.csv: 3 rows read, 3 imported, 0 already there, 0 skipped, 0 failed"
    )
    assert "0 imported, 3 already there" in again.stdout
    overview = client.get("/api/v1/overview").json()
    assert overview["cash"] == "4003.5"  # 5,000 - 1,001 + 4.50
    assert not overview["is_recomputing"]


def test_a_file_that_cannot_be_imported_says_why_and_leaves_nothing(
    running: Stack, tmp_path: Path
) -> None:
    email, client = sign_up(running)
    open_account(client, "Schwab")
    good, bad, picture = (tmp_path / name for name in ("good.csv", "bad.csv", "picture.csv"))
    good.write_text(GOOD)
    bad.write_text(GOOD.replace('"10","$100.00"', '"ten","$100.00"'))
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    def refused(file: Path, account: str = "Schwab", who: str = email) -> str:
        told = running.run("import", str(file), "--account", account, "--email", who)
        assert told.returncode == 1, told.stdout
        assert "Traceback" not in told.stderr
        return told.stderr

    assert "there is no file" in refused(tmp_path / "missing.csv")
    assert "no account named 'Fidelity'" in refused(good, account="Fidelity")
    assert "nobody signed up as" in refused(good, who="nobody@example.org")
    assert re.search("1 of 3 rows could not be read:\n  row 3, Quantity: .+'ten'", refused(bad))
    assert "truenav: " in refused(picture)
    assert client.get("/api/v1/transactions").json()["items"] == []


def test_a_file_is_imported_while_nothing_runs(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    file.write_text(GOOD)
    with a_stack(home) as stack:
        stack.start()
        email, client = sign_up(stack)
        open_account(client, "Schwab")
        stack.stop()

        told = stack.run("import", str(file), "--account", "Schwab", "--email", email)
        assert "3 imported" in told.stdout, told.stderr

        stack.start()
        assert log_in(stack, email).get("/api/v1/overview").json()["cash"] == "4003.5"
