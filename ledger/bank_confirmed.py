"""Lines that were proposed and whose payment a person has entered on the case itself."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from ledger.api_tables import bank_lines
from ledger.bank_lines import KeptLine, KeptPart, LineState, line_of
from ledger.tables import cases, events

_SOME = 500


def confirmed(connection: Connection, within: Sequence[Any]) -> list[tuple[KeptLine, str]]:
    """The proposed lines all of whose parts their cases were paid: same reference, amount and day (SEMANTICS 7); each
    with the debtor of its first part. Their names and words stay sealed."""
    wanted = select(bank_lines).where(bank_lines.c.state == LineState.PROPOSED.value, *within)
    bare = (dict(row) | {"payer": None, "text": None} for row in connection.execute(wanted).mappings())
    lines = [line_of(row, b"") for row in bare]
    asked = sorted({part.case for line in lines for part in line.parts})
    paid: set[tuple[str, str | None, Decimal, str]] = set()
    debtors: dict[str, str] = {}
    for start in range(0, len(asked), _SOME):
        some = asked[start : start + _SOME]
        of_them = select(cases.c.id, cases.c.debtor).where(cases.c.id.in_(some))
        debtors |= {row.id: row.debtor for row in connection.execute(of_them)}
        entered = select(events.c.case_id, events.c.readable).where(
            events.c.case_id.in_(some), events.c.kind == "payment_received"
        )
        for row in connection.execute(entered):
            said = json.loads(row.readable)
            paid.add((row.case_id, said.get("reference"), Decimal(said["amount"]), said["received_on"]))
    return [
        (line, debtors[line.parts[0].case])
        for line in lines
        if line.parts and all(_key(line, part) in paid for part in line.parts)
    ]


def _key(line: KeptLine, part: KeptPart) -> tuple[str, str | None, Decimal, str]:
    return part.case, line.reference, part.amount, line.booked_on.isoformat()
