"""Each rule of docs/practice.md names tests that are there."""

import re

from rules.policy import Policy, Rung
from tests.architecture.house import ROOT

PAGE = ROOT / "docs" / "practice.md"
_RULE = re.compile(r"^\| (\d+) \| .+ \| (.+) \| (.+) \|$", re.MULTILINE)


def rules() -> list[tuple[str, str, str]]:
    """Number, what moves it, the tests that hold it."""
    return _RULE.findall(PAGE.read_text(encoding="utf-8"))


def test_every_rule_is_held_by_tests_that_are_there() -> None:
    found = rules()
    assert [number for number, _, _ in found] == [f"{number}" for number in range(1, len(found) + 1)]
    missing = []
    for number, _, held in found:
        for part in held.split("<br>"):
            file, *names = re.findall(r"`([^`]+)`", part)
            text = (ROOT / "tests" / file).read_text(encoding="utf-8")
            missing += [f"{number}: {file}::{name}" for name in names if f"def {name}(" not in text]
            assert names, f"{number}: {file} names no test"
    assert not missing, missing


def test_what_moves_a_rule_is_a_setting_that_is_there() -> None:
    known = set(Policy.model_fields) | set(Rung.model_fields)
    known |= {field.alias for model in (Policy, Rung) for field in model.model_fields.values() if field.alias}
    known |= {"agreed_rate", "payee", "particulier", "public"}
    named = {name for _, moved, _ in rules() for name in re.findall(r"`([^`]+)`", moved)}
    assert named
    assert named <= known, named - known
