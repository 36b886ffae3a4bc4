"""Which case a path or a body means, within what the token was granted."""

from intake.answers import NotNow
from intake.api.access import must_see
from intake.api.desk import ApiDesk
from intake.api.problems import Problem
from ledger.tokens import Token

_PREFIX = "invoice/"


async def case_of(desk: ApiDesk, token: Token, text: str, creditor: str | None = None) -> str:
    """The id of the case of that id or invoice number; 404 when there is none that the token may see, 409 when several
    creditors hold the number. Raises NotNow while it waits for the engine to start it."""
    if not text or len(text) > 1000 or not text.isprintable():
        raise Problem(404, "This is neither a case nor an invoice number that is known.", "not_found")
    if text.startswith(_PREFIX) and text.count("/") >= 2:
        must_see(token, text.split("/")[1], text)
        return text
    ids = [one for one in await desk.ledger.reads.find(text) if token.may_see(one.split("/")[1])]
    if creditor is not None:
        ids = [one for one in ids if one.startswith(f"{_PREFIX}{creditor}/")]
    if len(ids) > 1:
        raise Problem(409, f"« {text} » is an invoice of several creditors: {' or '.join(ids)}.", "ambiguous")
    if not ids:
        await _starting(desk, token, text, creditor)
        raise Problem(404, f"« {text} » is neither a case nor an invoice number that is known.", "not_found")
    return ids[0]


async def _starting(desk: ApiDesk, token: Token, number: str, creditor: str | None) -> None:
    """An invoice that was taken in is no unknown one: a billing system says what happened to it right after."""
    every = frozenset(desk.known.creditors or ()) if token.creditors is None else token.creditors
    for key in sorted(every) if creditor is None else (creditor,):
        if token.may_see(key) and await desk.ledger.intake_queue.waiting(f"{_PREFIX}{key}/{number}") is not None:
            raise NotNow(f"« {number} » was taken in and its case is not started yet; say it again in a moment.")
