"""House rules that a reader could break without noticing: floors, names, size, floats, clocks."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import BACKEND, Module, modules

FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "base"}
FLOAT_ROOMS = ("core/risk/", "core/planning/")
# Root finding abreast wants speed; a rate is taken only where its present value proves it.
FLOAT_MODULES = {"core/performance/mwrr_batch.py", "core/performance/mwrr_cells.py"}
ENVIRON_MODULES = ("entrypoints/", "platform/settings.py")
MAX_FUNCTION, USUAL_FUNCTION, MAX_FILE = 60, 40, 500


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, the docstring not counted."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return total - ((first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0)


def test_import_contracts_are_kept() -> None:
    # a process of its own: import-linter silences every logger there is, and other tests listen
    check = (
        "import sys; from importlinter.cli import lint_imports;"
        " sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=BACKEND, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_no_module_is_named_after_nothing() -> None:
    bad = [str(module.path) for module in modules() if module.path.stem in FORBIDDEN_NAMES]

    assert bad == []


def test_functions_and_files_stay_within_their_budgets() -> None:
    lengths = {
        f"{module.path}:{node.lineno} {node.name}": length(node)
        for module in modules()
        for node in functions(module)
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION}
    files = {str(m.path): m.text.count("\n") for m in modules()}
    too_large = {name: lines for name, lines in files.items() if lines > MAX_FILE}

    assert too_long == {}
    assert too_large == {}
    assert statistics.quantiles(lengths.values(), n=20)[-1] <= USUAL_FUNCTION


def test_core_uses_no_floats_outside_statistics() -> None:
    def is_float(node: ast.AST) -> bool:
        named = isinstance(node, ast.Name) and node.id == "float"
        return named or (isinstance(node, ast.Constant) and isinstance(node.value, float))

    bad = [
        f"{module.path}:{getattr(node, 'lineno', 0)}"
        for module in modules()
        if module.floor == "core"
        and not str(module.path).startswith(FLOAT_ROOMS)
        and str(module.path) not in FLOAT_MODULES
        for node in ast.walk(module.tree)
        if is_float(node)
    ]

    assert bad == []


def test_no_instant_is_naive_and_core_reads_no_clock() -> None:
    bad = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            call = ast.unparse(node.func)
            is_naive = call.endswith(("datetime.utcnow", "datetime.utcfromtimestamp")) or (
                call.endswith(("datetime.now", "datetime.fromtimestamp"))
                and len(node.args) + len(node.keywords) < (1 if call.endswith("now") else 2)
            )
            reads_clock = module.floor == "core" and call.endswith(
                ("datetime.now", "date.today", "time.time", "time.monotonic")
            )
            is_local_day = call.endswith("date.today")
            if is_naive or reads_clock or is_local_day:
                bad.append(f"{module.path}:{node.lineno} {call}")

    assert bad == []


def test_the_environment_is_read_by_entry_points_only() -> None:
    bad = [
        str(module.path)
        for module in modules()
        if ("os.environ" in module.text or "getenv(" in module.text)
        and not str(module.path).startswith(ENVIRON_MODULES)
    ]

    assert bad == []


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:")
    paths = [*BACKEND.glob("src/**/*.py"), *BACKEND.glob("tests/**/*.py")]
    bad = [str(path) for path in paths for mark in marks if mark in path.read_text()]

    assert bad == []


def test_every_revision_says_whether_it_expands_or_contracts() -> None:
    revisions = sorted(Path(BACKEND / "migrations" / "versions").glob("*.py"))

    assert revisions
    assert [p.name for p in revisions if not _is_marked(p)] == []


def _is_marked(path: Path) -> bool:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return "Expand:" in docstring or "Contract:" in docstring
