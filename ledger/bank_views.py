"""Lines of statements as people work through them: how many wait, and which cases a line may be for."""

from datetime import date

from sqlalchemy import Connection, func, or_, select

from ledger.api_tables import bank_lines, payers
from ledger.bank_lines import KeptLine, LineState
from ledger.granted import granted
from ledger.lists import CLOSED
from ledger.tables import cases

CANDIDATES = 8


def line_counts(connection: Connection, creditors: frozenset[str] | None) -> dict[LineState, int]:
    """How many lines stand in each state."""
    query = select(bank_lines.c.state, func.count()).where(*granted(bank_lines.c.creditor, creditors))
    query = query.group_by(bank_lines.c.state)
    return {LineState(state): number for state, number in connection.execute(query)}


def candidates(connection: Connection, line: KeptLine) -> list[str]:
    """The open cases that owe the very amount of a line, or whose debtor's account it came from, the oldest due
    first."""
    theirs = (cases.c.creditor == line.creditor, cases.c.currency == line.currency, cases.c.state.not_in(CLOSED))
    # Both from an index alone: a creditor may have a hundred thousand cases.
    wanted = [or_(cases.c.principal == line.amount, cases.c.outstanding == line.amount)]
    if line.payer_digest is not None:
        known = select(payers.c.debtor).where(payers.c.creditor == line.creditor, payers.c.digest == line.payer_digest)
        wanted.append(cases.c.debtor.in_(known))
    found: set[tuple[date, str]] = set()
    for one in wanted:
        query = select(cases.c.due_on, cases.c.id).where(*theirs, one).order_by(cases.c.due_on, cases.c.id)
        found |= {(row.due_on, row.id) for row in connection.execute(query.limit(CANDIDATES))}
    return [case for _, case in sorted(found)][:CANDIDATES]
