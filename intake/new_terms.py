"""An invoice announced again with other due dates: what the case is told. Pure."""

import hashlib
from collections.abc import Sequence
from typing import Any

from rules.invoice import Instalment


def new_terms(known: Sequence[Instalment], announced: Sequence[Instalment]) -> dict[str, Any] | None:
    """The body of ``terms_changed``; None when the due dates are those the case has, or the sum is another: then it is
    not another due date but another invoice, which only a credit note may lower."""
    if [part.due_on for part in known] == [part.due_on for part in announced]:
        return None
    if sum(part.amount for part in known) != sum(part.amount for part in announced):
        return None
    said = {"kind": "terms_changed", "reason": f"nouvel import : {_days(known)} devient {_days(announced)}"}
    if len(announced) == 1:
        return {**said, "due_on": announced[0].due_on.isoformat()}
    parts = [{"due_on": part.due_on.isoformat(), "amount": str(part.amount)} for part in announced]
    return {**said, "instalments": parts}


def terms_event_id(announced: Sequence[Instalment]) -> str:
    """The event id of these terms: the same file imported twice says them once."""
    text = "|".join(f"{part.due_on}:{part.amount}" for part in announced)
    return f"terms/{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def _days(parts: Sequence[Instalment]) -> str:
    return "échéance du " + ", ".join(f"{part.due_on:%d/%m/%Y}" for part in parts[:6])
