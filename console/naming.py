"""Codes of the ledger as words in sentences: looked up, translated, put in place. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from console.fields import OUTCOMES as OUTCOMES_OF_CALLS
from console.words import ACTS, GROUPS, STEPS, TASKS

Translate = Callable[[str], str]

_ANSWERS: Final[Mapping[str, str]] = {**dict(OUTCOMES_OF_CALLS), "plan_requested": TASKS["plan_requested"]}
_ANSWER: Final = re.compile(r"(Code\s?: |\b)(" + "|".join(_ANSWERS) + r")\b(?=[.,]|$)")


def word(translate: Translate, group: str, code: str | None) -> str:
    """What a code is called; a code of one's own (a policy's step) is shown as it is, without underscores."""
    if code is None:
        return "—"
    known = GROUPS[group].get(code) or (ACTS.get(code) if group == "task" else None)
    if known is not None:
        return translate(known)
    kind, day = _of_plan(code)
    if day is not None:
        return f"{translate(STEPS[kind])} ({day[6:]}/{day[4:6]})"
    shown = code.replace("_", " ")
    return shown[:1].upper() + shown[1:]


_PLAN_LETTER: Final = re.compile(r"(plan_missed|plan_reminder)_(\d{8})$")


def _of_plan(code: str) -> tuple[str, str | None]:
    """A letter of a payment plan names its instalment: its kind and the day."""
    found = _PLAN_LETTER.match(code)
    return (found[1], found[2]) if found else (code, None)


def kind_of(code: str) -> str:
    """A code without the day of an instalment: what colours and sums go by."""
    return _of_plan(code)[0]


def with_outcome_names(translate: Translate, line: str) -> str:
    """A line of a call's script with the names of the answers in place of their codes."""
    return _ANSWER.sub(lambda found: f"{found[1]}« {translate(_ANSWERS[found[2]]).lower()} »", line)
