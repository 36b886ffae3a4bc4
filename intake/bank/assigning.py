"""A person says whose a line of a statement is, or that it is nobody's."""

from collections.abc import Sequence

from intake.bank.saying import Door, Rows, post, withdraw
from ledger.bank import BankShelf
from ledger.bank_lines import KeptLine, KeptPart, LineState
from rules.money import ZERO, total
from rules.refusals import Code, Refused


async def assign(shelf: BankShelf, rows: Rows, door: Door, line: KeptLine, parts: Sequence[KeptPart]) -> None:
    """Say the line to the cases that a person chose; together the parts are the whole line. It is taken for these
    parts before any case hears of it: who says the same again finishes it, who says another is refused. A proposal to
    another case ends. Raises Refused, and what the door fails with."""
    if any(part.amount <= ZERO for part in parts) or total(part.amount for part in parts) != line.amount:
        said = total(part.amount for part in parts)
        raise Refused(f"the parts add up to {said}, not to the line's {line.amount}.", Code.AMOUNT_INVALID)
    await _check_cases(rows, line, parts)
    await shelf.settle_confirmed(frozenset({line.creditor}))
    await post(shelf, rows, door, await shelf.claim(line.id, parts, "dit par une personne"))


async def _check_cases(rows: Rows, line: KeptLine, parts: Sequence[KeptPart]) -> None:
    named = [part.case for part in parts]
    for case in named:
        if named.count(case) > 1:
            raise Refused(f"{case} is named twice; give it one part, the sum of both.", Code.AMOUNT_INVALID)
        row = await rows.row(case)
        if row is None or row.creditor != line.creditor:
            raise Refused(f"{case} is no case of {line.creditor}, whose line this is; name one of its cases.")
        if row.currency != line.currency:
            raise Refused(
                f"{case} is in {row.currency}, the line in {line.currency}; say to the case what the bank credited, in "
                f"{row.currency} (paid), and set the line aside (ignore).",
                Code.AMOUNT_INVALID,
            )


async def ignore(shelf: BankShelf, door: Door, line: KeptLine) -> None:
    """The line pays no invoice: the cases it was proposed to go on. Raises Refused when it was posted, or a case has a
    part of it."""
    await shelf.settle_confirmed(frozenset({line.creditor}))
    stands = await shelf.line(line.id, frozenset({line.creditor})) or line
    if stands.state in (LineState.POSTED, LineState.POSTING) or (stands.state is LineState.OPEN and stands.parts):
        raise Refused(f"line {line.id} is posted; say payment_reversed to its case.", Code.NOT_ALLOWED_NOW)
    # Set aside already: what its cases may not have heard is said again.
    waits = stands.state is not LineState.IGNORED
    if waits and not await shelf.settle(stands, LineState.IGNORED, "écartée par une personne"):
        raise Refused(f"line {line.id} was dealt with meanwhile; look at it again.", Code.NOT_ALLOWED_NOW)
    await withdraw(door, stands.model_copy(update={"state": LineState.IGNORED}))
