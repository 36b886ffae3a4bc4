"""The examples: a portfolio and a script that the rules accept, made of what was asked for, nobody real in it."""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from schwifty import BIC, IBAN

import settings
from demo.people import FATES
from demo.play import DAYS, FIRST, clock_setting, origin
from demo.script import Happening, read_script
from demo.services import DEAD_ADDRESSES
from intake.checks import Known
from intake.lines import Accepted
from intake.reading import read_invoices
from rules.creditor import Creditor, parse_creditors
from rules.invoice import InvoiceIssued, check_invoice
from rules.law import region_of
from rules.law.days import semester_of
from rules.law.kinds import DebtorKind
from rules.law.rates import default_rate
from rules.law.tables import builtin_tables

EXAMPLES = Path(settings.__file__).resolve().parent / "examples"


@pytest.fixture(scope="module")
def invoices(acme: Creditor) -> list[InvoiceIssued]:
    lines = list(read_invoices(EXAMPLES / "portefeuille.csv", known=Known(creditors={"acme": acme})))
    assert [line for line in lines if not isinstance(line, Accepted)] == []
    return [line.invoice for line in lines if isinstance(line, Accepted)]


@pytest.fixture(scope="module")
def script() -> list[Happening]:
    return read_script(EXAMPLES / "evenements.csv")


@pytest.fixture(scope="module")
def acme() -> Creditor:
    file = EXAMPLES / "creditors.toml"
    return parse_creditors(file.read_text(encoding="utf-8"), file=str(file))["acme"]


def luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def test_the_creditor_is_complete_and_its_numbers_are_well_formed(acme: Creditor) -> None:
    assert acme.siren is not None
    assert luhn(acme.siren)
    assert acme.vat == f"FR{(12 + 3 * (int(acme.siren) % 97)) % 97:02d}{acme.siren}"
    iban = IBAN(acme.iban or "")
    assert (iban.is_valid, BIC(acme.bic or "").is_valid) == (True, True)
    assert str(iban.bic).startswith(acme.bic or "?")
    assert acme.address.complete
    assert acme.representative is not None


def test_sixty_invoices_that_the_rules_accept(invoices: list[InvoiceIssued]) -> None:
    assert len(invoices) == 60
    assert len({invoice.number for invoice in invoices}) == 60
    for invoice in invoices:
        assert check_invoice(invoice) is invoice


def test_they_look_like_a_small_company_s_book(invoices: list[InvoiceIssued]) -> None:
    kinds = Counter(invoice.debtor.kind for invoice in invoices)
    assert all(kinds[kind] for kind in DebtorKind)
    assert kinds[DebtorKind.BUSINESS] > 30
    debtors = Counter(invoice.debtor.id for invoice in invoices)
    assert max(debtors.values()) == 9
    assert (min(i.total for i in invoices), max(i.total for i in invoices)) == (Decimal("38.40"), Decimal("84000.00"))
    assert any(invoice.debtor.language == "en" for invoice in invoices)
    assert any(invoice.debtor.email is None for invoice in invoices)
    assert any(len(invoice.instalments) > 1 for invoice in invoices)
    assert any(invoice.due_by_default for invoice in invoices)
    regions = {
        region_of(invoice.debtor.address.postal_code, invoice.debtor.address.country)
        for invoice in invoices
        if invoice.debtor.address is not None
    }
    assert len(regions) >= 3, regions  # the mainland, Alsace-Moselle, overseas
    due = [invoice.schedule[0].due_on for invoice in invoices]
    assert min(due) < FIRST < max(due)
    assert max(invoice.issued_on for invoice in invoices) < FIRST


def test_nobody_in_them_is_real(invoices: list[InvoiceIssued]) -> None:
    for invoice in invoices:
        debtor = invoice.debtor
        if debtor.email is not None:
            assert debtor.email.endswith(".example")
        if debtor.siren is not None:
            assert luhn(debtor.siren)
            # Not yet given to anybody.
            assert debtor.siren.startswith(("9998", "9999", "2999"))
        if debtor.phone is not None:
            # The ranges kept for fiction by the French and British regulators.
            assert re.match(r"04 65 71|03 53 01|06 39 98|\+44 20 7946 0", debtor.phone), debtor.phone


def test_a_debtor_is_described_one_way(invoices: list[InvoiceIssued]) -> None:
    seen: dict[str, object] = {}
    for invoice in invoices:
        assert seen.setdefault(invoice.debtor.id, invoice.debtor) == invoice.debtor


def test_the_file_is_the_french_kind_of_csv() -> None:
    text = (EXAMPLES / "portefeuille.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert rows[0]["issued_on"].count("/") == 2
    assert any("," in row["total"] for row in rows)


def test_the_script_speaks_of_the_portfolio_inside_the_play(
    script: list[Happening], invoices: list[InvoiceIssued]
) -> None:
    numbers = {invoice.number for invoice in invoices}
    assert {happening.number for happening in script} <= numbers
    assert set(FATES) <= numbers
    assert {invoice.debtor.email for invoice in invoices} >= DEAD_ADDRESSES
    last = date.fromordinal(FIRST.toordinal() + DAYS)
    assert all(FIRST < happening.on < last for happening in script)


def test_the_script_holds_what_was_asked_for(script: list[Happening]) -> None:
    kinds = Counter(happening.kind for happening in script if not happening.raw)
    asked = ("paid", "dispute", "dispute_settled", "payment_plan", "promise", "payment_reversed", "hold")
    for kind in (*asked, "insolvency", "credit_note", "debtor_replied", "cancel", "write_off"):
        assert kinds[kind], kind
    outcomes = {h.payload["outcome"] for h in script if h.kind == "dispute_settled"}
    assert outcomes == {"rejected", "accepted", "partial"}
    assert any(happening.raw for happening in script)
    said = Counter((h.number, h.payload.get("reference"), h.payload.get("amount")) for h in script if h.kind == "paid")
    assert max(said.values()) == 2, "the duplicate"


def test_money_adds_up(script: list[Happening], invoices: list[InvoiceIssued]) -> None:
    """Only the announced over-payment exceeds its invoice, taken-back and repeated payments left out."""
    totals = {invoice.number: invoice.total for invoice in invoices}
    paid: dict[str, dict[str, Decimal]] = {}
    for happening in script:
        received = paid.setdefault(happening.number, {})
        if happening.raw:
            continue
        if happening.kind == "paid":
            received[happening.payload["reference"]] = Decimal(happening.payload["amount"])
        elif happening.kind == "payment_reversed":
            del received[happening.payload["reference"]]
    over = {number for number, received in paid.items() if sum(received.values()) > totals[number]}
    assert over == {"F-2025-0745"}


def test_every_rate_of_the_play_is_published() -> None:
    setting = settings.parse_clock(clock_setting(1.0, origin()))
    assert (setting.speed, setting.origin) == (86400, origin())
    last = date.fromordinal(FIRST.toordinal() + DAYS)
    for day in (FIRST, last):
        assert default_rate(semester_of(day), builtin_tables()) is not None
