"""The form that gives a line of a statement to cases, and the way by which they hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar, Final

from console.guard import Person
from console.house import House
from console.i18n import noted as _
from ledger.asked import Request as AskedOf
from ledger.asked import State
from ledger.bank_lines import KeptLine, KeptPart
from rules.money import ZERO, parse_amount, total
from rules.refusals import Refused

ROWS: Final = 3
"""How many invoices a form offers to split a line over; a proposal of more has one to spare."""
MOST: Final = 20


@dataclass(frozen=True)
class Row:
    """A row of the form: the invoice and the amount as they are written, and what is wrong with them, in words that
    the page says."""

    case: str = ""
    amount: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Filled:
    """A form as it was sent: its rows, and what they mean once nothing is wrong."""

    rows: tuple[Row, ...]
    parts: tuple[KeptPart, ...] = ()
    wrong: str = ""


class SignedDoor:
    """Says a line to cases in a person's name, and notes that it was this person."""

    noting: ClassVar[bool] = True

    def __init__(self, house: House, person: Person) -> None:
        self._house = house
        self._person = person

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object:
        """Say it; raises what the engine raises."""
        signed = {**body, "by": self._person.login, "actor": self._person.actor, "via": "console"}
        answer = await self._house.engine.submit(case_id, signed, event_id)
        if not self.noting:
            return answer
        words = {name: body[name] for name in ("amount", "received_on") if name in body}
        done = AskedOf(
            id=f"{event_id}/{case_id}", case_id=case_id, kind=str(body["kind"]), login=self._person.login,
            at=self._house.now(), state=State.DONE, words=words,
        )  # fmt: skip
        await self._house.ledger.asked.ask(done)
        return answer


def rows_of(line: KeptLine, chosen: str) -> tuple[Row, ...]:
    """The rows of a form that nobody has filled: the case that was chosen, else what was proposed."""
    if chosen:
        found = [Row(chosen, _written(line.amount))]
    else:
        found = [Row(part.case.rpartition("/")[2], _written(part.amount)) for part in line.parts]
    return padded(found)


def padded(rows: list[Row]) -> tuple[Row, ...]:
    """With empty rows to go on in."""
    return (*rows, *[Row()] * max(1, ROWS - len(rows)))


async def read_form(house: House, line: KeptLine, form: Mapping[str, Any]) -> Filled:
    """What a filled form says; a single row without an amount is the whole line."""
    written = [
        Row(str(form.get(f"case-{number}", "")).strip()[:200], str(form.get(f"amount-{number}", "")).strip()[:40])
        for number in range(MOST)
    ]
    rows = [row for row in written if row.case or row.amount]
    if not rows:
        return Filled(padded([]), wrong=_("Indiquez au moins une facture"))
    if len(rows) == 1 and not rows[0].amount:
        rows = [replace(rows[0], amount=_written(line.amount))]
    parts: list[KeptPart] = []
    for place, row in enumerate(rows):
        try:
            parts.append(await _part(house, line, row))
        except ValueError as error:
            rows[place] = replace(row, wrong=str(error))
    if len(parts) < len(rows):
        return Filled(padded(rows), wrong=_("Corrigez les lignes signalées"))
    if len({part.case for part in parts}) < len(parts):
        return Filled(padded(rows), wrong=_("Une même facture est nommée deux fois : donnez-lui une seule part"))
    if total(part.amount for part in parts) != line.amount:
        return Filled(padded(rows), wrong=_("La somme des parts n’est pas le montant de la ligne"))
    return Filled(padded(rows), tuple(parts))


async def _part(house: House, line: KeptLine, row: Row) -> KeptPart:
    """The part that a row means; raises ValueError with words for the page."""
    mine = [one for one in await house.ledger.reads.find(row.case) if one.split("/")[1] == line.creditor]
    found = None if not mine else await house.ledger.reads.row(mine[0])
    if found is None:
        raise ValueError(_("Aucune facture de ce créancier n’a ce numéro"))
    if found.currency != line.currency:
        raise ValueError(_("Cette facture n’est pas dans la monnaie de la ligne"))
    try:
        amount = parse_amount(row.amount)
    except Refused:
        amount = ZERO
    if amount <= ZERO:
        raise ValueError(_("Écrivez un montant, comme 1 200,00"))
    return KeptPart(case=found.id, amount=amount)


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
