"""Saying a line to its cases. What is said is read from the line as it is kept, under ids of its own: cut short
anywhere, the same again says the same."""

from collections.abc import Mapping
from typing import Any, Protocol

from ledger.bank import BankShelf
from ledger.bank_lines import KeptLine, KeptPart, LineState
from ledger.reads import CaseRow
from rules.refusals import Refused

METHOD = "bank"


class Door(Protocol):
    """The door to the cases."""

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object: ...


class Rows(Protocol):
    """Cases as lists show them."""

    async def row(self, case_id: str) -> CaseRow | None: ...

    async def find(self, number_or_id: str) -> list[str]: ...


async def post(shelf: BankShelf, rows: Rows, door: Door, line: KeptLine) -> None:
    """Say a line that is being posted to the cases of its parts, and whose account it came from. Raises Refused when a
    case refuses: the line is then open, with the parts that were entered; and what the door fails with."""
    entered: list[KeptPart] = []
    for part in line.parts:
        try:
            await door.submit(part.case, payment_of(line, part), f"bank/{line.id}")
        except Refused as refused:
            await shelf.settle(line, LineState.OPEN, f"{line.because} ; {refused.sentence}", entered)
            raise
        entered.append(part)
    await withdraw(door, line)
    row = None if line.reversal else await rows.row(line.parts[0].case)
    payer = None if row is None else row.debtor
    await shelf.settle(line, LineState.POSTED, line.because, line.parts, payer=payer)


async def propose(shelf: BankShelf, door: Door, line: KeptLine) -> None:
    """Ask the cases of a line's parts whether it is theirs. Raises Refused when a case refuses: the line is then open;
    and what the door fails with."""
    for part in line.parts:
        try:
            await door.submit(part.case, proposal_of(line, part), f"bank/proposed/{line.id}")
        except Refused as refused:
            await shelf.settle(line, LineState.OPEN, f"{line.because} ; {refused.sentence}")
            raise
    if not await shelf.settle(line, LineState.PROPOSED, line.because, line.parts):
        # A person was quicker: who does not get the money is asked no more.
        stands = await shelf.line(line.id, frozenset({line.creditor}))
        if stands is not None and stands.state is not LineState.PROPOSED:
            await withdraw(door, stands)


async def withdraw(door: Door, line: KeptLine) -> None:
    """The task of the proposal is done in the cases that do not get the money; where nothing asks any more nothing
    is said."""
    gets = {part.case for part in line.parts} if line.state is not LineState.IGNORED else set()
    for case in line.proposed_to:
        if case in gets:
            continue
        body = {"kind": "task_done", "task": f"payment_proposed/bank/proposed/{line.id}", "outcome": "other"}
        try:
            await door.submit(case, body, f"bank/withdrawn/{line.id}")
        except Refused:
            continue


def payment_of(line: KeptLine, part: KeptPart) -> dict[str, Any]:
    """What a case is told of money that came, or was taken back."""
    if line.reversal:
        return {
            "kind": "payment_reversed", "reference": line.reference, "amount": str(part.amount),
            "on": line.booked_on.isoformat(), "reason": "repris par la banque",
        }  # fmt: skip
    return {
        "kind": "paid", "amount": str(part.amount), "received_on": line.booked_on.isoformat(),
        "reference": line.reference, "method": METHOD,
    }  # fmt: skip


def proposal_of(line: KeptLine, part: KeptPart) -> dict[str, Any]:
    """What a case is told of money that may be its own."""
    return {
        "kind": "payment_proposed", "amount": str(part.amount), "received_on": line.booked_on.isoformat(),
        "reference": line.reference, "method": METHOD, "because": line.because[:2000],
    }  # fmt: skip
