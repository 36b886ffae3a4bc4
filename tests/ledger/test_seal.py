"""A person can be forgotten, and the chain still verifies."""

import pytest
from sqlalchemy import Connection, select, update

from ledger.chain import verify
from ledger.debtors import Who, forget
from ledger.errors import NoKeyRing, UnreadableEvent
from ledger.seal import Seal, decrypt, encrypt, new_key
from ledger.store import SqlLedger
from ledger.tables import debtors, events
from rules import events as e
from rules.fold import fold_all
from rules.privacy import FORGOTTEN
from tests.ledger.samples import MARTIN, by_hand, case_id, invoice, long_history, opened, paid

F1 = case_id("F-1")


class Ring:
    """A master key ring of one key."""

    def __init__(self) -> None:
        self.master = new_key()

    def wrap(self, key: bytes) -> bytes:
        return encrypt(self.master, key, "debtor")

    def unwrap(self, wrapped: bytes) -> bytes:
        return decrypt(self.master, wrapped, "debtor")


async def enter(ledger: SqlLedger, *history: e.Event, case: str = F1) -> None:
    async with ledger.book(case, debtor=MARTIN) as book:
        for event in history:
            book.append(event)


async def forgotten(ledger: SqlLedger, creditor: str, debtor: str) -> None:
    await ledger.write(lambda connection: forget(connection, Who(creditor, debtor)))


async def test_a_forgotten_debtor_reads_effaced_and_the_chain_verifies(ledger: SqlLedger) -> None:
    history = long_history()
    await enter(ledger, *history)
    await forgotten(ledger, *MARTIN)
    found = await ledger.reads.case(F1)
    assert found is not None
    assert found.case.debtor.name == FORGOTTEN
    assert (found.case.debtor.email, found.case.debtor.address, found.case.invoice.subject) == (None, None, None)
    assert found.case.open_principal == fold_all(F1, history).open_principal
    refused = next(event for event in await ledger.reads.case_events(F1) if isinstance(event, e.SignalRefused))
    assert (refused.name, refused.reason) == (FORGOTTEN, None)
    row = await ledger.reads.row(F1)
    assert row is not None
    assert row.name == FORGOTTEN
    assert verify(await ledger.reads.chain_rows(F1), await ledger.reads.chain_head(F1)) is None


async def test_destroying_the_key_alone_is_enough(ledger: SqlLedger, url: str) -> None:
    await enter(ledger, opened())
    await by_hand(url, lambda connection: connection.execute(update(debtors).values(data_key=None)))
    await enter(ledger, opened(invoice("F-2")), case=case_id("F-2"))
    await enter(ledger, paid("p1", "10.00"))
    old, new = await ledger.reads.case(F1), await ledger.reads.case(case_id("F-2"))
    assert old is not None
    assert new is not None
    assert (old.case.position, old.case.debtor.name) == (2, FORGOTTEN)
    assert new.case.debtor.name == "Boulangerie Martin SARL"


async def test_a_forgotten_case_goes_on_and_keeps_nothing_personal_any_more(ledger: SqlLedger) -> None:
    await enter(ledger, opened())
    await forgotten(ledger, *MARTIN)
    await enter(ledger, paid("p1", "10.00"))
    late = (await ledger.reads.case_events(F1))[1]
    assert isinstance(late, e.PaymentReceived)
    assert (str(late.amount), late.by) == ("10.00", None)
    rows = await ledger.reads.chain_rows(F1)
    assert rows[1].sealed is None
    assert verify(rows, await ledger.reads.chain_head(F1)) is None


async def test_a_forgotten_debtor_who_comes_back_gets_a_new_key(ledger: SqlLedger) -> None:
    await enter(ledger, opened())
    await forgotten(ledger, *MARTIN)
    await enter(ledger, opened(invoice("F-2")), case=case_id("F-2"))
    new = await ledger.invoice_of(case_id("F-2"))
    old = await ledger.invoice_of(F1)
    assert new is not None
    assert old is not None
    assert (new.debtor.name, old.debtor.name) == ("Boulangerie Martin SARL", FORGOTTEN)


async def test_only_the_debtor_asked_for_is_forgotten(ledger: SqlLedger) -> None:
    await enter(ledger, opened())
    async with ledger.book(case_id("F-3")) as book:
        book.append(opened(invoice("F-3", debtor="C-7")))
    await forgotten(ledger, "acme", "C-7")
    kept = await ledger.invoice_of(F1)
    assert kept is not None
    assert kept.debtor.name == "Boulangerie Martin SARL"


async def test_under_master_keys_the_debtor_key_is_wrapped(url: str) -> None:
    ring = Ring()
    ledger = await SqlLedger.open(url, ring)
    await enter(ledger, opened())
    assert (await ledger.reads.cases())[0].name == "Boulangerie Martin SARL"
    await ledger.close()
    without = await SqlLedger.open(url)
    with pytest.raises(NoKeyRing, match="RELANCE_PAYLOAD_KEYS"):
        await without.reads.case(F1)
    await without.close()


async def test_a_ledger_begun_without_master_keys_is_read_with_them(url: str) -> None:
    before = await SqlLedger.open(url)
    await enter(before, opened())
    await before.close()
    after = await SqlLedger.open(url, Ring())
    assert await after.invoice_of(F1) == invoice()
    await after.close()


async def test_an_altered_ciphertext_is_not_read_as_if_it_were_forgotten(ledger: SqlLedger, url: str) -> None:
    await enter(ledger, opened(), paid("p1", "1.00"))

    def copy_over(connection: Connection) -> None:
        first = connection.execute(select(events.c.sealed).where(events.c.position == 1)).scalar_one()
        connection.execute(update(events).where(events.c.position == 2).values(sealed=first))

    await by_hand(url, copy_over)
    with pytest.raises(UnreadableEvent, match="position 2 cannot be read"):
        await ledger.reads.case(F1)


def test_the_same_words_are_never_sealed_alike() -> None:
    seal = Seal(F1, new_key())
    first, second = (seal.seal({"note": "é"}, 1) for _ in range(2))
    assert first != second
    assert seal.open(first, 1) == {"note": "é"}
    assert seal.seal({}, 1) is None
    assert seal.open(None, 1) == {}
    assert Seal(F1, None).seal({"note": "é"}, 1) is None
