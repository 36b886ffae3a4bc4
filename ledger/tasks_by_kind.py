"""Cases that wait for a person, by what is to be done. A case with two kinds of task names both in one column.

A look at each row of what waits would cost more than the rest of a dashboard: so the combinations that there are, a
handful, are asked of their index first, and each is read in the order of its days.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, text, union_all

from ledger.tables import cases

_COMBINATIONS = text(
    "WITH RECURSIVE each_of(kinds) AS ("
    "SELECT min(task_kinds) FROM cases WHERE task_due_on IS NOT NULL UNION ALL "
    "SELECT (SELECT min(task_kinds) FROM cases WHERE task_due_on IS NOT NULL AND task_kinds > each_of.kinds) "
    "FROM each_of WHERE each_of.kinds IS NOT NULL"
    ") SELECT kinds FROM each_of WHERE kinds IS NOT NULL"
)


def combinations(connection: Connection) -> list[str]:
    """The combinations of kinds that wait."""
    return list(connection.execute(_COMBINATIONS).scalars())


def ids_of(combinations: Sequence[str], conditions: Sequence[ColumnElement[bool]], rows: int) -> Select[Any]:
    """The ids of the cases of these combinations, at least one, the most urgent first, up to so many ``rows``."""
    by_day = (cases.c.task_due_on, cases.c.id)
    each = [
        select(*by_day).where(*conditions, cases.c.task_kinds == kinds).order_by(*by_day).limit(rows).subquery()
        for kinds in combinations
    ]
    found = union_all(*(select(one) for one in each)).subquery()
    return select(found.c.id).order_by(found.c.task_due_on, found.c.id)
