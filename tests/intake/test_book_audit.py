"""A book looked at before it is recovered: what it lacks is counted, what runs out is named."""

from datetime import date

from intake.book_audit import FINDINGS, BookAudit
from rules.invoice import InvoiceIssued
from rules.law.tables import builtin_tables
from tests.ledger.samples import invoice

AS_OF = date(2026, 3, 2)


def audited(**changes: object) -> BookAudit:
    audit = BookAudit(AS_OF)
    full = invoice("F-1").model_dump(mode="json")
    audit.add(InvoiceIssued.model_validate({**full, **changes}), builtin_tables())
    return audit


def test_a_trade_debt_of_almost_five_years_is_named_with_its_last_day() -> None:
    near = audited(issued_on="2021-03-01", due_on="2021-05-01", performed_on="2021-03-01", claim="services")
    assert ("acme/F-1", "limitation_near") in [(one.case, one.code) for one in near.findings]
    old = audited(issued_on="2020-01-01", due_on="2020-02-01", performed_on="2020-01-01", claim="services")
    assert (old.counts["barred"], old.counts["limitation_near"], old.counts["late_intake"]) == (1, 0, 1)


def test_what_is_missing_is_counted_once_an_invoice() -> None:
    bare = {"id": "C-1", "name": "X", "kind": "unknown"}
    audit = audited(due_on=None, instalments=[], debtor=bare, documents=[], claim=None, performed_on=None)
    lacking = {"due_on_missing", "kind_unknown", "address_missing", "email_missing", "proof_missing", "claim_missing"}
    assert lacking <= set(audit.counts)
    assert set(audit.counts.values()) == {1}
    assert set(audit.counts) <= set(FINDINGS)


def test_the_lag_from_issue_to_intake_is_told() -> None:
    assert audited(issued_on="2026-02-20", due_on="2026-03-22").lag_days == (10, 10)
    assert BookAudit(AS_OF).lag_days == (0, 0)
