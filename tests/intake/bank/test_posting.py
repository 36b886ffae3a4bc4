"""A statement taken over a real ledger: posted, proposed, asked; twice is harmless; a person decides the rest."""

import pytest

from intake.bank.assigning import assign, ignore
from intake.bank.posting import Taken, Teller
from intake.bank.reading import read_statements
from ledger.bank_lines import KeptPart, LineState
from rules.refusals import Refused
from tests.intake.api.house import CASE, NOW, ApiHouse
from tests.intake.bank.files import IBAN, camt, entry

STATEMENT = camt(
    entry("1000.00", "FACTURE F-1", reference="VIR-1", iban="DE02120300000000202051"),
    entry("5.00", "don", reference="NOTPROVIDED"),
)


async def take(house: ApiHouse, data: bytes, *, post_sure: bool = True, dry: bool = False) -> Taken:
    door = None if dry else house.doors
    teller = Teller(house.ledger.bank, house.ledger.reads, door, "acme", post_sure=post_sure)
    return await teller.take(read_statements(data), NOW, NOW.date())


def counts(taken: Taken) -> dict[str, int]:
    return {name: number for name, number in taken.counts.items() if number}


async def test_a_sure_payment_is_posted_once_and_the_rest_waits_for_a_person(house: ApiHouse) -> None:
    assert counts(await take(house, STATEMENT, dry=True)) == {"posted": 1, "open": 1}
    assert house.doors.said == []
    assert await house.ledger.bank.accounts() == []
    assert counts(await take(house, STATEMENT)) == {"posted": 1, "open": 1}
    assert counts(await take(house, STATEMENT)) == {"already_known": 2}
    ((case, body, event_id),) = house.doors.said
    assert (case, body["kind"], body["amount"], body["reference"]) == (CASE, "paid", "1000.00", "VIR-1")
    assert (body["method"], body["received_on"], event_id[:5]) == ("bank", "2026-03-02", "bank/")
    (known,) = await house.ledger.bank.accounts()
    assert (known.account, f"{known.booked_until}") == (IBAN, "2026-03-02")


async def test_names_go_once_a_line_is_dealt_with_and_the_account_is_known_again(house: ApiHouse) -> None:
    await take(house, STATEMENT)
    (posted,) = await house.ledger.bank.lines(None, [LineState.POSTED])
    assert (posted.text, posted.payer) == (None, None)
    assert await house.ledger.bank.whose("acme", "DE02120300000000202051") == ["C-104"]
    assert await house.ledger.bank.whose("acme", "DE00") == []


async def test_without_the_creditors_leave_even_what_is_sure_is_only_proposed(house: ApiHouse) -> None:
    await take(house, STATEMENT, post_sure=False)
    assert [body["kind"] for _, body, _ in house.doors.said] == ["payment_proposed"]
    (line,) = await house.ledger.bank.lines(None, [LineState.PROPOSED])
    await assign(house.ledger.bank, house.ledger.reads, house.doors, line, line.parts)
    assert house.doors.said[-1][1]["kind"] == "paid"
    posted = line.model_copy(update={"state": LineState.POSTED})
    with pytest.raises(Refused, match="posted already"):
        await assign(house.ledger.bank, house.ledger.reads, house.doors, posted, line.parts)


async def test_a_proposal_set_aside_lets_the_letters_go_on(house: ApiHouse) -> None:
    await take(house, STATEMENT, post_sure=False)
    (line,) = await house.ledger.bank.lines(None, [LineState.PROPOSED])
    with pytest.raises(Refused, match="add up to"):
        await assign(house.ledger.bank, house.ledger.reads, house.doors, line, [KeptPart(case=CASE, amount=1)])
    await ignore(house.ledger.bank, house.doors, line)
    assert house.doors.said[-1][1]["kind"] == "task_done"
    assert house.doors.said[-1][1]["task"] == f"payment_proposed/bank/proposed/{line.id}"


async def test_a_return_takes_back_what_was_posted_under_its_reference(house: ApiHouse) -> None:
    await take(house, STATEMENT)
    returned = entry("1000.00", reference="VIR-1", sign="DBIT", day="2026-03-04", more="<RtrInf/>")
    assert counts(await take(house, camt(returned, until="2026-03-04"))) == {"posted": 1}
    assert (house.doors.said[-1][0], house.doors.said[-1][1]["kind"]) == (CASE, "payment_reversed")


async def test_what_the_case_refuses_is_for_a_person(house: ApiHouse) -> None:
    house.doors.refusal = Refused("paid: no.")
    taken = await take(house, STATEMENT)
    assert counts(taken) == {"open": 2}
    assert "paid: no." in taken.lines[0].because
