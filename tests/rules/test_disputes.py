"""Several disputes about one invoice: each is about its own part, and has its own end."""

from decimal import Decimal

from rules.decision import Send
from rules.refusals import Code
from tests.rules.samples import after_reminder
from tests.rules.test_admission import refused, tell


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
