"""Codes of the ledger as words in sentences: looked up, translated, put in place. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

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


def awaited(row: Any) -> tuple[str | None, date | datetime | None]:
    """What a case awaits and when, of a row with its next step: of one that stands still the end of its pause, or what
    a person must say, and not the step that is held back."""
    still = row.suspended_by is not None and (row.suspended_until is not None or row.next_kind in _STILL)
    if not still:
        return row.next_step, row.next_at
    kinds = "" if row.suspended_until is not None else row.task_kinds or ""
    return next((kind for kind in _HELD if kind in kinds.split(",")), row.suspended_by), row.suspended_until


_STILL: Final = ("park", "wait", None)
_HELD: Final = (
    "decide", "declare_claim", "foreclosure_relief", "follow_relief", "follow_declaration", "over_indebtedness",
    "in_doubt", "settlement_shaken", "probable_duplicate", "follow_hand_over", "follow_mediation",
)  # fmt: skip
"""What a person must see to in a case that no day frees, by the kind of its task, what says most first."""


def with_outcome_names(translate: Translate, line: str) -> str:
    """A line of a call's script with the names of the answers in place of their codes."""
    return _ANSWER.sub(lambda found: f"{found[1]}« {translate(_ANSWERS[found[2]]).lower()} »", line)
