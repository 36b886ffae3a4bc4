"""Whatever a user can type is named where users read: README.md or docs/."""

import argparse
import re

import pytest

from rules.reading import COMMANDS
from settings import HOUSE, VARIABLES
from starter import build_parser
from tests.architecture.house import ROOT, tracked


def commands() -> list[str]:
    """The commands of starter.py."""
    actions = [action for action in build_parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return sorted(actions[0].choices)


def policies() -> list[str]:
    """The policies that come with the house."""
    return sorted(file.stem for file in (HOUSE / "policies").glob("*.toml"))


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("signals", sorted(COMMANDS)),
        ("settings", list(VARIABLES)),
        ("commands of starter.py", commands()),
        ("policies", policies()),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_every_name_is_documented(what: str, names: list[str]) -> None:
    pages = [ROOT / "README.md", *tracked("docs/*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())
    missing = [name for name in names if not re.search(rf"(?<![\w-])`?{re.escape(name)}(?![\w-])", text)]
    assert names
    assert not missing, f"neither README.md nor docs/ names these {what}: {', '.join(missing)}"
