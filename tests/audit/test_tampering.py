"""Whatever is changed by hand, an audit finds it and names it: any row, any file, any byte of a history."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, select, update

from audit.examine import events_along
from audit.findings import Check
from audit.office import auditor, case_ids
from audit.packing import pack
from audit.redecide import context_of
from audit.report import Report
from ledger.chain import ChainRow, link
from ledger.material import Material, materials_of
from ledger.tables import cases, contacts, coverage, debtors, events, messages, policies, runs
from rules.decide import decide
from rules.decision import Decision
from settings import Settings
from tests.audit.book import audited, by_hand
from tests.audit.conftest import Played


async def test_nothing_is_found_where_nothing_was_changed(book: Settings, played: Played) -> None:
    report = await audited(book, played.case)
    assert report.findings == ()
    assert report.differences == ()
    assert [run.source for run in report.runs] == ["archive"]
    assert sum(run.decisions for run in report.runs) > 5


def flipped(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return value[:-1] + ("9" if value[-1] != "9" else "8")


def flip(table: Table, column: str) -> Callable[[Connection], None]:
    """Change one cell as the file holds it, whatever its type means and whatever refers to it."""

    def change(connection: Connection) -> None:
        filled = f'SELECT rowid, "{column}" FROM {table.name} WHERE "{column}" IS NOT NULL AND "{column}" <> \'\''
        rows = connection.exec_driver_sql(filled).all()
        if not rows:
            pytest.skip("this cell is empty in the case that is played")
        row, value = rows[-1]
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(f'UPDATE {table.name} SET "{column}" = ? WHERE rowid = ?', (flipped(value), row))

    return change


UNSEEN = {
    ("messages", "started_at"): "the machine's own note of when it began; its day is held against the letter's",
    ("cases", "task_kinds"): "words of lists for the tasks that the decision beside it holds",
    (
        "debtors",
        "held",
    ): "a hold on the whole debtor is a switch, not a fact of a case; each decision keeps what it saw",
    ("debtors", "held_until"): "as held",
}
CELLS = [
    (table, column.name)
    for table in (events, cases, messages, coverage, contacts, runs, policies, debtors)
    for column in table.columns
    if (table.name, column.name) not in UNSEEN
]


@pytest.mark.parametrize(("table", "column"), CELLS, ids=lambda one: getattr(one, "name", one))
async def test_a_changed_cell_is_found(book: Settings, played: Played, table: Table, column: str) -> None:
    by_hand(book, flip(table, column))
    async with auditor(book) as one:
        reports = await one.audit(await case_ids(book), known=True)
    assert any(report.findings for report in reports), f"{table.name}.{column} was changed and nobody saw it"


async def test_a_row_that_is_gone_is_found(book: Settings, played: Played) -> None:
    by_hand(book, lambda c: c.execute(delete(contacts)))
    by_hand(book, lambda c: c.execute(delete(events).where(events.c.position == 4)))
    assert positions(await audited(book, played.case), Check.CHAIN) >= {4}


async def test_a_chain_made_anew_from_end_to_end_differs_from_the_history(book: Settings, played: Played) -> None:
    """Whoever owns the database can hash everything again; the engine's history still says what was."""

    def forge(connection: Connection) -> None:
        rows = [ChainRow(*row) for row in connection.execute(select(*_CHAIN).order_by(events.c.position))]
        previous = None
        for row in rows:
            readable = row.readable.replace('"500.00"', '"550.00"')
            digest = link(row.case_id, row.position, previous, readable, row.sealed)
            connection.execute(
                update(events).where(events.c.position == row.position).values(readable=readable, hash=digest)
            )
            previous = digest
        connection.execute(update(cases).values(head=previous))

    by_hand(book, forge)
    report = await audited(book, played.case)
    changed = [one for one in report.findings if one.check is Check.EVENTS and one.field == "amount"]
    assert [(one.here, one.there) for one in changed] == [("550.00", "500.00")]
    assert changed[0].position is not None
    assert any(place is not None and place >= changed[0].position for place in positions(report, Check.CHAIN))


_CHAIN = [events.c[name] for name in ChainRow._fields]


def positions(report: Report, check: Check) -> set[int | None]:
    return {one.position for one in report.findings if one.check is check}


def history_file(book: Settings) -> Path:
    return next(book.store.rglob("*.history"))


async def test_any_byte_of_a_kept_history_is_found(book: Settings, played: Played) -> None:
    file = history_file(book)
    whole = file.read_bytes()
    for place in range(0, len(whole), len(whole) // 12):
        changed = bytearray(whole)
        changed[place] ^= 0x40
        file.write_bytes(bytes(changed))
        report = await audited(book, played.case)
        assert [one.field for one in report.findings if one.check is Check.CHAIN] == ["runs.document"]


async def test_a_kept_history_that_is_gone_or_another_case_s_is_found(book: Settings, played: Played) -> None:
    history_file(book).unlink()
    report = await audited(book, played.case)
    assert [one.field for one in report.findings] == ["runs.document"]


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (b'"amount":"500.00"', b'"amount":"550.00"', Check.EVENTS),
        (b'"claim":{"principal":"1200.00"', b'"claim":{"principal":"1300.00"', Check.DECISIONS),
        (b'"step":"relance_2"', b'"step":"relance_3"', Check.EVENTS),
        (b"livraison incompl", b"livraison tardive", Check.EVENTS),
    ],
)
async def test_a_history_changed_on_the_server_is_found(
    book: Settings, played: Played, old: bytes, new: bytes, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replay does not see amounts, arguments or durations: the fold and the re-decision do."""
    by_hand(book, lambda c: c.execute(delete(runs)))
    async with auditor(book, played.client) as one:
        _, evidence, _ = await one.gathered(played.case)
    history = evidence.stories[0].history
    assert old in history.SerializeToString()
    _replace(history, old, new)

    async def fetched(*_: Any) -> Any:
        return history

    monkeypatch.setattr("audit.live.LiveHistories.history", fetched)
    report = await audited(book, played.case, played.client)
    assert check in {finding.check for finding in report.findings}
    assert all(finding.check is not Check.REPLAY for finding in report.findings)


def _replace(history: Any, old: bytes, new: bytes) -> None:
    for event in history.events:
        for payloads in (
            event.activity_task_completed_event_attributes.result.payloads,
            *[part.payloads for part in event.marker_recorded_event_attributes.details.values()],
        ):
            for payload in payloads:
                payload.data = payload.data.replace(old, new)


async def test_a_command_that_changed_does_not_replay(book: Settings, played: Played) -> None:
    by_hand(book, lambda c: c.execute(delete(runs)))
    async with auditor(book, played.client) as one:
        material, evidence, _ = await one.gathered(played.case)
    story = evidence.stories[0]
    for event in story.history.events:
        if event.HasField("activity_task_scheduled_event_attributes"):
            event.activity_task_scheduled_event_attributes.activity_type.name = "send_reminder"
            break
    from audit.replay import replayed  # noqa: PLC0415 - the engine's core starts with it

    failures = await replayed([story])
    assert "TMPRL1100" in failures[story.run.run]
    assert material.runs == []


async def test_the_live_server_tells_the_same_as_the_archive(book: Settings, played: Played) -> None:
    from_archive = await audited(book, played.case)
    by_hand(book, lambda c: c.execute(delete(runs)))
    from_server = await audited(book, played.case, played.client)
    assert [run.source for run in from_server.runs] == ["live"]
    assert from_server.ok
    assert from_server.timeline == from_archive.timeline


async def test_an_event_entered_while_the_history_is_fetched_is_no_mismatch(
    book: Settings, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running case moves on between the two readings; the ledger is then read again."""
    by_hand(book, lambda c: c.execute(delete(runs)))

    async def a_moment_before(*asked: Any) -> dict[str, Material]:
        found = await materials_of(*asked)
        return {case: one._replace(rows=one.rows[:-1], events=(one.events or ())[:-1]) for case, one in found.items()}

    monkeypatch.setattr("audit.office.materials_of", a_moment_before)
    assert (await audited(book, played.case, played.client)).findings == ()
    assert (await audited(book, played.case)).findings, "what is cut off is found when nothing moves"


async def test_the_decision_kept_for_lists_is_the_recorded_one(book: Settings, played: Played) -> None:
    def change(connection: Connection) -> None:
        text = connection.execute(select(cases.c.decision)).scalar_one()
        kept = Decision.model_validate_json(text).model_copy(update={"because": "un autre motif"})
        connection.execute(update(cases).values(decision=kept.model_dump_json(), because="un autre motif"))

    by_hand(book, change)
    report = await audited(book, played.case)
    assert {one.field for one in report.findings} == {"cases.decision.because"}


async def test_a_decision_taken_anew_after_the_run_had_ended_is_in_order(book: Settings, played: Played) -> None:
    """Something is said to a closed case that changes nothing: its decision is of a later moment, of no history."""
    async with auditor(book) as one:
        material, _, today = await one.gathered(played.case)
    case, kept = events_along(material)[-1], Decision.model_validate_json(material.head["decision"])
    later = decide(case, context_of(case, today, kept.facts.debtor), kept.facts.now + timedelta(days=20))
    columns = {"decision": later.model_dump_json()}
    by_hand(book, lambda c: c.execute(update(cases).values(**columns)))
    assert (await audited(book, played.case)).findings == ()
    changed = later.model_copy(update={"outcome": "written_off", "because": "un autre motif"})
    by_hand(book, lambda c: c.execute(update(cases).values(decision=changed.model_dump_json())))
    assert (await audited(book, played.case)).findings != ()


def test_a_full_ladder_is_kept_in_six_kilobytes() -> None:
    from temporalio.api.history.v1 import History  # noqa: PLC0415

    from tests.replay.shelf import FOLDER, load  # noqa: PLC0415

    full = load(FOLDER / "v1" / "02_to_the_judicial_file.json.gz")
    assert len(pack(History(events=full.events))) <= 6000
