"""A person says whose a line of a statement is, or that it is nobody's."""

from collections.abc import Sequence

from intake.bank.posting import Door, Rows, payment_of
from ledger.bank import BankShelf, KeptLine, KeptPart, LineState
from rules.money import ZERO, total
from rules.refusals import Code, Refused


async def assign(shelf: BankShelf, rows: Rows, door: Door, line: KeptLine, parts: Sequence[KeptPart]) -> None:
    """Say the line to the cases that a person chose; together the parts are the whole line. A proposal to another case
    ends. Raises Refused, and what the door fails with."""
    if line.state not in (LineState.OPEN, LineState.PROPOSED, LineState.RECEIVED):
        raise Refused(f"line {line.id} is {line.state} already.", Code.NOT_ALLOWED_NOW)
    if any(part.amount <= ZERO for part in parts) or total(part.amount for part in parts) != line.amount:
        said = total(part.amount for part in parts)
        raise Refused(f"the parts add up to {said}, not to the line's {line.amount}.", Code.AMOUNT_INVALID)
    for part in parts:
        await door.submit(part.case, payment_of(line, part), f"bank/{line.id}")
    await _withdraw(door, line, {part.case for part in parts})
    await shelf.settle(line.id, LineState.POSTED, "dit par une personne", parts)
    row = await rows.row(parts[0].case)
    if row is not None and not line.reversal:
        await shelf.learn(line.creditor, line.id, row.debtor)


async def ignore(shelf: BankShelf, door: Door, line: KeptLine) -> None:
    """The line pays no invoice: the cases it was proposed to go on. Raises Refused when it was posted."""
    if line.state is LineState.POSTED:
        raise Refused(f"line {line.id} is posted; say payment_reversed to its case.", Code.NOT_ALLOWED_NOW)
    await _withdraw(door, line, set())
    await shelf.settle(line.id, LineState.IGNORED, "écartée par une personne")


async def _withdraw(door: Door, line: KeptLine, but: set[str]) -> None:
    """The task of the proposal is done in the cases that do not get the money."""
    if line.state is not LineState.PROPOSED:
        return
    for part in line.parts:
        if part.case not in but:
            body = {"kind": "task_done", "task": f"payment_proposed/bank/proposed/{line.id}", "outcome": "other"}
            await door.submit(part.case, body, f"bank/withdrawn/{line.id}")
