"""What is kept about a person is told to him, ends in time, and is forgotten when it may be."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert, update

from ledger.api_tables import deliveries, hooks
from ledger.asked import Look, Request, State
from ledger.bank_lines import KeptLine, KeptPart, LineState
from ledger.debtors import Who
from ledger.store import SqlLedger
from ledger.tables import cases
from privacy.access import Accessor
from privacy.forgetting import Forgetter
from privacy.page import access_pdf
from privacy.retention import Sweeper
from rules.creditor import parse_creditors
from rules.refusals import Refused
from rules.retention import Kind, Retention
from sealing.documents import DocumentSeal
from settings import Settings
from tests.audit.book import CREDITORS, audited, by_hand, invoice
from tests.audit.conftest import Played
from tests.letters.pages import text_of

MARTIN = Who("acme", "C-104")
TODAY = date(2026, 1, 5)
ACME = parse_creditors(CREDITORS, file="creditors.toml")
NAMES = (b"Martin", b"Lilas", b"compta@martin.example", b"livraison incompl")


@pytest_asyncio.fixture
async def ledger(book: Settings) -> AsyncIterator[SqlLedger]:
    opened = await SqlLedger.open(book.database_url)
    yield opened
    await opened.close()


def forgetter(ledger: SqlLedger, book: Settings) -> Forgetter:
    return Forgetter(ledger.privacy, ledger.reads, book.store, DocumentSeal(None))


def bytes_kept(folder: Path) -> bytes:
    """Every byte of the ledger's files and of the store but for what the law obliges to keep."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "creditors.toml")
    return b"".join(path.read_bytes() for path in files if not {"retained", "acme"} & set(path.parts))


async def test_a_forgotten_person_is_nowhere_but_where_the_law_keeps_him(
    ledger: SqlLedger, book: Settings, played: Played, tmp_path: Path
) -> None:
    found = await forgetter(ledger, book).forget(MARTIN, ACME["acme"], TODAY, None)
    assert found.done
    assert {(term.kept.kind, term.article) for term in found.stays} == {
        (Kind.INVOICE, "L123-22 C. com."),
        (Kind.CORRESPONDENCE, "L110-4 I C. com."),
    }
    assert {term.kept.kind for term in found.goes} == {Kind.HISTORY}
    assert next(t for t in found.stays if t.kept.kind is Kind.INVOICE).until == date(2035, 12, 31)
    assert [name for name in NAMES if name in bytes_kept(tmp_path)] == []
    assert list(book.store.rglob("*.history")) == []
    kept = json.loads(next((book.store / "retained").rglob("*.json")).read_text(encoding="utf-8"))
    assert (kept["debtor"]["name"], kept["debtor"].get("email")) == ("Boulangerie Martin SARL", None)
    report = await audited(book, played.case)
    assert report.findings == ()
    assert [run.problem for run in report.runs] == ["forgotten"]
    apart = next((book.store / "retained").rglob("*.json"))
    apart.write_text(apart.read_text(encoding="utf-8").replace("1200.00", "1300.00"), encoding="utf-8")
    assert [one.field for one in (await audited(book, played.case)).findings] == ["retained.document"]


async def test_a_debtor_with_an_open_case_is_not_forgotten(ledger: SqlLedger, book: Settings) -> None:
    by_hand(book, lambda c: c.execute(update(cases).values(stage="amicable", closed_on=None)))
    with pytest.raises(Refused, match=r"art\. 17-3 e"):
        await forgetter(ledger, book).forget(MARTIN, ACME["acme"], TODAY, None)
    assert list(book.store.rglob("*.history"))


async def test_retention_takes_each_kind_in_its_year(ledger: SqlLedger, book: Settings, played: Played) -> None:
    sweeper = Sweeper(ledger.privacy, book.store, DocumentSeal(None), ACME)
    assert (await sweeper.sweep(date(2029, 1, 1), apply=True)).over == ()
    looked = await sweeper.sweep(date(2031, 1, 1), apply=False)
    assert {term.kept.kind for term in looked.over} == {Kind.CORRESPONDENCE, Kind.HISTORY}
    assert list(book.store.rglob("*.history")), "a dry run destroys nothing"
    await sweeper.sweep(date(2031, 1, 1), apply=True)
    assert list(book.store.rglob("*.history")) == []
    assert list((book.store / "acme").rglob("*.json")) == []
    report = await audited(book, played.case)
    assert report.findings == (), "an audit knows what was destroyed on purpose"
    assert report.debtor.startswith("Boulangerie Martin")
    assert (await sweeper.sweep(date(2035, 12, 31), apply=True)).cases == ()
    assert (await sweeper.sweep(date(2036, 1, 1), apply=True)).cases == (played.case,)
    assert (await audited(book, played.case)).debtor.startswith("[effacé]")
    again = await sweeper.sweep(date(2036, 1, 2), apply=True)
    assert (again.over, again.cases) == ((), ())


def test_the_law_s_terms_are_never_shortened() -> None:
    assert Retention(correspondence_years=7).until(Kind.CORRESPONDENCE, date(2024, 2, 29)) == date(2031, 2, 28)
    text = CREDITORS.replace("[acme]", "[acme]\nretention = { invoice_years = 6 }")
    with pytest.raises(Refused, match="invoice_years"):
        parse_creditors(text, file="creditors.toml")


async def test_a_person_is_told_everything_that_is_held(ledger: SqlLedger, book: Settings, played: Played) -> None:
    at = datetime(2025, 11, 3, tzinfo=UTC)
    hook = {
        "id": "h-1",
        "incoming": False,
        "creditor": "acme",
        "name": "Compta",
        "url": "https://x.example",
        "kinds": "",
    }
    told = {"hook": "h-1", "case_id": played.case, "position": 1, "kind": "case_opened", "state": "delivered"}
    by_hand(book, lambda c: c.execute(insert(hooks).values(**hook, secret=b"", created_at=at)))
    by_hand(book, lambda c: c.execute(insert(deliveries).values(**told, attempts=1, tried_at=at)))
    accessor = Accessor(ledger, book.store, DocumentSeal(None))
    held = await accessor.held(MARTIN, ACME["acme"], datetime(2026, 1, 5, 9, tzinfo=UTC))
    pdf = access_pdf(held)
    content, answered = await accessor.zipped(held, pdf)
    assert answered.missing == ()
    with zipfile.ZipFile(io.BytesIO(content)) as kept:
        names = kept.namelist()
        data = json.loads(kept.read("donnees.json"))
        assert kept.read("donnees.pdf").startswith(b"%PDF")
        assert "CNIL" in kept.read("lisez-moi.txt").decode()
    assert {name.partition("/")[0] for name in names} == {
        "lisez-moi.txt", "donnees.pdf", "donnees.json", "courriers", "decisions",
    }  # fmt: skip
    assert [one["name"] for one in data["passed_on"]] == ["Compta"]
    assert "Programmes du créancier" in text_of(pdf)
    (case,) = data["cases"]
    assert case["invoice"]["debtor"]["email"] == "compta@martin.example"
    assert any(event.get("reason") == "livraison incomplète" for event in case["events"])


async def test_a_copy_that_somebody_else_destroyed_is_found(book: Settings, played: Played) -> None:
    next((book.store / "acme").rglob("*.json")).unlink()
    assert [one.field.split()[0] for one in (await audited(book, played.case)).findings] == ["messages.document"]


def line(name: str, **more: object) -> KeptLine:
    said = {
        "id": name, "creditor": "acme", "booked_on": date(2025, 11, 3), "amount": Decimal("12.00"), "currency": "EUR",
        "reversal": False, "reference": name.upper(), "payer": "BOULANGERIE MARTIN SARL", "text": "vir. Lilas",
        "state": LineState.OPEN, **more,
    }  # fmt: skip
    return KeptLine.model_validate(said)


async def lines(ledger: SqlLedger, case: str) -> None:
    """A line proposed to the case, one that taught whose account it is, another from there, one in the same name, one
    of somebody else."""
    shelf, asked = ledger.bank, (KeptPart(case=case, amount=Decimal("12.00")),)
    await shelf.keep(line("asked", state=LineState.PROPOSED, parts=asked, proposed_to=(case,)), None)
    taught = await shelf.keep(line("taught", state=LineState.POSTING, parts=asked), "FR11")
    await shelf.settle(taught, LineState.POSTED, "dit", asked, payer="C-104")
    await shelf.keep(line("account"), "FR11")
    await shelf.keep(line("named"), "FR22")
    await shelf.keep(line("stranger", payer="ODETTE"), "FR33")


async def test_lines_of_statements_are_told_then_forgotten_with_the_person(
    ledger: SqlLedger, book: Settings, played: Played
) -> None:
    await lines(ledger, played.case)
    held = await Accessor(ledger, book.store, DocumentSeal(None)).held(
        MARTIN, ACME["acme"], datetime(2026, 1, 5, 9, tzinfo=UTC)
    )
    told = {row["id"]: row["payer"] for row in held.rows["bank_lines"]}
    assert told == {"account": "BOULANGERIE MARTIN SARL", "asked": "BOULANGERIE MARTIN SARL", "taught": None}
    assert held.in_the_name == ("named",)
    assert access_pdf(held).startswith(b"%PDF")
    found = await forgetter(ledger, book).forget(MARTIN, ACME["acme"], TODAY, None)
    assert found.in_the_name == ("named",)
    left = {one.id: one.payer for one in await ledger.bank.lines(None, list(LineState))}
    assert left == {"account": None, "asked": None, "named": told["asked"], "stranger": "ODETTE", "taught": None}
    assert await ledger.bank.whose("acme", "FR11") == []
    again = await forgetter(ledger, book).forget(MARTIN, ACME["acme"], TODAY, None)
    assert again.done, "finished after a crash, it does no harm"


async def test_lines_that_nobody_claims_lose_their_words_in_time(
    ledger: SqlLedger, book: Settings, played: Played
) -> None:
    await lines(ledger, played.case)
    sweeper = Sweeper(ledger.privacy, book.store, DocumentSeal(None), ACME)
    assert (await sweeper.sweep(date(2027, 11, 3), apply=True)).lines == 0
    assert (await sweeper.sweep(date(2027, 11, 4), apply=False)).lines == 4
    assert (await sweeper.sweep(date(2027, 11, 4), apply=True)).lines == 4
    assert {one.text for one in await ledger.bank.lines(None, list(LineState))} == {None}
    assert await ledger.bank.whose("acme", "FR11") == ["C-104"]
    await sweeper.sweep(date(2031, 1, 1), apply=True)
    await sweeper.sweep(date(2036, 1, 2), apply=True)
    assert await ledger.bank.whose("acme", "FR11") == []


async def test_an_invoice_that_waits_holds_a_forgetting_and_a_refused_one_goes_with_it(
    ledger: SqlLedger, book: Settings, played: Played
) -> None:
    waits = ("invoice/acme/F-77", invoice("F-77"))
    await ledger.intake_queue.put("t", [waits], datetime(2026, 1, 5, 9, tzinfo=UTC))
    its = forgetter(ledger, book)
    with pytest.raises(Refused, match="F-77"):
        await its.plan(MARTIN, ACME["acme"], TODAY)
    with pytest.raises(Refused, match="F-77"):
        await ledger.privacy.forget(MARTIN, [], [], TODAY)
    await ledger.intake_queue.refuse("invoice/acme/F-77", "no such policy")
    later = await Sweeper(ledger.privacy, book.store, DocumentSeal(None), ACME).sweep(date(2028, 1, 6), apply=False)
    assert later.refused == 1
    await its.forget(MARTIN, ACME["acme"], TODAY, None)
    assert await ledger.intake_queue.waiting("invoice/acme/F-77") is None


async def test_of_a_person_who_never_had_a_case_the_refused_invoice_is_told_and_forgotten(
    ledger: SqlLedger, book: Settings
) -> None:
    odette = Who("acme", "C-9")
    announced = invoice("F-78")
    debtor = announced.debtor.model_copy(update={"id": "C-9", "name": "Odette Blanc", "email": "odette@blanc.example"})
    waits = ("invoice/acme/F-78", announced.model_copy(update={"debtor": debtor}))
    await ledger.intake_queue.put("t", [waits], datetime(2026, 1, 5, 9, tzinfo=UTC))
    await ledger.intake_queue.refuse("invoice/acme/F-78", "F-78 : aucune politique de ce nom.")
    assert await ledger.privacy.creditors_of("C-9") == ["acme"]
    accessor = Accessor(ledger, book.store, DocumentSeal(None))
    held = await accessor.held(odette, ACME["acme"], datetime(2026, 1, 6, 9, tzinfo=UTC))
    pdf = access_pdf(held)
    said = text_of(pdf).replace("\u200b", "")
    assert all(
        words in said for words in ("Odette Blanc", "effacée 2 ans", "odette@blanc.example", "F-78", "aucune politique")
    )
    content, _ = await accessor.zipped(held, pdf)
    with zipfile.ZipFile(io.BytesIO(content)) as kept:
        (told,) = json.loads(kept.read("donnees.json"))["waiting_invoices"]
    assert (told["invoice"]["debtor"]["name"], told["refusal"]) == (debtor.name, "F-78 : aucune politique de ce nom.")
    assert (await forgetter(ledger, book).forget(odette, ACME["acme"], TODAY, None)).done
    assert await ledger.privacy.creditors_of("C-9") == []
    with pytest.raises(Refused, match="C-9"):
        await accessor.held(odette, ACME["acme"], datetime(2026, 1, 6, 9, tzinfo=UTC))


async def test_what_the_law_keeps_of_a_forgotten_person_is_still_told_to_him(ledger: SqlLedger, book: Settings) -> None:
    await forgetter(ledger, book).forget(MARTIN, ACME["acme"], TODAY, None)
    assert await ledger.privacy.creditors_of("C-104") == []
    assert await ledger.privacy.creditors_of("C-104", forgotten=True) == ["acme"]
    accessor = Accessor(ledger, book.store, DocumentSeal(None))
    held = await accessor.held(MARTIN, ACME["acme"], datetime(2026, 1, 6, 9, tzinfo=UTC))
    _, answered = await accessor.zipped(held, access_pdf(held))
    assert [name for name in answered.files if name.startswith("factures/")] != []


async def test_who_looked_at_what_goes_after_a_year_and_what_was_done_stays_in_the_chain(
    ledger: SqlLedger, book: Settings, played: Played
) -> None:
    on = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for creditor in ("acme", "", "zenith"):
        await ledger.asked.looked(Look(at=on, login="paul", what="case", creditor=creditor, subject=played.case))
    for name, case in (("r-1", played.case), ("r-2", "bank/acme"), ("r-3", "invoice/zenith/F-1")):
        asked = Request(id=name, case_id=case, kind="paid", login="nadia", at=on, state=State.DONE, words={})
        await ledger.asked.ask(asked)
    events = await ledger.reads.case_events(played.case)
    sweeper = Sweeper(ledger.privacy, book.store, DocumentSeal(None), ACME)
    assert (await sweeper.sweep(date(2027, 1, 5), apply=True)).watched == 0
    assert (await sweeper.sweep(date(2027, 1, 6), apply=False)).watched == 6, (
        "zenith is no creditor of this house any more"
    )
    kept = {"acme": ACME["acme"].model_copy(update={"retention": Retention(watched_years=2)})}
    longer = Sweeper(ledger.privacy, book.store, DocumentSeal(None), kept)
    assert (await longer.sweep(date(2027, 1, 6), apply=True)).watched == 0
    assert (await sweeper.sweep(date(2027, 1, 6), apply=True)).watched == 6
    assert await ledger.asked.looks(None) == []
    assert await ledger.reads.case_events(played.case) == events
