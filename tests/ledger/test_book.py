"""A case is entered, read back and decided on under one lock, or not at all."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from ledger.errors import DuplicateEvent, LedgerError
from ledger.store import SqlLedger
from ledger.tables import events
from rules import events as e
from rules.case import Stage
from rules.decision import Facts, Wait
from rules.fold import fold_all
from tests.ledger.samples import (
    DAY,
    MARTIN,
    MOMENT,
    by_hand,
    case_id,
    decision,
    invoice,
    long_history,
    opened,
    paid,
    paused,
)  # fmt: skip

F1 = case_id("F-1")


async def enter(ledger: SqlLedger, *history: e.Event, case: str = F1) -> None:
    async with ledger.book(case, debtor=MARTIN) as book:
        for event in history:
            book.append(event)


async def test_what_is_entered_reads_back_as_the_fold_of_its_events(ledger: SqlLedger) -> None:
    history = long_history()
    async with ledger.book(F1, debtor=MARTIN) as book:
        for event in history:
            book.append(event)
        head, case = book.head, book.case
    async with ledger.book(F1) as book:
        assert book.case == case == fold_all(F1, history)
        assert book.head == head
        assert book.since(0) == tuple(history)
        assert book.since(13) == tuple(history[13:])
        assert book.event("d1") == history[6]
        assert book.event("unknown") is None
    assert await ledger.reads.case_events(F1) == history


async def test_a_case_may_be_opened_without_naming_its_debtor_first(ledger: SqlLedger) -> None:
    async with ledger.book(F1) as book:
        book.append(opened())
    async with ledger.book(F1, debtor=MARTIN) as book:
        assert book.case is not None
        assert book.case.debtor.name == "Boulangerie Martin SARL"


async def test_looking_at_an_unknown_case_leaves_nothing(ledger: SqlLedger) -> None:
    async with ledger.book(F1, debtor=MARTIN) as book:
        assert book.case is None
        assert book.head is None
        assert book.decision is None
    assert await ledger.reads.find(F1) == []


async def test_events_in_several_transactions_make_one_chain(ledger: SqlLedger) -> None:
    await enter(ledger, opened())
    for n in range(5):
        await enter(ledger, paid(f"p{n}", "1.01"))
    async with ledger.book(F1) as book:
        assert book.case is not None
        assert (book.case.position, book.case.received) == (6, Decimal("5.05"))


async def test_an_exception_leaves_nothing(ledger: SqlLedger) -> None:
    await enter(ledger, opened())

    async def interrupted() -> None:
        async with ledger.book(F1) as book:
            book.append(paid("p1", "10.00"))
            book.project(decision(2))
            await book.debtor_facts(DAY)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        await interrupted()
    async with ledger.book(F1) as book:
        assert book.case is not None
        assert book.case.position == 1
        assert book.decision is None


async def test_an_event_id_stands_once_in_a_case(ledger: SqlLedger) -> None:
    await enter(ledger, opened(), paid("p1", "10.00"))
    with pytest.raises(DuplicateEvent, match="invoice/acme/F-1: the event p1 is already entered"):
        await enter(ledger, paid("p1", "10.00"))


async def test_the_database_itself_refuses_a_second_event_of_that_id(ledger: SqlLedger, url: str) -> None:
    await enter(ledger, opened(), paid("p1", "10.00"))

    def enter_again(connection: Connection) -> None:
        row = connection.execute(select(events).where(events.c.position == 2)).mappings().one()
        connection.execute(insert(events), {**row, "position": 3})

    with pytest.raises(IntegrityError):
        await by_hand(url, enter_again)


async def test_the_first_event_opens_the_case(ledger: SqlLedger) -> None:
    with pytest.raises(ValueError, match="must be case_opened"):
        await enter(ledger, paid("p1", "10.00"))
    with pytest.raises(ValueError, match="carries no invoice"):
        await enter(ledger, e.CaseOpened(id="o", on=DAY, at=MOMENT, policy="standard", version="1"))


async def test_a_case_belongs_to_its_debtor(ledger: SqlLedger) -> None:
    with pytest.raises(ValueError, match="not of the debtor C-104"):
        await enter(ledger, opened(invoice(debtor="C-999")))
    async with ledger.book(F1) as book:
        book.append(opened())
    with pytest.raises(ValueError, match="not of the debtor C-999"):
        async with ledger.book(F1, debtor=("acme", "C-999")):
            pass


async def test_the_decision_of_the_highest_position_is_kept(ledger: SqlLedger) -> None:
    async with ledger.book(F1) as book:
        book.append(opened())
        book.append(paid("p1", "1.00"))
        book.project(decision(2))
        book.project(paused(1))
        assert book.decision == decision(2)
    async with ledger.book(F1) as book:
        assert book.decision == decision(2)
        book.project(paused(1))
    row = await ledger.reads.row(F1)
    assert row is not None
    assert (row.next_kind, row.next_step, row.next_at) == ("send", "relance_1", MOMENT)
    async with ledger.book(F1) as book:
        book.project(paused(2))
    row = await ledger.reads.row(F1)
    assert row is not None
    assert (row.next_kind, row.next_at, row.suspended_by) == ("wait", None, "dispute")
    assert row.suspended_until == date(2026, 4, 1)


async def test_an_attempt_given_up_does_not_undo_the_decision_of_the_one_that_answered(ledger: SqlLedger) -> None:
    answered, late = decision(1), decision(1, step=Wait(), at=None)
    answered = answered.model_copy(update={"facts": Facts(now=MOMENT + timedelta(seconds=6), tables="2026-11-22")})
    await enter(ledger, opened())
    async with ledger.book(F1) as book:
        book.project(answered)
    async with ledger.book(F1) as book:
        book.project(late)
    async with ledger.book(F1) as book:
        assert book.decision == answered


async def test_a_closed_case_awaits_nothing(ledger: SqlLedger) -> None:
    async with ledger.book(F1) as book:
        book.append(opened())
        book.append(paid("p1", "1200.00"))
        book.project(decision(2))
        book.append(e.CaseClosed(id="closed", on=DAY, at=MOMENT, outcome="paid"))
    row = await ledger.reads.row(F1)
    assert row is not None
    assert (row.stage, row.outcome, row.closed_on) == (Stage.CLOSED, "paid", DAY)
    assert (row.next_kind, row.next_at) == (None, None)
    assert (row.principal, row.recovered) == (Decimal("0.00"), Decimal("1200.00"))
    assert await ledger.open_cases_of(*MARTIN) == []


@pytest.mark.parametrize("amount", ["0.01", "0.10", "0.29", "1.15", "4.35", "100000.07", "999999999.99"])
async def test_amounts_are_exact(ledger: SqlLedger, amount: str) -> None:
    exact = Decimal(amount)
    await enter(ledger, opened(invoice(total=exact)), paid("p1", "0.01"))
    row = await ledger.reads.row(F1)
    assert row is not None
    assert (str(row.total), row.principal, str(row.recovered)) == (amount, exact - Decimal("0.01"), "0.01")
    async with ledger.book(F1) as book:
        assert book.case is not None
        assert str(book.case.invoice.total) == amount


async def test_moments_come_back_aware_and_in_utc(ledger: SqlLedger) -> None:
    paris = datetime.fromisoformat("2026-03-06T09:00:00.000001+01:00")
    async with ledger.book(F1) as book:
        book.append(opened())
        book.project(decision(1, at=paris))
    row = await ledger.reads.row(F1)
    assert row is not None
    assert row.next_at == paris
    assert row.next_at.tzinfo is UTC


async def test_a_policy_is_kept_under_its_hash(ledger: SqlLedger) -> None:
    assert await ledger.policy_text("sha-1") is None
    await ledger.keep_policy("sha-1", "standard", 'name = "standard" # é')
    await ledger.keep_policy("sha-1", "standard", "another text changes nothing")
    assert await ledger.policy_text("sha-1") == 'name = "standard" # é'


async def test_the_invoice_and_the_open_cases_of_a_debtor_are_found(ledger: SqlLedger) -> None:
    await enter(ledger, opened(invoice("F-2")), case=case_id("F-2"))
    await enter(ledger, opened())
    assert await ledger.invoice_of(F1) == invoice()
    assert await ledger.invoice_of("invoice/acme/none") is None
    assert await ledger.open_cases_of(*MARTIN) == [F1, case_id("F-2")]


async def test_a_policy_kept_while_a_case_is_open_is_kept_with_it(ledger: SqlLedger) -> None:
    async def interrupted() -> None:
        async with ledger.book(F1, debtor=MARTIN):
            await ledger.keep_policy("sha-1", "standard", "text")
            assert await ledger.policy_text("sha-1") == "text"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await interrupted()
    assert await ledger.policy_text("sha-1") is None
    async with ledger.book(F1, debtor=MARTIN):
        await ledger.keep_policy("sha-1", "standard", "text")
    assert await ledger.policy_text("sha-1") == "text"


async def test_blocks_are_not_nested(ledger: SqlLedger) -> None:
    async with ledger.book(F1):
        with pytest.raises(LedgerError, match="already open in this task"):
            async with ledger.book(case_id("F-2")):
                pass
    async with ledger.book(F1):
        pass
