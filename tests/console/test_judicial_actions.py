"""What can be said of a judicial file from a case's page, by whom, and as the case hears it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from console.actions import offered
from console.courtroom import archive_of, files_of
from console.forms import action_named, fill
from console.guard import NotFound, Unopened
from console.words import TASKS
from evidence.sentences_judicial import CLOCKS
from ledger.accounts import Role
from letters.store import FolderStore
from rules import judicial_tasks
from rules.decision import Decision
from rules.events import FilePrepared
from sealing.documents import DocumentSeal
from sealing.keys import KeyRing
from tests.rules.test_judicial import OPENED, claim, lodged, to_the_file
from tests.scenarios import Play


def waiting() -> Play:
    """A file that is prepared and not lodged."""
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    return its.until(datetime(2026, 4, 11, tzinfo=UTC))


def handed_over() -> Play:
    its = Play.start(claim(), OPENED)
    its.say("handed_over", on="2026-02-20", to="Maître Roux", role="avocat")
    return its


@pytest.mark.parametrize(
    ("its", "role", "offers"),
    [
        (waiting(), Role.MANAGER, True),
        (waiting(), Role.OPERATOR, False),
        (handed_over(), Role.MANAGER, True),
        (lodged(), Role.MANAGER, False),
        (to_the_file(), Role.MANAGER, False),
    ],
)
def test_a_manager_calls_back_a_file_not_lodged_and_a_case_handed_over(its: Play, role: Role, *, offers: bool) -> None:
    decision: Decision = its.decision
    assert ("recall" in [action.name for action in offered(its.case, decision, role)]) is offers


class Kept(NamedTuple):
    """What the download reads of the console's house, and of a case."""

    documents: FolderStore
    events: tuple[FilePrepared, ...] = ()


async def test_a_sealed_file_is_downloaded_as_it_was_prepared(tmp_path: Path) -> None:
    ring = DocumentSeal(KeyRing({"k1": bytes(32)}))
    (tmp_path / "1.zip").write_bytes(ring.seal(b"PK: the file"))
    on = datetime(2026, 4, 11, tzinfo=UTC)
    said = {"id": "f", "on": on.date(), "at": on, "step": "dossier_judiciaire", "passage": 1, "manifest": "f" * 64}
    prepared = FilePrepared(**said, path=str(tmp_path / "1"))
    house: Any = Kept(FolderStore(tmp_path, ring), (prepared, FilePrepared(**said, path=str(tmp_path / "gone"))))
    assert await archive_of(house, house, 1) == b"PK: the file"
    for position in (0, 2, 3):
        with pytest.raises(NotFound):
            await archive_of(house, house, position)
    without: Any = Kept(FolderStore(tmp_path, DocumentSeal(None)), house.events)
    with pytest.raises(Unopened):
        await archive_of(without, house, 1)
    sealed = (tmp_path / "1.zip").read_bytes()
    (tmp_path / "1.zip").write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Unopened):
        await archive_of(house, house, 1)


async def test_a_replaced_file_is_not_handed_out_as_the_later_one_that_stands_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "1.zip").write_bytes(b"PK: the later file")
    on = datetime(2026, 4, 11, tzinfo=UTC)
    said = {"on": on.date(), "at": on, "step": "dossier_judiciaire", "passage": 1, "path": str(tmp_path / "1")}
    events = (FilePrepared(id="a", manifest="a" * 64, **said), FilePrepared(id="b", manifest="b" * 64, **said))
    house: Any = Kept(FolderStore(tmp_path), events)
    assert await archive_of(house, house, 2) == b"PK: the later file"
    with pytest.raises(NotFound):
        await archive_of(house, house, 1)


async def test_a_file_that_a_later_one_replaced_is_no_file_that_is_gone(tmp_path: Path) -> None:
    on = datetime(2026, 4, 11, tzinfo=UTC)
    said = {"on": on.date(), "at": on, "step": "dossier_judiciaire", "passage": 1, "manifest": "f" * 64}
    first, second = (FilePrepared(**said, id=name, path=str(tmp_path / "1")) for name in ("first", "second"))
    house: Any = Kept(FolderStore(tmp_path, DocumentSeal(None)))
    assert [file.after for file in await files_of(house, (first, second))] == [second, None]


def test_an_act_says_its_procedure_to_whom_it_was_handed_and_what_it_cost() -> None:
    """Without « à personne » the month of the opposition would not run (1416 CPC)."""
    its, action = lodged(), action_named("judicial_event")
    its.say("judicial_event", on="2026-05-04", event="ordered")
    assert action is not None
    sent = {"event": "served", "on": "2026-05-18", "served_to_person": "true", "procedure": "", "costs": "55,10"}
    filled = fill(action, sent, its.case, "claire")
    assert filled.errors == {}
    its.say(str(filled.body["kind"]), **{name: said for name, said in filled.body.items() if name != "kind"})
    assert its.case.judicial[-1].details["served_to_person"] is True
    its.until(datetime(2026, 6, 22, tzinfo=UTC))
    assert "ask_certificate" in [task.kind for task in its.decision.tasks]


def test_every_task_before_a_judge_has_its_name_in_the_console() -> None:
    said = set(re.findall(r'_task\(\s*"([a-z_]+)"', Path(judicial_tasks.__file__).read_text(encoding="utf-8")))
    clocks = set(CLOCKS) - {"opposition", "order_enforceable", "small_claim_answer", "l126_answer", "l126_report"}
    own = clocks - {"order_service", "title", "majoration", "declaration", "foreclosure_relief"}
    assert said | own <= set(TASKS)
