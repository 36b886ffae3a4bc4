"""A bank's file taken in from the console: read, shared out by creditor, and said to the cases."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from console.bankdesk import SignedDoor
from console.engine import EngineDown
from console.guard import Person
from console.house import House
from intake.bank.lines import Statement
from intake.bank.posting import Teller, today_of
from intake.bank.reading import creditor_of, read_statements
from intake.lines import Fault
from rules.refusals import Refused

LARGEST: Final = 10_000_000
COUNTED: Final = ("posted", "proposed", "open", "already_known")


class FileDoor(SignedDoor):
    """The door for what a file says: in the name of who brought it, though nobody decided on each line."""

    noting = False

    async def reconsider(self, case_id: str) -> bool:
        """Wake a case that waited for the bank's word."""
        return await self._house.engine.reconsider(case_id)


async def take_file(house: House, person: Person, form: FormData) -> Counter[str]:
    """Take the statements of the file; how many lines became what. Raises Refused when it is none, or of an account
    that is not the person's to see; and what the engine raises: the same file may then be given again."""
    file = form.get("file")
    data = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    account = "".join(str(form.get("account", "")).split())[:64] or None
    try:
        statements = await run_in_threadpool(lambda: read_statements(data, account=account))
        shared = _by_creditor(house, person, str(form.get("creditor", "")) or None, statements)
    except Fault as fault:
        raise Refused(f"{fault.field}: {fault.reason}.") from None
    if not house.engine.up:
        raise EngineDown
    counts: Counter[str] = Counter()
    for whose, some in shared.items():
        post_sure = house.creditors[whose].bank_posting == "post_sure"
        door = FileDoor(house, person)
        teller = Teller(house.ledger.bank, house.ledger.reads, door, whose, post_sure=post_sure)
        counts += (await teller.take(some, datetime.now(UTC).replace(microsecond=0), today_of(house.now()))).counts
    return counts


def _by_creditor(
    house: House, person: Person, named: str | None, statements: list[Statement]
) -> dict[str, list[Statement]]:
    seen = {key: one for key, one in house.creditors.items() if person.sees(key)}
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        whose = creditor_of(statement.account, seen, named, all_of=house.creditors)
        found.setdefault(whose, []).append(statement)
    return found
