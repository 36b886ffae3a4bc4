"""What lists, views and audits read; the same from both backends."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text

from ledger import reads as reads_module
from ledger.lists import Wanted
from ledger.reads import CaseFilter, MessageFilter, Totals
from ledger.search import MISSING
from ledger.store import SqlLedger
from rules import events as e
from rules.case import Stage
from rules.decision import Park, Task
from rules.fold import fold_all
from rules.outbox import MessageState
from tests.ledger.samples import (
    DAY,
    MARTIN,
    MOMENT,
    case_id,
    decision,
    invoice,
    long_history,
    message,
    opened,
    paid,
)  # fmt: skip

F1, F2, F3, Z1 = case_id("F-1"), case_id("F-2"), case_id("F-3"), case_id("F-1", "zenith")
DONE = e.CaseClosed(id="closed", on=DAY, at=MOMENT, outcome="paid")


async def fill(ledger: SqlLedger) -> None:
    """Four cases: awaited tomorrow, awaited now with a task, closed, and another creditor's of the same number."""
    call = Task(id="t1", kind="call", due_on=DAY, summary="call the debtor")
    async with ledger.book(F1) as book:
        book.append(opened(invoice("F-1")))
        book.append(paid("p1", "200.10"))
        book.project(decision(2, at=MOMENT + timedelta(days=1), principal="999.90"))
    async with ledger.book(F2) as book:
        book.append(opened(invoice("F-2", debtor="C-7")))
        book.project(decision(1, stage=Stage.FORMAL_NOTICE, tasks=(call,)))
    async with ledger.book(F3) as book:
        book.append(opened(invoice("F-3")))
        book.append(paid("p1", "1200.00"))
        book.append(DONE)
    async with ledger.book(Z1) as book:
        book.append(opened(invoice("F-1", creditor="zenith", currency="CHF")))
        book.project(decision(1, step=Park(reason="insolvency"), at=None))


async def ids(ledger: SqlLedger, **wanted: object) -> list[str]:
    return [row.id for row in await ledger.reads.cases(CaseFilter.model_validate(wanted))]


async def test_lists_show_the_next_awaited_first(ledger: SqlLedger) -> None:
    await fill(ledger)
    assert await ids(ledger) == [F2, F1, F3, Z1]
    assert await ids(ledger, stage=Stage.AMICABLE) == [F1, Z1]
    assert await ids(ledger, creditor="zenith") == [Z1]
    assert await ids(ledger, creditor="acme", debtor="C-7") == [F2]
    assert await ids(ledger, next_before=MOMENT + timedelta(hours=1)) == [F2]
    assert await ids(ledger, next_before=MOMENT) == []
    assert await ids(ledger, limit=2, offset=1) == [F1, F3]


async def test_a_row_says_what_the_decision_and_the_fold_say(ledger: SqlLedger) -> None:
    await fill(ledger)
    row = await ledger.reads.row(F1)
    assert row is not None
    assert (row.name, row.number, row.currency) == ("Boulangerie Martin SARL", "F-1", "EUR")
    assert (row.stage, row.next_kind, row.next_step) == (Stage.AMICABLE, "send", "relance_1")
    assert row.because == "relance_1 falls 3 days after the due date"
    assert (row.total, row.principal) == (Decimal("1200.00"), Decimal("999.90"))
    assert (row.outstanding, row.recovered) == (Decimal("1049.89"), Decimal("200.10"))
    assert (row.position, row.policy, row.version, row.outcome) == (2, "standard", "sha-1", None)
    assert await ledger.reads.row("invoice/acme/none") is None


async def test_a_number_that_two_creditors_hold_gives_both(ledger: SqlLedger) -> None:
    await fill(ledger)
    assert await ledger.reads.find("F-1") == [F1, Z1]
    assert await ledger.reads.find(F1) == [F1]
    assert await ledger.reads.find("none") == []


async def test_stages_and_sums(ledger: SqlLedger) -> None:
    assert await ledger.reads.totals() == []
    await fill(ledger)
    assert await ledger.reads.counts_by_stage() == {Stage.AMICABLE: 2, Stage.FORMAL_NOTICE: 1, Stage.CLOSED: 1}
    chf, eur = await ledger.reads.totals()
    assert chf == Totals(
        currency="CHF", cases=1, open=1,
        outstanding=Decimal("1249.99"), principal=Decimal("1200.00"), recovered=Decimal("0.00"),
    )  # fmt: skip
    assert (eur.cases, eur.open, str(eur.recovered)) == (3, 2, "1400.10")
    assert (str(eur.outstanding), str(eur.principal)) == ("2299.88", "2199.90")


async def test_tasks_are_those_of_the_last_decisions(ledger: SqlLedger) -> None:
    await fill(ledger)
    found = await ledger.reads.tasks()
    assert [(one.case.id, one.task.kind, one.task.due_on) for one in found] == [(F2, "call", DAY)]
    assert await ledger.reads.tasks(creditor="zenith") == []


async def test_people_see_tasks_in_the_order_of_their_days_whichever_case_has_them(ledger: SqlLedger) -> None:
    days = {F1: (20, 3), F2: (9, 4)}
    for case, due in days.items():
        async with ledger.book(case) as book:
            tasks = tuple(Task(id=f"t{n}", kind="call", due_on=DAY + timedelta(days=n), summary="x") for n in due)
            book.append(opened(invoice(case.rsplit("/", 1)[1])))
            book.project(decision(1, tasks=tasks))
    work = await ledger.worklist.page(Wanted(today=DAY))
    assert ([(one.task.due_on - DAY).days for one in work.tasks], work.cases) == ([3, 4, 9, 20], 2)


async def waiting(ledger: SqlLedger, case: str, since: int, *more: str) -> None:
    """A case that waits for its creditor's bank statement, and for what else is named, on the day after DAY."""
    creditor, number = case.split("/")[1:]
    statement = Task(id=f"bank_data/{creditor}/none", kind="bank_data", due_on=DAY + timedelta(since), summary="relevé")
    others = tuple(Task(id=kind, kind=kind, due_on=DAY + timedelta(1), summary=kind) for kind in more)
    async with ledger.book(case) as book:
        book.append(opened(invoice(number, creditor=creditor)))
        book.project(decision(1, tasks=(statement, *others)))


async def test_a_task_that_many_cases_wait_for_is_one(ledger: SqlLedger) -> None:
    for place, more in enumerate([(), ("call",), (), ("publish_rate",), ("call", "publish_rate")]):
        await waiting(ledger, case_id(f"F-{place}"), 9 - place, *more)
    await waiting(ledger, Z1, 3)
    work = await ledger.worklist.page(Wanted(today=DAY, rows=2))
    assert [(one.task.kind, one.case.creditor, one.cases, (one.task.due_on - DAY).days) for one in work.tasks] == [
        ("call", "acme", 1, 1), ("call", "acme", 1, 1), ("publish_rate", "acme", 2, 1),
        ("bank_data", "zenith", 1, 3), ("bank_data", "acme", 5, 7),
    ]  # fmt: skip
    assert (work.cases, work.pages) == (6, 1)
    assert await ledger.worklist.counts(None) == {"bank_data": 2, "call": 2, "publish_rate": 1}
    assert await ledger.worklist.counts(frozenset({"zenith"})) == {"bank_data": 1}
    each = await ledger.worklist.page(Wanted(today=DAY, rows=2, creditor="acme"), "bank_data")
    assert ([one.cases for one in each.tasks], each.cases, each.pages) == ([1, 1], 5, 3)


async def test_open_cases_come_page_by_page(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads_module, "PAGE", 2)
    await fill(ledger)
    assert [case async for case in ledger.reads.open_ids()] == [F1, F2, Z1]


async def test_messages_are_found_by_state_debtor_and_day(ledger: SqlLedger) -> None:
    await fill(ledger)
    async with ledger.book(F1, debtor=MARTIN) as book:
        book.begin(message("<m1>", F1, F3))
        book.begin(message("<m2>", F1, step="relance_2", day=DAY + timedelta(days=9)))
        book.conclude("<m1>", MessageState.SENT, MOMENT, None, None)
    reads = ledger.reads
    assert [m.id for m in await reads.messages()] == ["<m1>", "<m2>"]
    assert [m.id for m in await reads.messages(MessageFilter(state=MessageState.SENT))] == ["<m1>"]
    assert [m.id for m in await reads.messages(MessageFilter(since=DAY + timedelta(days=1)))] == ["<m2>"]
    assert [m.id for m in await reads.messages(MessageFilter(creditor="acme", debtor="C-104", limit=1, offset=1))] == [
        "<m2>"
    ]
    assert await reads.messages(MessageFilter(creditor="zenith")) == []
    assert [m.id for m in await reads.messages_of(F3)] == ["<m1>"]
    assert len((await reads.messages_of(F3))[0].covers) == 2


async def test_a_case_reads_as_its_fold_its_decision_and_its_head(ledger: SqlLedger) -> None:
    history = long_history()
    async with ledger.book(F1) as book:
        for event in history:
            book.append(event)
        head = book.head
    found = await ledger.reads.case(F1)
    assert found is not None
    assert (found.case, found.decision, found.head) == (fold_all(F1, history), None, head)
    async with ledger.book(F1) as book:
        book.project(decision(15))
    found = await ledger.reads.case(F1)
    assert found is not None
    assert found.decision == decision(15)
    assert await ledger.reads.case("invoice/acme/none") is None
    assert await ledger.reads.case_events("invoice/acme/none") == []
    assert await ledger.reads.chain_head("invoice/acme/none") is None


async def everything(ledger: SqlLedger) -> str:
    """All that can be read, but the hashes, which depend on random keys."""
    reads = ledger.reads
    cases = [row.model_dump(mode="json", exclude={"head"}) for row in await reads.cases()]
    return json.dumps(
        [
            cases,
            [[row.readable for row in await reads.chain_rows(case["id"])] for case in cases],
            [[event.model_dump(mode="json") for event in await reads.case_events(case["id"])] for case in cases],
            [message.model_dump(mode="json") for message in await reads.messages()],
            [total.model_dump(mode="json") for total in await reads.totals()],
            [task.model_dump(mode="json", exclude={"case": {"head"}}) for task in await reads.tasks()],
        ]
    )


async def test_both_backends_read_the_same(sqlite_url: str, postgres_url: str) -> None:
    seen = []
    for url in (sqlite_url, postgres_url):
        ledger = await SqlLedger.open(url)
        await fill(ledger)
        async with ledger.book(F1, debtor=MARTIN) as book:
            for event in long_history()[1:3]:
                book.append(event)
            book.begin(message("<m1>", F1, F3))
        seen.append(await everything(ledger))
        await ledger.close()
    assert seen[0] == seen[1]


async def test_what_the_search_lacks_is_found_in_one_pass_over_a_large_book(ledger: SqlLedger) -> None:
    """A subquery asked again for each case kept PostgreSQL busy as long as it was watched, with 100 000 of them."""

    def planned(connection: Connection) -> str:
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        return str(connection.execute(text(f"{explain} {MISSING.text}")).all())

    plan = await ledger.read(planned)
    assert "SubPlan" not in plan
    assert "CORRELATED" not in plan
