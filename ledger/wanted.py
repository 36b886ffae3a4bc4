"""What a list of cases shows, and the conditions that keep to it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from ledger.granted import granted
from ledger.tables import STUCK, cases
from rules.base import Frozen
from rules.case import Outcome, Pause
from rules.plan_watches import MISSED, REMINDER

ROWS = 50
CLOSED: Final = tuple(outcome.value for outcome in Outcome)
AGES: Final = ("not_due", "1", "31", "61", "91")
"""Slices of the aged balance: not due, then days overdue from that many on."""
SORTS: Final[Mapping[str, Any]] = {
    "outstanding": cases.c.outstanding,
    "due_on": cases.c.due_on,
    "next_at": cases.c.next_at,
    "number": cases.c.number,
    "state": cases.c.state,
}


class Wanted(Frozen):
    """What a list shows. ``creditors`` None: all are granted; ``view``: one of VIEWS; ``sort``: a key of SORTS, a
    leading ``-`` for the largest first; ``today``: the day that ages are counted to."""

    today: date
    creditors: frozenset[str] | None = None
    q: str = ""
    view: str = "open"
    state: str = ""
    creditor: str = ""
    debtor: str = ""
    age: str = ""
    sort: str = "next_at"
    page: int = 1
    rows: int = ROWS


VIEWS: Final = ("open", "todo", "promise", "dispute", "old", "stuck", "closed", "all")
"""The views of the list that everyone has."""


def scope(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    found += granted(cases.c.creditor, wanted.creditors)
    if wanted.creditor:
        found.append(cases.c.creditor == wanted.creditor)
    return found


# Not by the states that close: told row by row over half a book, eight words cost ten times as much as no day.
_IS_OPEN = cases.c.closed_on.is_(None)
_VIEWS: Final[Mapping[str, tuple[ColumnElement[bool], ...]]] = {
    "all": (),
    "closed": (cases.c.state.in_(CLOSED),),
    "todo": (cases.c.task_due_on.is_not(None),),
    "promise": (_IS_OPEN, cases.c.state == Pause.PROMISE.value),
    "dispute": (_IS_OPEN, cases.c.state == Pause.DISPUTE.value),
    "stuck": (literal_column(STUCK),),
}


_FEW: Final = frozenset({"promise", "dispute", "todo"})
"""Views that an index of their own finds sooner than the creditor does."""
DATELESS: Final = frozenset({"stuck", "closed"})
"""Views of cases that have no next moment."""


def looked_at(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that picks no index; for SQLite, which thinks any equality rare and would sort half a book where the
    page is found after a few rows in the order of the list."""
    return UnaryExpression(condition, operator=custom_op("+"))


def _of_view(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    if wanted.view == "old":
        return _IS_OPEN, cases.c.due_on < wanted.today - timedelta(days=90)
    return _VIEWS.get(wanted.view, (_IS_OPEN,))


def conditions_of(wanted: Wanted, *, sqlite: bool = False) -> list[ColumnElement[bool]]:
    """All but the words. ``sqlite``: for that database alone."""
    whose = scope(wanted)
    if sqlite and (wanted.state or wanted.view in _FEW):
        whose = [looked_at(condition) for condition in whose]
    found: list[ColumnElement[bool]] = [*whose, *_of_view(wanted), *_of_age(wanted)]
    if wanted.state:
        found.append(_in_state(wanted.state))
    if wanted.debtor:
        found.append(cases.c.debtor == wanted.debtor)
    return found


def _in_state(state: str) -> ColumnElement[bool]:
    """A letter of a payment plan carries the day of its instalment: all of a kind are one state."""
    if state in (MISSED, REMINDER):
        return cases.c.state.startswith(f"{state}_", autoescape=True)
    return cases.c.state == state


def _of_age(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.age not in AGES:
        return []
    if wanted.age == "not_due":
        return [cases.c.due_on >= wanted.today]
    first = int(wanted.age)
    conditions = [cases.c.due_on <= wanted.today - timedelta(days=first)]
    return conditions if first == 91 else [*conditions, cases.c.due_on > wanted.today - timedelta(days=first + 30)]
