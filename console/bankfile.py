"""A bank's file taken in from the console: read, shared out by creditor, and said to the cases."""

import asyncio
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from console.bankdesk import SignedDoor
from console.engine import EngineDown
from console.guard import Person
from console.house import House
from console.saying import new_id
from intake.answers import NotNow
from intake.bank.lines import Statement
from intake.bank.posting import Teller, today_of
from intake.bank.reading import creditor_of, read_statements
from intake.lines import Fault
from ledger.asked import Request as AskedOf
from ledger.asked import State
from rules.refusals import Refused

LARGEST: Final = 10_000_000
PATIENCE: Final = 4.0
"""Seconds that a browser waits for a file; a longer one goes on without it."""
TOLD_EVERY: Final = 2.0
SILENT: Final = timedelta(seconds=60)
"""A file of which nothing was heard for so long was cut short with its process."""
_LOG = logging.getLogger("relance.console")
COUNTED: Final = ("posted", "proposed", "open", "already_known")


class FileDoor(SignedDoor):
    """The door for what a file says: in the name of who brought it, though nobody decided on each line."""

    noting = False

    async def reconsider(self, case_id: str) -> bool:
        """Wake a case that waited for the bank's word."""
        return await self._house.engine.reconsider(case_id)


Shared = dict[str, list[Statement]]
"""Statements by the creditor whose account they are of."""


async def read_file(house: House, person: Person, form: FormData) -> Shared:
    """The statements of the file. Raises Refused when it is none, or of an account that is not the person's to see."""
    file = form.get("file")
    data = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
    account = "".join(str(form.get("account", "")).split())[:64] or None
    try:
        statements = await run_in_threadpool(lambda: read_statements(data, account=account))
        return _by_creditor(house, person, str(form.get("creditor", "")) or None, statements)
    except Fault as fault:
        raise Refused(f"{fault.field}: {fault.reason}.") from None


class Taking:
    """A file being taken, line after line, in a task of its own: a browser need not wait for the last. How far it is
    stands in the ledger, for whichever process answers next."""

    def __init__(self, house: House, person: Person, shared: Shared) -> None:
        self._house, self._person, self._shared = house, person, shared
        self._lines = sum(len(one.lines) for some in shared.values() for one in some)
        self._done = 0
        self.id = new_id()

    async def begin(self) -> asyncio.Task[Counter[str]]:
        """Write down that it began, and begin. The task raises what the engine raises: the same file may then be given
        again."""
        asked = AskedOf(
            id=self.id, case_id=f"bank/{'+'.join(sorted(self._shared))}", kind="statement", login=self._person.login,
            at=self._house.now(), state=State.PENDING, words=self._words(),
        )  # fmt: skip
        await self._house.ledger.asked.ask(asked)
        task = asyncio.create_task(self._take())
        self._house.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def _take(self) -> Counter[str]:
        asked, telling = self._house.ledger.asked, asyncio.create_task(self._tell())
        try:
            counts = await self._lines_of_all()
        except Refused as refused:
            await asked.settle(self.id, State.REFUSED, refused.sentence)
            raise
        except (EngineDown, NotNow):
            await asked.settle(self.id, State.NOT_SENT)
            raise
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        await asked.note(self.id, self._words() | {name: counts[name] for name in COUNTED})
        await asked.settle(self.id, State.DONE)
        return counts

    async def _lines_of_all(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        shelf, reads, door = self._house.ledger.bank, self._house.ledger.reads, FileDoor(self._house, self._person)
        for whose, some in self._shared.items():
            sure = self._house.creditors[whose].bank_posting == "post_sure"
            teller = Teller(shelf, reads, door, whose, post_sure=sure, each=self._one_more)
            taken = await teller.take(some, datetime.now(UTC).replace(microsecond=0), today_of(self._house.now()))
            counts += taken.counts
        return counts

    def _one_more(self) -> None:
        self._done += 1

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY)
            await self._house.ledger.asked.note(self.id, self._words())

    def _words(self) -> dict[str, Any]:
        """How far it is, and when that was so (in real time)."""
        return {"lines": self._lines, "done": self._done, "beat": datetime.now(UTC).isoformat()}

    def _ended(self, task: asyncio.Task[Counter[str]]) -> None:
        self._house.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _LOG.warning("A statement was not taken to its end: %s", type(task.exception()).__name__)


async def taking(house: House, person: Person, name: str) -> dict[str, Any] | None:
    """How far a file of that person is, for the page: ``state`` is ``running``, ``cut``, ``refused``, ``not_sent`` or
    ``done``; None when there is none of that id."""
    asked = await house.ledger.asked.get(name)
    if asked is None or asked.kind != "statement" or asked.login != person.login:
        return None
    if asked.state is not State.PENDING:
        return {**dict.fromkeys(COUNTED, 0), **asked.words, "state": asked.state.value, "sentence": asked.sentence}
    silent = datetime.now(UTC) - datetime.fromisoformat(asked.words["beat"])
    return {**asked.words, "state": "cut" if silent > SILENT else "running"}


def _by_creditor(house: House, person: Person, named: str | None, statements: list[Statement]) -> Shared:
    seen = {key: one for key, one in house.creditors.items() if person.sees(key)}
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        whose = creditor_of(statement.account, seen, named, all_of=house.creditors)
        found.setdefault(whose, []).append(statement)
    return found
