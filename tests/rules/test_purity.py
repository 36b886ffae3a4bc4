"""The rules are pure: no clock, no file, no chance, no engine, no float for money. Read from their syntax."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted(RULES.rglob("*.py"))
ALLOWED = {
    "base64", "calendar", "collections", "dataclasses", "datetime", "decimal", "email", "enum", "functools", "hashlib",
    "heapq", "hmac", "itertools", "json", "re", "tomllib", "typing", "zoneinfo",
    "babel", "holidays", "pydantic", "pydantic_core", "rules",
}  # fmt: skip
ONLY_TABLES = {"importlib"}
TABLES = "law/tables.py"
CLOCKS = {"now", "today", "utcnow", "localtime", "formatdate", "make_msgid"}
FILES_OPENED = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}


def offences(source: str, *, name: str) -> list[str]:
    """What is impure in a source, as sentences with their line."""
    tree = ast.parse(source)
    return sorted({f"{name}:{line}: {what}" for line, what in _offences(tree, name)})


def _offences(tree: ast.Module, name: str) -> Iterator[tuple[int, str]]:
    allowed = ALLOWED | (ONLY_TABLES if name == TABLES else set())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."]
            yield from ((node.lineno, f"imports {module}") for module in modules if _root(module) not in allowed)
        elif isinstance(node, ast.Call):
            called = _called(node)
            if called in CLOCKS and isinstance(node.func, ast.Attribute):
                yield node.lineno, f"reads a clock by {called}()"
            if called in FILES_OPENED and name != TABLES:
                yield node.lineno, f"opens a file by {called}()"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"writes the float {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float" and isinstance(node.ctx, ast.Load):
            yield node.lineno, "names float"


def _root(module: str) -> str:
    return module.partition(".")[0]


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(RULES)))
def test_a_rule_is_pure(file: Path) -> None:
    name = file.relative_to(RULES).as_posix()
    assert offences(file.read_text(encoding="utf-8"), name=name) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os", "imports os"),
        ("import random", "imports random"),
        ("from time import sleep", "imports time"),
        ("import logging.config", "imports logging.config"),
        ("import asyncio", "imports asyncio"),
        ("from temporalio import workflow", "imports temporalio"),
        ("import sqlalchemy.ext.asyncio", "imports sqlalchemy.ext.asyncio"),
        ("import aiosmtplib, jinja2", "imports aiosmtplib"),
        ("from ledger.tables import events", "imports ledger.tables"),
        ("from . import case", "imports ."),
        ("import importlib.resources", "imports importlib.resources"),
        ("when = datetime.now(UTC)", "reads a clock by now()"),
        ("when = datetime.now()", "reads a clock by now()"),
        ("day = date.today()", "reads a clock by today()"),
        ("date_line = email.utils.formatdate()", "reads a clock by formatdate()"),
        ("when = datetime.utcnow()", "reads a clock by utcnow()"),
        ("text = open('x').read()", "opens a file by open()"),
        ("text = Path('x').read_text()", "opens a file by read_text()"),
        ("rate = 0.1", "writes the float 0.1"),
        ("rate = float('0.1')", "names float"),
    ],
)
def test_the_guard_sees_what_is_impure(source: str, said: str) -> None:
    found = offences(source, name="example.py")
    assert any(one.startswith(f"example.py:1: {said}") for one in found), found


def test_the_guard_lets_the_rules_do_what_they_do() -> None:
    source = "from datetime import time\nopens = time(9)\nday = today(moment, context)\n"
    assert offences(source, name="example.py") == []


def test_only_the_tables_read_the_packages_own_data() -> None:
    source = "from importlib import resources\ntext = resources.files('rules').joinpath('x').read_text()\n"
    assert offences(source, name=TABLES) == []
    assert len(offences(source, name="law/rates.py")) == 2


def test_what_is_allowed_is_the_standard_library_or_named_here() -> None:
    third = {"babel", "holidays", "pydantic", "pydantic_core", "rules"}
    assert third | set(sys.stdlib_module_names) >= ALLOWED
    assert len(FILES) > 40
