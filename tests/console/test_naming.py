"""Codes of the rules have names: no reader meets one of ours in a page of his."""

import re
from functools import partial
from pathlib import Path

import pytest

from console.formats import Formats
from console.refusals import told
from console.rendering import translated
from console.timeline import _TELLINGS
from console.words import NEXT, TASKS
from console.words_judicial import CLOCKS
from rules.events import Event

RULES = Path(__file__).parents[2] / "rules"
CODES = {
    # The kinds of task; a clock whose end is the creditor's loss is one of its name.
    "task": (r'_task\(\s*"(\w+)"', r'Running\(\s*"(\w+)"[^)]*True(?:, [\w.]+)?\)', r'_counted\("(\w+)"[^)]*own=True'),
    "next": (r'Park\(reason="(\w+)"\)',),
}
SKIPPED = {"order_service", "title", "l126_answer", "l126_report", "opposition"}
"""Clocks that are told of, and are no task."""


@pytest.mark.parametrize(("group", "names"), [("task", TASKS), ("next", NEXT)])
def test_whatever_waits_for_a_person_has_a_name(group: str, names: dict[str, str]) -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in sorted(RULES.glob("*.py")))
    found = {code for pattern in CODES[group] for code in re.findall(pattern, source)}
    assert len(found) > 10
    assert sorted(found - names.keys() - SKIPPED) == []


def test_every_event_is_told_in_its_own_words() -> None:
    kinds = [kind for kind in _all_of(Event) if "kind" in kind.model_fields]
    assert len(kinds) > 40
    assert [kind.__name__ for kind in kinds if kind not in _TELLINGS] == []


def _all_of(kind: type[Event]) -> list[type[Event]]:
    return [each for below in kind.__subclasses__() for each in (below, *_all_of(below))]


def test_every_clock_has_a_name() -> None:
    source = (RULES / "judicial_clocks.py").read_text(encoding="utf-8")
    found = set(re.findall(r'(?:Running\(\s*|_counted\()\s*"(\w+)"', source))
    assert len(found) > 8
    assert sorted(found - CLOCKS.keys()) == []


@pytest.mark.parametrize(("language", "shown"), [
    ("fr", "1 500,00 est plus que le principal ouvert, 1 200,00."),
    ("en", "1500.00 is more than the open principal, 1200.00."),
])  # fmt: skip
def test_a_refusal_is_said_in_the_readers_language(language: str, shown: str) -> None:
    say = partial(told, Formats(language), partial(translated, language))
    assert say("dispute: 1500.00 is more than is open, 1200.00.") == shown
    assert say("odd: <b> is not known.") == '<span lang="en">odd: &lt;b&gt; is not known.</span>'
