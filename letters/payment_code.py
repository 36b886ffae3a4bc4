"""The text of a SEPA payment QR code (EPC069-12 v2.1, « Quick Response Code: Guidelines », version 002), and the code
drawn. Pure.
"""

import io

import segno

from letters.typography import clean
from rules.letter import Letter
from rules.money import ZERO

MAX_BYTES = 331  # EPC069-12: the payload that a version 13 code holds at error level M


def epc_payload(letter: Letter) -> str | None:
    """What the payment code of a letter says: account, holder, amount in euro, reference to quote.

    None when no code is possible: another currency, no account, nothing to pay, or a text that is too long.
    A plan notice asks for its instalment, any other letter for what it asks.
    """
    due = letter.plan.amount if letter.plan else letter.asked
    iban = "".join((letter.iban or "").split()).upper()
    if letter.currency != "EUR" or not iban or due <= ZERO:
        return None
    holder = clean(letter.payee.name if letter.payee else letter.creditor.name, 70)
    bic = clean(letter.creditor.bic or "").replace(" ", "") if letter.payee is None else ""
    numbers = [clean(item.number) for item in letter.items]
    reference = numbers[0] if len(numbers) == 1 else clean(letter.debtor.id)
    lines = ["BCD", "002", "1", "SCT", bic, holder, iban, f"EUR{due}", "", "", reference[:140]]
    payload = "\n".join(lines)
    return payload if len(payload.encode()) <= MAX_BYTES else None


def payment_qr(text: str) -> bytes:
    """A QR code as SVG, at the error level that EPC069-12 asks for (M)."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue()
