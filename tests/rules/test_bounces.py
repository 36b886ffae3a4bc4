"""A letter that did not arrive: its rung goes again by the next channel, once; of a copy only the address is dead."""

from datetime import UTC, datetime

import pytest

from rules import events as e
from rules.case import StepOutcome
from rules.decision import DebtorFacts, Park, Send
from rules.refusals import Refused
from tests.rules.samples import after_formal_notice, after_reminder
from tests.rules.test_admission import tell
from tests.rules.test_sums_in_doubt import sent
from tests.rules.test_tasks import kinds
from tests.scenarios import Play


def channels(played: Play) -> list[tuple[str, str, str]]:
    return [(f"{x.on}", x.step, x.channel) for x in played.history if isinstance(x, e.NoticeSent)]


def test_the_bounce_of_a_copy_marks_the_address_and_leaves_the_letter() -> None:
    played = after_formal_notice()
    taken = played.case.taken("mise_en_demeure")
    assert taken is not None
    copy = str(taken.message_id).replace("<", "<email.", 1)
    (event,) = tell(played, "notice_bounced", message_id=copy, diagnostic="5.1.1")
    assert isinstance(event, e.NoticeBounced)
    assert event.address == "compta@martin.example"
    assert played.case.email is None
    now = played.case.taken("mise_en_demeure")
    assert now is not None
    assert now.outcome is StepOutcome.IN_TRAY
    assert tell(played, "notice_bounced", message_id=copy, id="again") == ()


def test_the_bounce_of_another_cases_message_is_refused() -> None:
    with pytest.raises(Refused, match="no e-mail of this case"):
        tell(after_formal_notice(), "notice_bounced", message_id="<email.other@acme.example>")


def test_a_reminder_that_bounced_goes_by_letter_the_next_business_day() -> None:
    """It left on Friday 10 October and bounced: the letter is no second contact, and keeps its place in the ladder."""
    played = after_reminder()
    tell(played, "notice_bounced", message_id="<1/relance_1>", diagnostic="5.1.1")
    assert isinstance(played.decision.step, Send)
    assert (played.decision.name, played.decision.step.channel) == ("relance_1", "letter")
    assert "le courriel du 10/10/2025 n'a pas atteint le débiteur" in played.decision.because
    played.until(datetime(2025, 10, 22, tzinfo=UTC))
    assert channels(played)[1:] == [("2025-10-10", "relance_1", "email"), ("2025-10-13", "relance_1", "letter")]
    played.until(datetime(2025, 11, 1, tzinfo=UTC))
    assert channels(played)[-1] == ("2025-10-23", "relance_2", "letter")
    assert "fix_contact" in kinds(played)


def test_a_bounce_told_twice_sends_the_letter_once() -> None:
    played = after_reminder()
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert tell(played, "notice_bounced", message_id="<1/relance_1>", id="again") == ()
    played.until(datetime(2025, 10, 22, tzinfo=UTC))
    assert tell(played, "notice_bounced", message_id="<1/relance_1>", id="once more") == ()
    assert sent(played).count("relance_1") == 2


def test_a_real_contact_meanwhile_keeps_its_distance_from_the_letter() -> None:
    played = after_reminder()
    facts = DebtorFacts(written_on=datetime(2025, 10, 9).date(), contacts=(datetime(2025, 10, 9).date(),))
    played.context = played.context.model_copy(update={"debtor": facts})
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert f"{played.decision.at:%Y-%m-%d}" == "2025-10-16"


def test_without_an_address_a_person_finds_one_and_the_rung_is_not_skipped() -> None:
    played = after_reminder()
    debtor = played.case.invoice.debtor.model_copy(update={"address": None})
    played.case = played.case.model_copy(update={"invoice": played.case.invoice.model_copy(update={"debtor": debtor})})
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert isinstance(played.decision.step, Park)
    assert kinds(played) == ["find_contact", "fix_contact"]
    tell(played, "contact_changed", email="compta@martin-fils.example")
    played.until(datetime(2025, 10, 14, tzinfo=UTC))
    assert channels(played)[-1] == ("2025-10-13", "relance_1", "email")


def test_a_letter_beside_the_e_mail_reached_the_debtor_and_is_not_repeated() -> None:
    played = after_reminder()
    while played.case.taken("derniere_relance") is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    tell(played, "notice_bounced", message_id="<1/derniere_relance>")
    played.until(datetime(2026, 2, 1, tzinfo=UTC))
    assert sent(played).count("derniere_relance") == 1


def test_a_bounce_heard_after_the_next_rung_takes_the_ladder_no_step_back() -> None:
    played = after_reminder()
    while played.case.taken("relance_2") is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    taken = played.case.taken("relance_1")
    assert taken is not None
    assert taken.outcome is StepOutcome.FAILED
    assert sent(played).count("relance_1") == 1


def test_the_reasons_of_a_rejection_that_bounced_go_by_letter() -> None:
    played = after_reminder()
    tell(played, "dispute")
    tell(played, "dispute_settled", outcome="rejected", answer="Le bon de livraison est signé.")
    played.act(played.decision.at or played.case.last_at)
    step = played.history[-1]
    assert isinstance(step, e.NoticeSent)
    tell(played, "notice_bounced", message_id=step.message_id)
    assert isinstance(played.decision.step, Send)
    assert (played.decision.step.step, played.decision.step.channel) == (step.step, "letter")


def test_a_simple_letter_that_came_back_goes_again_to_the_address_that_was_found() -> None:
    played = after_reminder()
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    played.until(datetime(2025, 10, 14, tzinfo=UTC))
    tell(played, "letter_returned", step="relance_1", cause="unknown_address", on="2025-10-13")
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    assert sent(played).count("relance_1") == 2
    address = {"lines": ["4 rue de la Gare"], "postal_code": "69120", "city": "Vaulx-en-Velin"}
    played.say("contact_changed", address=address, on="2025-12-01")
    assert "la lettre du 13/10/2025" in played.decision.because
    played.until(datetime(2025, 12, 3, tzinfo=UTC))
    assert channels(played)[-1] == ("2025-12-02", "relance_1", "letter")
