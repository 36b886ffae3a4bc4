"""A line goes to one place: after a crash, told twice, given by two people, in two creditors' books."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from intake.bank.assigning import assign, ignore
from intake.bank.posting import BankDoor, Taken, Teller
from intake.bank.reading import creditor_of, read_statements
from intake.lines import Fault
from ledger.api_tables import kept_answers
from ledger.bank_lines import KeptLine, KeptPart, LineState
from rules.case import Stage
from rules.refusals import Refused
from tests.intake.api.house import CASE, CREDITORS, NOW, ApiHouse
from tests.intake.bank.files import IBAN, camt, entry
from tests.ledger.samples import decision, invoice, opened, paid

SECOND = "invoice/acme/F-2"
TODAY = NOW.date()
SURE = camt(entry("1000.00", "FACTURE F-1", reference="VIR-1", iban="DE02120300000000202051"))


@dataclass
class CutDoor:
    """A door that hears, and is cut off after ``cut`` words."""

    cut: int
    said: list[tuple[str, str, str]] = field(default_factory=list)

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> None:
        self.said.append((case_id, body["kind"], event_id))
        await asyncio.sleep(0)
        if len(self.said) == self.cut:
            raise ConnectionError("cut off after the case took it")

    async def reconsider(self, case_id: str) -> bool:
        return True


async def another(house: ApiHouse, number: str = "F-2", **more: Any) -> None:
    issued = invoice(number, **more)
    async with house.ledger.book(f"invoice/acme/{number}") as book:
        book.append(opened(issued))
        book.append(paid("p1", "200.00"))
        book.project(decision(2))


async def take(house: ApiHouse, data: bytes, door: BankDoor | None = None, *, sure: bool = True) -> Taken:
    teller = Teller(house.ledger.bank, house.ledger.reads, door or house.doors, "acme", post_sure=sure)
    return await teller.take(read_statements(data), NOW, TODAY)


async def the_line(house: ApiHouse, *states: LineState) -> KeptLine:
    (line,) = await house.ledger.bank.lines(None, states or list(LineState))
    return line


def whole(case: str, amount: str = "1000.00") -> list[KeptPart]:
    return [KeptPart(case=case, amount=Decimal(amount))]


async def close(house: ApiHouse, case: str) -> None:
    async with house.ledger.book(case) as book:
        book.append(paid("p2", "1000.00"))
        book.project(decision(3).model_copy(update={"stage": Stage.CLOSED}))


async def test_after_a_crash_a_line_is_said_to_the_same_case_and_never_to_another_invoice(
    house: ApiHouse,
) -> None:
    await another(house)
    known_account = camt(entry("1000.00", "merci", reference="VIR-7", iban="DE02120300000000202051"))
    await take(house, SURE)
    cut = CutDoor(1)
    with pytest.raises(ConnectionError):
        await take(house, camt(entry("1000.00", "F-2", reference="VIR-8", iban="DE021")), cut)
    await close(house, SECOND)
    await take(house, camt(entry("1000.00", "F-2", reference="VIR-8", iban="DE021")), cut)
    assert len(cut.said) == 2
    assert cut.said[0] == cut.said[1]
    assert cut.said[0][0] == SECOND
    assert (await take(house, known_account)).lines[0].state is not LineState.RECEIVED
    assert await house.ledger.bank.lines(None, [LineState.POSTING, LineState.RECEIVED]) == []


async def test_two_posts_of_one_statement_say_each_line_to_one_case(house: ApiHouse) -> None:
    await another(house)
    both = camt(*(entry("1000.00", "F-1 ou F-2", reference=f"VIR-{n}") for n in (1, 2)))
    door = CutDoor(0)
    await asyncio.gather(take(house, both, door), take(house, both, door))
    cases: dict[str, set[str]] = {}
    for case, _, event_id in door.said:
        cases.setdefault(event_id, set()).add(case)
    kept = {
        f"bank/{line.id}": {p.case for p in line.parts} for line in await house.ledger.bank.lines(None, list(LineState))
    }
    assert all(said == kept[event_id.replace("bank/proposed/", "bank/")] for event_id, said in cases.items())


async def test_two_people_cannot_give_one_line_to_two_cases(house: ApiHouse) -> None:
    await another(house)
    await take(house, camt(entry("1000.00", "???", reference="VIR-1")))
    line, door, shelf = await the_line(house), CutDoor(0), house.ledger.bank
    both = (assign(shelf, house.ledger.reads, door, line, whole(case)) for case in (CASE, SECOND))
    answers = await asyncio.gather(*both, return_exceptions=True)
    (refused,) = [answer for answer in answers if answer is not None]
    assert isinstance(refused, Refused)
    assert len(door.said) == 1
    assert (await the_line(house)).parts[0].case == door.said[0][0]
    with pytest.raises(Refused, match="posted"):
        await ignore(shelf, door, line)


async def test_an_assignment_cut_short_is_finished_by_saying_the_same_again(house: ApiHouse) -> None:
    await another(house)
    await take(house, SURE, sure=False)
    line, door, shelf, reads = await the_line(house), CutDoor(1), house.ledger.bank, house.ledger.reads
    with pytest.raises(ConnectionError):
        await assign(shelf, reads, door, line, whole(SECOND))
    with pytest.raises(Refused, match="being posted to invoice/acme/F-2"):
        await assign(shelf, reads, door, line, whole(CASE))
    await assign(shelf, reads, door, line, whole(SECOND))
    assert [(case, kind) for case, kind, _ in door.said] == [(SECOND, "paid"), (SECOND, "paid"), (CASE, "task_done")]
    assert (await the_line(house)).state is LineState.POSTED


async def test_one_case_twice_another_creditors_case_and_another_currency_are_refused(
    house: ApiHouse,
) -> None:
    await another(house, "F-3", currency="CHF")
    await take(house, camt(entry("1000.00", "???")))
    line, shelf, reads = await the_line(house), house.ledger.bank, house.ledger.reads
    wrong = {
        "named twice": whole(CASE, "500.00") * 2,
        "no case of acme": whole("invoice/other/F-9"),
        "in CHF": whole("invoice/acme/F-3"),
    }
    for words, parts in wrong.items():
        with pytest.raises(Refused, match=words):
            await assign(shelf, reads, house.doors, line, parts)
    assert house.doors.said == []
    assert (await the_line(house)).state is LineState.OPEN


async def test_what_one_creditor_was_paid_hides_nothing_of_anothers(house: ApiHouse) -> None:
    await take(house, SURE)
    other = Teller(house.ledger.bank, house.ledger.reads, house.doors, "other", post_sure=True)
    taken = await other.take(read_statements(SURE), NOW, TODAY)
    assert (taken.counts["already_known"], taken.counts["open"]) == (0, 1)
    assert {line.creditor for line in await house.ledger.bank.lines(None, list(LineState))} == {"acme", "other"}


def test_a_statement_of_another_creditors_account_is_refused() -> None:
    known = {**CREDITORS, "other": CREDITORS["other"].model_copy(update={"accounts": (IBAN,)})}
    assert creditor_of(IBAN, known, "other") == "other"
    seen = {"acme": known["acme"]}
    for all_of in (None, known):
        with pytest.raises(Fault, match="another creditor's account"):
            creditor_of(IBAN, known if all_of is None else seen, "acme", all_of=all_of)
    assert creditor_of("FR00", known, "acme") == "acme"


async def test_a_proposal_confirmed_on_the_case_ends_on_the_line(house: ApiHouse) -> None:
    await take(house, SURE, sure=False)
    async with house.ledger.book(CASE) as book:
        known = paid("p2", "1000.00", date(2026, 3, 2))
        book.append(known.model_copy(update={"reference": "VIR-1"}))
        book.project(decision(3))
    async with house.client() as client:
        assert (await client.get("/v1/bank-lines")).json()["items"] == []
    line = await the_line(house)
    assert (line.state, line.text) == (LineState.POSTED, None)
    assert await house.ledger.bank.whose("acme", "DE02120300000000202051") == ["C-104"]


async def test_a_proposal_stands_while_its_case_was_paid_something_else(house: ApiHouse) -> None:
    await take(house, SURE, sure=False)
    async with house.ledger.book(CASE) as book:
        book.append(paid("p2", "999.00").model_copy(update={"reference": "VIR-1"}))
        book.append(paid("p3", "1000.00", TODAY - timedelta(days=1)).model_copy(update={"reference": "VIR-1"}))
        book.project(decision(4))
    await take(house, SURE, sure=False)
    assert (await the_line(house)).state is LineState.PROPOSED


async def test_two_returns_of_one_payment_are_not_both_taken_back(house: ApiHouse) -> None:
    await take(house, SURE)
    for day, state in (("2026-03-04", "posted"), ("2026-03-05", "open")):
        back = entry("1000.00", reference="VIR-1", sign="DBIT", day=day, more="<RtrInf/>")
        assert (await take(house, camt(back, until=day))).lines[0].state == state
    assert [body["kind"] for _, body, _ in house.doors.said] == ["paid", "payment_reversed"]


async def test_a_closing_day_to_come_says_nothing_of_the_days_until_then(house: ApiHouse) -> None:
    await take(house, camt(until="2036-01-01"))
    (known,) = await house.ledger.bank.accounts()
    assert known.booked_until == TODAY


async def test_the_open_cases_are_read_once_for_all_statements(
    house: ApiHouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf, asked = house.ledger.bank, 0
    real = shelf.open_cases

    async def counted(creditor: str) -> Any:
        nonlocal asked
        asked += 1
        return await real(creditor)

    monkeypatch.setattr(shelf, "open_cases", counted)
    teller = Teller(shelf, house.ledger.reads, house.doors, "acme", post_sure=True)
    days = [read_statements(camt(entry("5.00", day=f"2026-03-0{n}")))[0] for n in (1, 2)]
    assert (await teller.take(days, NOW, TODAY)).counts["open"] == 2
    assert asked == 1


async def test_answers_kept_for_a_retry_are_the_same_and_sealed(house: ApiHouse) -> None:
    headers = {"Content-Type": "application/xml", "Idempotency-Key": "k1"}
    statement = camt(entry("9.00", "loyer de Martine", payer="MARTINE DUPONT"))
    async with house.client(headers=headers) as client:
        url = "/v1/bank-statements?creditor=acme"
        first = (await client.post(url, content=statement)).json()
        again = (await client.post(url, content=statement)).json()
    assert first[0]["lines"][0]["payer"] == "MARTINE DUPONT"
    assert again == first
    kept = await house.ledger.read(lambda connection: connection.execute(select(kept_answers.c.body)).scalar_one())
    assert "MARTINE" not in kept
    assert b"MARTINE" not in base64.b64decode(kept)
