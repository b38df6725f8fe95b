"""One writer, many readers: a module changes only the tables of its own feature."""

import ast
import importlib
import re

from tests.architecture.source import Module, modules
from truenav.platform.db import Row

WRITERS = {"insert": 0, "update": 0, "delete": 0, "insert_rows": 1}  # which argument is the table
RAW_WRITE = re.compile(
    r"\b(?:INSERT\s+INTO|DELETE\s+FROM|UPDATE)\s+(?:public\.)?([a-z_]+)", re.IGNORECASE
)
# What a raw statement may also name: `SELECT … FOR UPDATE`, `DO UPDATE SET`, temporary tables.
NOT_TABLES = {"set", "of", "nowait", "skip"}


def owners() -> dict[str, str]:
    """Class name and table name → the feature (or `platform`) whose `tables.py` declares it."""
    found: dict[str, str] = {}
    for module in modules():
        if not module.path.name.endswith("tables.py"):
            continue
        owner = module.feature or module.floor
        for value in vars(importlib.import_module(module.name)).values():
            is_row = isinstance(value, type) and issubclass(value, Row) and value is not Row
            if is_row and value.__module__ == module.name:
                found[value.__name__] = owner
                found[value.__tablename__] = owner
    return found


def written(module: Module, rows: dict[str, str]) -> set[str]:
    """Row classes and tables that a module inserts into, updates, deletes from or makes."""
    aliases = {
        target.id: node.value.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)
        for target in node.targets
        if isinstance(target, ast.Name) and node.value.id in rows
    }
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {t for t in RAW_WRITE.findall(node.value) if t not in NOT_TABLES} & set(rows)
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        if name.endswith("Row") and name in rows:  # a function may be called like a table
            found.add(name)
        place = WRITERS.get(name, len(node.args))
        argument = node.args[place] if place < len(node.args) else None
        if isinstance(argument, ast.Name):
            found |= {aliases.get(argument.id, argument.id)} & set(rows)
    return found


def trespasses(module: Module, rows: dict[str, str]) -> list[str]:
    """Writes into somebody else's table. Entry points own none, but work the outbox."""
    own = {module.feature or "platform"}
    return [
        f"{module.path} writes {name} of {rows[name]}"
        for name in sorted(written(module, rows))
        if rows[name] not in own
    ]


def test_modules_write_their_own_tables_only() -> None:
    rows = owners()
    checked = [m for m in modules() if m.floor in {"features", "platform", "entrypoints"}]

    assert [fault for module in checked for fault in trespasses(module, rows)] == []


def test_the_rule_notices_each_way_of_writing() -> None:
    source = (
        "table = AccountRow\n"
        "update(table)\n"
        "session.add(LotRow(id=1))\n"
        "insert_rows(session, PositionRow, [])\n"
        "text('insert into prices values (1)')\n"
        "select(UserRow)\n"
    )
    module = next(m for m in modules() if m.feature == "performance")
    trespasser = Module(module.path, module.name, source, ast.parse(source))

    assert trespasses(trespasser, owners()) == [
        f"{module.path} writes AccountRow of accounts",
        f"{module.path} writes LotRow of ledger",
        f"{module.path} writes PositionRow of ledger",
        f"{module.path} writes prices of marketdata",
    ]
