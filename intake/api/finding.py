"""Which case a path or a body means, within what the token was granted."""

from intake.api.access import must_see
from intake.api.desk import ApiDesk
from intake.api.problems import Problem
from ledger.tokens import Token

_PREFIX = "invoice/"


async def case_of(desk: ApiDesk, token: Token, text: str, creditor: str | None = None) -> str:
    """The id of the case of that id or invoice number; 404 when there is none that the token may see, 409 when several
    creditors hold the number."""
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
        raise Problem(404, f"« {text} » is neither a case nor an invoice number that is known.", "not_found")
    return ids[0]
