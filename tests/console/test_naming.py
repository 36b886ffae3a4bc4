"""Codes of the rules have names: no reader meets one of ours in a page of his."""

import ast
import re
from functools import partial
from pathlib import Path

import pytest

from console.answers import QUESTIONS
from console.formats import Formats
from console.refusals import told
from console.rendering import translated
from console.timeline import _TELLINGS
from console.words import NEXT, TASKS
from console.words_judicial import CLOCKS
from rules.admit_tasks import OUTCOMES
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


SILENT = ("reading.py", "creditor.py", "policy_file.py", "hooks.py", "invoice.py")
"""What programs alone are told: a body that no form of ours sends, a file of the installation, a new invoice."""


def _sentences(file: Path) -> list[str]:
    """What a module refuses, with a value in each place: a day, a sum or a word, as its name says."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args:
            parts = node.args[0].values if isinstance(node.args[0], ast.JoinedStr) else [node.args[0]]
            if (
                sum(len(str(part.value)) for part in parts if isinstance(part, ast.Constant)) > 20
            ):  # else built elsewhere
                found.append("".join(_part(part) for part in parts))
    return found


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    said = ast.unparse(part)
    if "until.astimezone" in said:
        return "02/03/2026 10:30"
    if re.search(r"amount|total|sums|parts|owed|asked|open_|left|credit|known\.|earlier|excess|value|text", said):
        return "12.00"
    if re.search(r"\b(days|day|today|last|until|returns_on|delivered|presented|pay_on|pay_by|first\.on|taken\.on|"
                 r"issued_on|signed_on|interrupted_on|\w+_on|promise\.pay_on)\b", said):  # fmt: skip
        return "2026-03-02"
    return "7" if re.search(r"max_|months|made|passage|wanted|len\(", said) else "relance_1"


@pytest.mark.parametrize("file", sorted(f for f in RULES.glob("*.py") if f.name not in SILENT), ids=lambda f: f.name)
def test_whatever_the_rules_refuse_is_said_in_french_to_french_readers(file: Path) -> None:
    say = partial(told, Formats("fr"), partial(translated, "fr"))
    english = [one for one in _sentences(file) if 'lang="en"' in say(one)]
    assert english == []


def test_what_a_sentence_is_built_of_elsewhere_is_said_in_french_too() -> None:
    say = partial(told, Formats("fr"), partial(translated, "fr"))
    built = (
        "task_done: a manager grants, and an operator is none; say it in the console, or with starter.py signal …",
        "approve: the policy submits mise_en_demeure to a manager, and an operator is none; say it in the console.",
        "dispute_settled: 2 disputes are open; name one in dispute, or all: A; B.",
        "adopt: policy public is not for a debtor of kind business; name another one.",
        "dispute_settled: a partial outcome needs credit, the amount given up.",
        "judicial_event: rate: « x » is no rate.",
    )
    assert [one for one in built if 'lang="en"' in say(one)] == []


def test_every_answer_that_a_task_knows_is_a_button() -> None:
    own = {"in_doubt", "grant"}
    assert {kind: tuple(code for code, _ in asked.options) for kind, asked in QUESTIONS.items()} == {
        kind: answers for kind, answers in OUTCOMES.items() if kind not in own
    }
