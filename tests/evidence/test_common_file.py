"""Two invoices of one debtor, approved on one day: one file, prepared once, when the policy says so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.answering import Desk as Clerks
from activities.clerk import Clerk
from activities.judiciary import PATIENCE, Judiciary
from activities.wake import told
from audit.papers import Papers
from clocks import PlayedClock
from configuration import Configuration
from evidence.cabinet import FolderCabinet
from ledger.material import material_of
from ledger.opening import open_database
from ledger.store import SqlLedger
from letters.typeset import Typesetter
from rules import events as e
from rules.brief import Brief, FileReady
from rules.case import Case
from rules.decision import Decision, PrepareFile
from rules.policy_file import parse_policy
from sealing.documents import DocumentSeal
from settings import HOUSE, parse_clock, read_settings
from tests.empty_ledger import empty_ledger_at
from tests.evidence.desk import Built
from tests.rules.test_judicial import OPENED, claim
from tests.scenarios import Play
from workflows.contracts import Answer, Ask, Order, Said

TEXT = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8") + "\n[judicial]\ngrouped = true\n"
GROUPED = parse_policy(TEXT, file="grouped.toml")
MIDNIGHT, MONDAY = datetime(2026, 4, 12, 22, tzinfo=UTC), datetime(2026, 4, 13, 7, tzinfo=UTC)
FIRST, SECOND = "invoice/acme/F-1", "invoice/acme/F-2"


def approved(number: str) -> Play:
    """The mise en demeure unanswered, the file approved on Friday 10 April 2026."""
    its = Play.start(claim().model_copy(update={"number": number}), OPENED, GROUPED)
    its.say("approve", on="2026-03-20", step="mise_en_demeure")
    its.say("letter_posted", on="2026-03-23", step="mise_en_demeure")
    its.say("letter_delivered", on="2026-03-25", step="mise_en_demeure", delivered_on="2026-03-25")
    its.until(datetime(2026, 4, 9, tzinfo=UTC))
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    return its


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    """A ledger that holds both cases."""
    url = await empty_ledger_at(tmp_path / "ledger.db")
    made = await SqlLedger.open(url)
    await made.keep_policy(GROUPED.version, GROUPED.name, TEXT)
    for its in (approved("F-1"), approved("F-2")):
        async with made.book(its.case.id, debtor=("acme", "C-1")) as book:
            for event in its.history:
                book.append(event)
            book.project(its.decision)
    yield made
    await made.close()


async def _act(judiciary: Judiciary, case: str, *, attempt: int = 1) -> e.FilePrepared | None:
    order = Order(
        case=case, creditor="acme", debtor="C-1", step="dossier_judiciaire", passage=1, known=0, at=MONDAY, now=MONDAY
    )
    engine = ActivityEnvironment()
    engine.info = replace(engine.info, attempt=attempt)
    answer = await engine.run(judiciary.prepare_judicial_file, order)
    return next((event for event in reversed(answer.events) if isinstance(event, e.FilePrepared)), None)


def test_a_common_file_waits_for_the_next_working_day() -> None:
    its = approved("F-1")
    assert isinstance(its.decision.step, PrepareFile)
    assert its.decision.at == MIDNIGHT


async def test_the_first_case_prepares_for_both_and_the_other_finds_itself_covered(
    tmp_path: Path, ledger: SqlLedger, setter: Typesetter
) -> None:
    store = tmp_path / "store"
    settings = read_settings({"RELANCE_STORE": str(store)})
    clock = PlayedClock(parse_clock("2026-04-13T00:00:00+02:00@1@2026-11-22T10:00:00Z"))
    clerks = Clerks(ledger, Configuration(settings, ledger), clock)
    judiciary = Judiciary(clerks, FolderCabinet(store, typesetter=setter))

    with pytest.raises(ApplicationError, match=f"prepared by {FIRST}"):
        await _act(judiciary, SECOND)
    first = await _act(judiciary, FIRST)
    second = await _act(judiciary, SECOND)

    assert first is not None
    assert second is not None
    assert (first.covers, second.joined_to) == ((SECOND,), FIRST)
    assert (second.path, second.manifest) == (first.path, first.manifest)
    built = Built(Path(first.path), first.manifest)
    assert [one["case"] for one in built.manifest["joined"]] == [SECOND]
    text = built.text("requete.pdf")
    assert "24 000,00 € en principal" in text
    assert "80,00 € au titre de l’indemnité forfaitaire" in text
    assert "Facture n° F-2 – Ouverture du dossier" in built.text("chronologie.pdf")
    database = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    try:
        found = [await material_of(database, None, case) for case in (FIRST, SECOND)]
    finally:
        await database.close()
    for material in found:
        assert material is not None
        assert list(Papers(store, DocumentSeal(None)).check(material, [])) == []


class Quick:
    """A cabinet that builds nothing; while it is at it, something happens."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.briefs: list[Brief] = []

    async def prepare(self, brief: Brief) -> FileReady:
        """A folder by the case's name; its fingerprint tells two files of the case apart."""
        self.briefs.append(brief)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            await happens()
        return FileReady(path=f"dossiers/{brief.case}", manifest=f"{len(self.briefs):064}")


class Court:
    """The judiciary and the clerk at one ledger, on Monday 13 April."""

    def __init__(self, ledger: SqlLedger, store: Path) -> None:
        self.ledger, self.cabinet = ledger, Quick()
        clock = PlayedClock(parse_clock("2026-04-13T00:00:00+02:00@1@2026-11-22T10:00:00Z"))
        settings = read_settings({"RELANCE_STORE": str(store)})
        self._desk = Clerks(ledger, Configuration(settings, ledger), clock)
        self.judiciary = Judiciary(self._desk, self.cabinet)

    async def prepare(self, case: str, *, attempt: int = 1) -> e.FilePrepared | None:
        """The act; the file the case then has."""
        await _act(self.judiciary, case, attempt=attempt)
        return (await self.case(case)).file

    async def prepared(self, case: str, *, attempt: int = 1) -> e.FilePrepared:
        """The file that the act leaves."""
        file = await self.prepare(case, attempt=attempt)
        assert file is not None
        return file

    async def say(self, case: str, name: str, **payload: Any) -> Answer:
        said = Said(id=f"{name}/1", name=name, payload=payload, at=MONDAY, door="signal")
        ask = Ask(case=case, known=0, now=MONDAY, awaited=MONDAY, said=(said,))
        return await ActivityEnvironment().run(Clerk(self._desk).advance, ask)

    async def spread(self, answer: Answer, heard: str, by: str) -> Answer:
        """What a case tells the debtor's others reaches one of them."""
        (said,) = answer.spread
        return await self.say(heard, said.name, **told(by, said))

    async def decision(self, case: str) -> Decision:
        async with self.ledger.book(case) as book:
            assert book.decision is not None
            return book.decision

    async def case(self, number: str) -> Case:
        async with self.ledger.book(number) as book:
            assert book.case is not None
            return book.case


@pytest.fixture
def court(ledger: SqlLedger, tmp_path: Path) -> Court:
    return Court(ledger, tmp_path / "store")


async def test_all_stand_in_the_common_file_from_one_instant(court: Court) -> None:
    lead = await court.prepared(FIRST)
    joined = (await court.case(SECOND)).file
    assert joined is not None
    assert (lead.covers, joined.joined_to, joined.manifest) == ((SECOND,), FIRST, lead.manifest)
    await court.say(SECOND, "paid", amount="12000.00", reference="V1")
    assert "do_not_lodge" in [task.kind for task in (await court.decision(SECOND)).tasks]


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("paid", {"amount": "12000.00", "reference": "V1"}),
        ("paid", {"amount": "500.00", "reference": "V1"}),
        ("dispute", {}),
        ("payment_plan", {"instalments": [{"due_on": "2026-06-01", "amount": "12000.00"}]}),
        ("settlement", {"amount": "11000.00", "pay_by": "2026-05-01"}),
        ("hold", {}),
        ("note", {"text": "le client dit avoir écrit"}),
    ],
)
async def test_what_is_said_of_an_invoice_while_the_common_file_is_built_has_it_built_again(
    court: Court, name: str, payload: dict[str, Any]
) -> None:
    court.cabinet.meanwhile = lambda: court.say(SECOND, name, **payload)
    with pytest.raises(ApplicationError, match="prepared again"):
        await court.prepare(FIRST)
    assert (await court.case(FIRST)).file is None
    lead = await court.prepared(FIRST)
    joined = (await court.case(SECOND)).file
    stays = name == "note"
    assert lead.covers == ((SECOND,) if stays else ())
    assert (joined is not None) is stays


async def test_an_invoice_is_in_one_file_only(court: Court) -> None:
    """The second lost patience with the first, which was at work after all."""
    court.cabinet.meanwhile = lambda: court.prepare(SECOND, attempt=PATIENCE + 1)
    with pytest.raises(ApplicationError, match="prepared again"):
        await court.prepare(FIRST)
    first, second = await court.prepared(FIRST), (await court.case(SECOND)).file
    assert second is not None
    assert (first.covers, second.covers, second.joined_to) == ((), (), None)


async def test_who_waits_in_vain_for_the_first_case_prepares_without_it(court: Court) -> None:
    with pytest.raises(ApplicationError, match=f"prepared by {FIRST}"):
        await court.prepare(SECOND, attempt=PATIENCE)
    second = await court.prepared(SECOND, attempt=PATIENCE + 1)
    assert (second.covers, second.joined_to) == ((), None)


async def test_money_that_comes_while_a_file_is_built_leaves_none_to_lodge(court: Court) -> None:
    court.cabinet.meanwhile = lambda: court.say(FIRST, "paid", amount="12000.00", reference="V1")
    assert await court.prepare(FIRST) is None


@pytest.mark.parametrize(("by", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
async def test_a_common_file_is_called_back_for_all_its_invoices(court: Court, by: str, other: str) -> None:
    await court.prepare(FIRST)
    answer = await court.say(by, "recall", reason="le client a appelé")
    await court.spread(answer, other, by)
    for number in (FIRST, SECOND):
        case = await court.case(number)
        assert (case.file, case.declined is not None) == (None, True)
    assert await court.prepare(other) is None


@pytest.mark.parametrize(("by", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
async def test_money_for_one_invoice_of_a_common_file_has_nobody_lodge_it_for_the_others(
    court: Court, by: str, other: str
) -> None:
    """A day and more later: the file may be called back all the same, and is prepared again without what was paid."""
    await court.prepare(FIRST)
    answer = await court.say(by, "paid", amount="12000.00", reference="V1")
    await court.spread(answer, other, by)
    case = await court.case(other)
    tasks = (await court.decision(other)).tasks
    assert (case.file is not None, [task.kind for task in tasks]) == (True, ["do_not_lodge"])
    assert f"facture {by[-3:]}, un paiement du 13/04/2026" in tasks[0].summary
    await court.say(other, "recall", on="2026-04-20")
    await court.say(other, "approve", step="dossier_judiciaire")
    assert (await court.case(other)).file is None
    assert isinstance((await court.decision(other)).step, PrepareFile)


async def test_what_is_told_of_a_file_that_is_no_more_changes_nothing(court: Court) -> None:
    await court.prepare(FIRST)
    answer = await court.say(FIRST, "dispute")
    recalled = await court.say(FIRST, "recall")
    await court.spread(recalled, SECOND, FIRST)
    await court.spread(answer, SECOND, FIRST)
    assert (await court.case(SECOND)).outdated is None


async def test_a_recall_reaches_no_file_but_the_common_one(court: Court) -> None:
    await court.prepare(FIRST)
    answer = await court.say(FIRST, "recall")
    (said,) = answer.spread
    words = told(FIRST, said) | {"file": f"{99:064}"}
    heard = await court.say(SECOND, "recall", **words)
    assert [reply.code for reply in heard.replies] == [None]
    assert (await court.case(SECOND)).file is not None
