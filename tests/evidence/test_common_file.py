"""Two invoices of one debtor, approved on one day: one file, prepared once, when the policy says so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.answering import Desk as Clerks
from activities.judiciary import Judiciary
from audit.papers import Papers
from clocks import PlayedClock
from configuration import Configuration
from evidence.cabinet import FolderCabinet
from ledger.material import material_of
from ledger.migrate import migrate
from ledger.opening import open_database
from ledger.store import SqlLedger
from letters.typeset import Typesetter
from rules import events as e
from rules.decision import PrepareFile
from rules.policy_file import parse_policy
from sealing.documents import DocumentSeal
from settings import HOUSE, parse_clock, read_settings
from tests.evidence.desk import Built
from tests.rules.test_judicial import OPENED, claim
from tests.scenarios import Play
from workflows.contracts import Order

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
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    await migrate(url)
    made = await SqlLedger.open(url)
    await made.keep_policy(GROUPED.version, GROUPED.name, TEXT)
    for its in (approved("F-1"), approved("F-2")):
        async with made.book(its.case.id, debtor=("acme", "C-1")) as book:
            for event in its.history:
                book.append(event)
            book.project(its.decision)
    yield made
    await made.close()


async def _act(judiciary: Judiciary, case: str) -> e.FilePrepared:
    order = Order(
        case=case, creditor="acme", debtor="C-1", step="dossier_judiciaire", passage=1, known=0, at=MONDAY, now=MONDAY
    )
    answer = await ActivityEnvironment().run(judiciary.prepare_judicial_file, order)
    return next(event for event in answer.events if isinstance(event, e.FilePrepared))


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
