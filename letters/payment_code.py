"""The text of a SEPA payment QR code (EPC069-12 v2.1, « Quick Response Code: Guidelines », version 002), and the code
drawn. Pure.
"""

import re

import segno

from letters.typography import clean
from rules.letter import Letter
from rules.money import ZERO

MAX_BYTES = 331  # EPC069-12: the payload that a version 13 code holds at error level M
MASK = 2
"""Of the eight, the one whose codes came nearest to the best of each, over sixty contents (on average 4 % above)."""
_DARK = re.compile(b"\x01+")


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
    """A QR code as SVG, at the error level and in the character set that EPC069-12 asks for (M; 1, which is UTF-8), one
    unit a module, without its quiet zone.

    The mask is always the same. ISO/IEC 18004 7.8.3 tries all eight for the best contrast, which costs more than the
    rest of the page; which one was taken is written in the code, and every reader looks there.
    """
    code = segno.make(text, error="m", micro=False, mask=MASK, boost_error=False, encoding="utf-8")
    side = len(code.matrix)
    runs = (
        f"M{run.start()} {row}.5h{run.end() - run.start()}"
        for row, modules in enumerate(code.matrix)
        for run in _DARK.finditer(bytes(modules))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<path stroke="#000" d="{"".join(runs)}"/></svg>'
    ).encode()
