"""Several disputes about one invoice: each is about its own part, and has its own end."""

from datetime import UTC, date, datetime
from decimal import Decimal

from rules.claim import claimed_decompte, decompte_of
from rules.decision import Send
from rules.invoice import Debtor, Instalment, InvoiceIssued
from rules.refusals import Code
from tests.rules.samples import after_reminder
from tests.rules.test_admission import refused, tell
from tests.scenarios import Play


def test_the_reasons_of_one_rejection_are_owed_though_another_dispute_was_right() -> None:
    played = after_reminder()
    tell(played, "dispute", amount="100.00")
    tell(played, "dispute_settled", outcome="rejected", answer="Le bon est signé.")
    tell(played, "dispute", amount="50.00")
    tell(played, "dispute_settled", outcome="accepted")
    assert played.case.answer_owed is not None
    assert played.case.answer_owed.answer == "Le bon est signé."


def test_each_of_several_disputes_has_its_own_end() -> None:
    played = after_reminder()
    tell(played, "dispute", id="palettes", amount="100.00")
    tell(played, "dispute", id="prix", amount="50.00")
    unnamed = refused(played, "dispute_settled", outcome="rejected")
    assert unnamed.code is Code.NOT_ALLOWED_NOW
    assert "palettes (100.00 EUR, since 2025-10-10); prix (50.00 EUR" in unnamed.sentence
    assert "prix" in refused(played, "dispute_settled", outcome="rejected", dispute="autre").sentence
    tell(played, "dispute_settled", outcome="accepted", dispute="palettes")
    assert [dispute.id for dispute in played.case.disputes] == ["prix"]
    assert (played.case.open_principal, played.case.disputed) == (Decimal("1100.00"), Decimal("50.00"))
    tell(played, "dispute", id="retard")
    tell(played, "dispute_settled", outcome="rejected", dispute="all", answer="Tout a été livré.")
    assert not played.case.disputes


def test_two_disputes_rejected_one_after_the_other_are_answered_with_the_reasons_of_both() -> None:
    played = after_reminder()
    tell(played, "dispute", id="palettes", amount="100.00")
    tell(played, "dispute", id="prix", amount="50.00")
    tell(played, "dispute_settled", outcome="rejected", dispute="palettes", answer="Le bon est signé.")
    assert not isinstance(played.decision.step, Send) or played.decision.step.about is None
    tell(played, "dispute_settled", outcome="rejected", answer="Le devis est accepté.")
    assert played.case.answer_owed is not None
    assert played.case.answer_owed.answer == "Le bon est signé.\n\nLe devis est accepté."
    assert isinstance(played.decision.step, Send)
    assert played.decision.step.about is not None


def test_a_credit_leaves_letter_and_account_alike_to_the_cent() -> None:
    """A public buyer owes another rate for each instalment: which of them is credited first moves a cent."""
    parts = [("2022-12-17", "218.46"), ("2023-03-17", "218.46"), ("2023-05-09", "218.45")]
    invoice = InvoiceIssued(
        creditor="acme", number="F-1", issued_on=date(2022, 12, 2), total=Decimal("655.37"),
        debtor=Debtor(id="C-1", name="Mairie", kind="public_body"),
        instalments=tuple(Instalment(due_on=date.fromisoformat(day), amount=Decimal(sum_)) for day, sum_ in parts),
    )  # fmt: skip
    played = Play.start(invoice, datetime(2023, 1, 28, 8, tzinfo=UTC))
    played.say("paid", amount="81.92", received_on="2023-02-25", on="2023-02-25")
    played.say("credit_note", number="A-1", amount="81.92", on="2023-03-02")
    played.say("dispute", id="prix", amount="32.77", on="2023-05-08")
    played.say("dispute_settled", outcome="accepted", on="2023-05-08")
    case, its, day = played.case, played.context, date(2023, 5, 9)
    assert case.credited == Decimal("114.69")
    assert claimed_decompte(case, its, day).total == decompte_of(case, its.creditor, its.tables, day).total
