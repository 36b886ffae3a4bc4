"""The outbox keeps a rung from being sent twice, and the debtor from being written to too often."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ledger.errors import AlreadyCovered, LedgerError
from ledger.store import SqlLedger
from rules import events as e
from rules.decision import DebtorFacts
from rules.outbox import MessageState
from tests.ledger.samples import (
    DAY,
    MARTIN,
    MOMENT,
    STEP,
    called,
    case_id,
    decision,
    invoice,
    message,
    opened,
    paused,
    sent,
)  # fmt: skip

F1, F2, F3 = (case_id(f"F-{n}") for n in (1, 2, 3))
LATER = MOMENT + timedelta(minutes=3)


@pytest.fixture(autouse=True)
async def three_cases(ledger: SqlLedger) -> None:
    for number in ("F-1", "F-2", "F-3"):
        async with ledger.book(case_id(number), debtor=MARTIN) as book:
            book.append(opened(invoice(number)))
            book.project(decision(1))


async def begin(ledger: SqlLedger, message_id: str, *covers: str) -> None:
    async with ledger.book(covers[0], debtor=MARTIN) as book:
        book.begin(message(message_id, *covers))


async def conclude(ledger: SqlLedger, message_id: str, state: MessageState) -> None:
    async with ledger.book(F1) as book:
        book.conclude(message_id, state, LATER, "letters/m1.pdf", "ab" * 32)


async def enter(ledger: SqlLedger, case: str, *history: e.Event) -> None:
    async with ledger.book(case, debtor=MARTIN) as book:
        for event in history:
            book.append(event)


async def facts(ledger: SqlLedger, case: str = F1, on: date = DAY) -> DebtorFacts:
    async with ledger.book(case) as book:
        return await book.debtor_facts(on)


async def test_a_message_reads_back_as_it_was_begun_from_every_case_it_covers(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1, F2)
    for case in (F1, F2):
        async with ledger.book(case) as book:
            found = await book.message(STEP, 1)
            whole = message("<m1>", F1, F2)
            assert found is not None
            assert (await book.messages(), found.covers) == ([found], (whole.of(case),))
            assert await book.whole(found) == whole
            assert await book.message(STEP, 2) is None
            assert await book.message("relance_2", 1) is None
    covered = whole.of(F2)
    assert covered is not None
    assert (str(covered.balance), covered.claim) == ("1200.00", Decimal("1249.99"))
    async with ledger.book(F3) as book:
        assert await book.messages() == []


async def test_a_message_begun_is_seen_at_once_in_its_own_block(ledger: SqlLedger) -> None:
    async with ledger.book(F1, debtor=MARTIN) as book:
        book.begin(message("<m1>", F1))
        assert await book.message(STEP, 1) == message("<m1>", F1)
        book.conclude("<m1>", MessageState.SENT, LATER, None, None)
        found = await book.message(STEP, 1)
    assert found is not None
    assert (found.state, found.sent_at) == (MessageState.SENT, LATER)


async def test_a_rung_of_a_case_has_one_message(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1, F2)
    with pytest.raises(AlreadyCovered, match="<m2>: another message already speaks"):
        await begin(ledger, "<m2>", F2, F3)
    with pytest.raises(AlreadyCovered):
        await begin(ledger, "<m1>", F3)
    await begin(ledger, "<m3>", F3)
    assert [found.id for found in await ledger.reads.messages()] == ["<m1>", "<m3>"]


async def test_what_became_of_a_message_is_written(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1)
    await conclude(ledger, "<m1>", MessageState.SENT)
    found = (await ledger.reads.messages_of(F1))[0]
    assert (found.state, found.sent_at) == (MessageState.SENT, LATER)
    assert (found.document, found.sha256) == ("letters/m1.pdf", "ab" * 32)
    with pytest.raises(LedgerError, match="no message of that id"):
        await conclude(ledger, "<unknown>", MessageState.SENT)


async def test_a_failed_message_releases_its_rungs(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1, F2)
    await conclude(ledger, "<m1>", MessageState.FAILED)
    async with ledger.book(F1) as book:
        assert await book.message(STEP, 1) is None
        assert [m.state for m in await book.messages()] == [MessageState.FAILED]
    await begin(ledger, "<m2>", F2)
    async with ledger.book(F2) as book:
        found = await book.message(STEP, 1)
    assert found is not None
    assert (found.id, found.state) == ("<m2>", MessageState.SENDING)
    await begin(ledger, "<m1>", F1)
    again = (await ledger.reads.messages_of(F1))[0]
    assert (again.id, again.state) == ("<m1>", MessageState.SENDING)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.IN_DOUBT])
async def test_a_message_that_may_have_left_keeps_its_rungs(ledger: SqlLedger, state: MessageState) -> None:
    await begin(ledger, "<m1>", F1)
    await conclude(ledger, "<m1>", state)
    with pytest.raises(AlreadyCovered):
        await begin(ledger, "<m2>", F1)


async def test_nothing_was_ever_sent_to_a_new_debtor(ledger: SqlLedger) -> None:
    assert await facts(ledger) == DebtorFacts()


async def test_contacts_of_other_cases_count_and_its_own_do_not(ledger: SqlLedger) -> None:
    await enter(ledger, F1, sent("own", "<own>"), called("own call"))
    await enter(ledger, F2, sent("n", "<m2>", DAY - timedelta(days=3)), called("c", DAY - timedelta(days=1)))
    await enter(ledger, F3, sent("n", "<m3>", DAY - timedelta(days=30)))
    assert await facts(ledger) == DebtorFacts(
        written_on=DAY - timedelta(days=3),
        contacts=(DAY - timedelta(days=3), DAY - timedelta(days=1)),
        by_channel={"written": (DAY - timedelta(days=3),), "call": (DAY - timedelta(days=1),)},
    )


async def test_a_week_is_seven_days_and_the_last_letter_is_older(ledger: SqlLedger) -> None:
    await enter(ledger, F2, sent("n", "<m2>", DAY))
    on_the_sixth_day = await facts(ledger, on=DAY + timedelta(days=6))
    on_the_seventh = await facts(ledger, on=DAY + timedelta(days=7))
    assert (on_the_sixth_day.contacts, on_the_seventh.contacts) == ((DAY,), ())
    assert on_the_seventh.written_on == DAY


async def test_a_call_is_no_letter(ledger: SqlLedger) -> None:
    await enter(ledger, F2, called("c"))
    assert await facts(ledger) == DebtorFacts(contacts=(DAY,), by_channel={"call": (DAY,)})


async def test_a_message_for_several_cases_is_one_contact_and_none_for_those_it_covers(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1, F2)
    await conclude(ledger, "<m1>", MessageState.SENT)
    for case in (F1, F2):
        await enter(ledger, case, sent("n", "<m1>"))
    assert await facts(ledger, F1) == DebtorFacts()
    assert await facts(ledger, F2) == DebtorFacts()
    assert await facts(ledger, F3) == DebtorFacts(written_on=DAY, contacts=(DAY,), by_channel={"email": (DAY,)})


async def test_a_message_that_did_not_arrive_is_no_contact_whoever_heard_it(
    ledger: SqlLedger,
) -> None:
    for message_id, day in (("<m1>", DAY), ("<m2>", DAY - timedelta(days=3))):
        async with ledger.book(F1, debtor=MARTIN) as book:
            book.begin(message(message_id, F1, F2, step=f"of {day}", day=day))
        await conclude(ledger, message_id, MessageState.SENT)
        for case in (F1, F2):
            await enter(ledger, case, sent(message_id, message_id, day))
    assert (await facts(ledger, F3)).contacts == (DAY - timedelta(days=3), DAY)
    async with ledger.book(F1) as book:
        book.release("<m1>")
    reached = DAY - timedelta(days=3)
    assert await facts(ledger, F3) == DebtorFacts(
        written_on=reached, contacts=(reached,), by_channel={"email": (reached,)}
    )
    await conclude(ledger, "<m2>", MessageState.FAILED)
    assert await facts(ledger, F3) == DebtorFacts()


async def test_a_message_counts_from_the_moment_it_is_begun(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1)
    assert await facts(ledger, F3) == DebtorFacts(written_on=DAY, contacts=(DAY,), by_channel={"email": (DAY,)})
    await conclude(ledger, "<m1>", MessageState.FAILED)
    assert await facts(ledger, F3) == DebtorFacts()


async def test_debtors_of_two_creditors_are_strangers(ledger: SqlLedger) -> None:
    other = case_id("F-1", "zenith")
    async with ledger.book(other) as book:
        book.append(opened(invoice("F-1", creditor="zenith")))
        book.append(sent("n", "<z>"))
    assert await facts(ledger) == DebtorFacts()


async def test_a_hold_on_the_debtor_is_a_fact_of_each_case(ledger: SqlLedger) -> None:
    await ledger.hold_debtor(*MARTIN, until=date(2026, 4, 1))
    assert await facts(ledger) == DebtorFacts(held=True, held_until=date(2026, 4, 1))
    await ledger.lift_debtor_hold(*MARTIN)
    assert await facts(ledger, F2) == DebtorFacts()


async def test_siblings_are_the_open_cases_whose_letter_is_awaited_by_then(ledger: SqlLedger) -> None:
    for number, change in {"F-4": {"currency": "USD"}, "F-5": {}, "F-6": {"debtor": "C-7"}}.items():
        async with ledger.book(case_id(number)) as book:
            book.append(opened(invoice(number, **change)))
            book.project(decision(1, at=MOMENT + timedelta(hours=1) if number == "F-5" else MOMENT))
    async with ledger.book(F2) as book:
        book.project(paused(1))
    async with ledger.book(F1, debtor=MARTIN) as book:
        now = await book.siblings("EUR", MOMENT)
        later = await book.siblings("EUR", MOMENT + timedelta(hours=1))
        assert [s.case.id for s in now if s.case] == [F3]
        assert [s.case.id for s in later if s.case] == [F3, case_id("F-5")]
        assert later[0] is now[0]
        now[0].append(sent("n", "<m1>"))
        now[0].project(paused(2))
    async with ledger.book(F3) as book:
        assert book.case is not None
        assert book.case.position == 2
        assert book.decision == paused(2)


async def test_siblings_need_the_debtors_lock(ledger: SqlLedger) -> None:
    async with ledger.book(F1) as book:
        with pytest.raises(ValueError, match="lock the debtor first"):
            await book.siblings("EUR", MOMENT)


async def test_a_sibling_that_a_message_speaks_for_is_left_alone(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F2)
    async with ledger.book(F1, debtor=MARTIN) as book:
        assert [s.case.id for s in await book.siblings("EUR", MOMENT) if s.case] == [F3]
    await conclude(ledger, "<m1>", MessageState.FAILED)
    async with ledger.book(F1, debtor=MARTIN) as book:
        assert [s.case.id for s in await book.siblings("EUR", MOMENT) if s.case] == [F2, F3]


async def test_a_write_that_failed_cannot_be_passed_over(ledger: SqlLedger) -> None:
    await begin(ledger, "<m1>", F1, F2)

    async def insist() -> None:
        async with ledger.book(F3, debtor=MARTIN) as book:
            book.begin(message("<m2>", F2))
            with pytest.raises(AlreadyCovered):
                await book.messages()
            book.append(sent("n", "<m2>"))

    with pytest.raises(LedgerError, match="failed before"):
        await insist()
    assert [found.id for found in await ledger.reads.messages()] == ["<m1>"]
    assert len(await ledger.reads.case_events(F3)) == 1
