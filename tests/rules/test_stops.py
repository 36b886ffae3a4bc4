"""While a sum, a letter or a fact is in doubt, or the case is held, no letter leaves and no plan is judged."""

from datetime import UTC, date, datetime

import pytest

from rules import events as e
from rules.decision import DebtorFacts
from rules.refusals import Refused
from tests.rules.samples import after_formal_notice, after_reminder
from tests.rules.test_admission import tell
from tests.rules.test_sums_in_doubt import sent
from tests.rules.test_tasks import kinds, the
from tests.scenarios import Play

SPRING = datetime(2026, 3, 1, tzinfo=UTC)
STOPS = {
    "payment_proposed": {"amount": "600.00", "received_on": "2025-10-10", "reference": "V-1"},
    "hold": {},
    "handed_over": {"to": "Me X", "role": "avocat"},
    "mediation": {},
    "debtor_status": {"status": "deceased"},
    "insolvency": {"procedure": "liquidation", "opened_on": "2025-10-09"},
    "offset": {"amount": "600.00"},
}


def kinds_entered(played: Play) -> list[str]:
    return [event.kind for event in played.history]


def with_plan() -> Play:
    """600 on 3 November, 600 on the 5th."""
    played = after_reminder()
    parts = [{"due_on": "2025-11-03", "amount": "600.00"}, {"due_on": "2025-11-05", "amount": "600.00"}]
    tell(played, "payment_plan", instalments=parts)
    return played


def judged(played: Play) -> set[str]:
    return {kind for kind in kinds_entered(played) if kind.startswith("plan_")} - {"plan_agreed"}


def test_a_plan_is_not_broken_over_an_instalment_that_another_source_has_told() -> None:
    played = with_plan()
    played.say("paid", amount="600.00", received_on="2025-11-03", method="virement", reference="a", on="2025-11-03")
    played.say("paid", amount="600.00", received_on="2025-11-05", method="einvoice", reference="b", on="2025-11-05")
    played.until(SPRING)
    assert kinds(played) == ["probable_duplicate"]
    assert judged(played) == set()
    tell(played, "task_done", task=the(played, "probable_duplicate").id, outcome="another")
    assert played.case.closed is not None
    assert judged(played) == set()


@pytest.mark.parametrize("name", STOPS)
def test_no_plan_is_judged_while_the_case_is_stopped(name: str) -> None:
    played = with_plan()
    tell(played, name, **STOPS[name])
    played.until(SPRING)
    assert judged(played) == set()
    assert len(sent(played)) == 2
    assert kinds(played) != []


def test_a_plan_is_judged_once_the_hold_is_over_and_gives_its_notice_first() -> None:
    played = with_plan()
    tell(played, "hold", until="2025-12-01")
    played.until(datetime(2025, 12, 5, tzinfo=UTC))
    assert sent(played)[-1] == "plan_missed_20251103"
    notice = next(event for event in played.history if isinstance(event, e.NoticeSent) and "plan" in event.step)
    played.until(SPRING)
    broken = next(event for event in played.history if isinstance(event, e.PlanBroken))
    assert (notice.on, broken.on) == (date(2025, 12, 1), date(2025, 12, 11))


def test_a_plan_is_judged_from_the_day_until_which_the_debtor_is_held() -> None:
    played = with_plan()
    facts = DebtorFacts(held=True, held_until=date(2025, 12, 1))
    played.context = played.context.model_copy(update={"debtor": facts})
    played.settle(played.case.last_at)
    played.until(SPRING)
    missed = next(event for event in played.history if isinstance(event, e.PlanMissed))
    assert missed.on == date(2025, 12, 1)


def test_a_plan_breaks_only_after_the_notice_that_waited_for_the_bank() -> None:
    played = with_plan()
    guarded = played.context.policy.model_copy(update={"bank_data_max_age_days": 3})
    played.context = played.context.model_copy(update={"policy": guarded})
    played.settle(played.case.last_at)
    played.until(SPRING)
    assert judged(played) == {"plan_missed"}
    assert "bank_data" in kinds(played)
    told = DebtorFacts(bank_until=date(2026, 3, 1))
    played.context = played.context.model_copy(update={"debtor": told})
    played.settle(SPRING)
    played.until(datetime(2026, 3, 4, tzinfo=UTC))
    assert sent(played)[-1] == "plan_missed_20251103"
    assert judged(played) == {"plan_missed"}


def test_a_plan_that_no_notice_can_reach_breaks_all_the_same() -> None:
    played = with_plan()
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    nowhere = played.case.debtor.model_copy(update={"address": None, "email": None})
    invoice = played.case.invoice.model_copy(update={"debtor": nowhere})
    played.case = played.case.model_copy(update={"invoice": invoice})
    played.settle(played.case.last_at)
    played.until(SPRING)
    assert judged(played) == {"plan_missed", "plan_broken"}


def test_a_promise_is_not_broken_while_its_payment_is_in_doubt() -> None:
    played = after_reminder()
    tell(played, "promise", pay_on="2025-10-15", amount="1200.00")
    played.say("payment_proposed", amount="1200.00", received_on="2025-10-15", reference="V-1", on="2025-10-16")
    played.until(SPRING)
    assert "promise_broken" not in kinds_entered(played)
    played.say("task_done", task=the(played, "payment_proposed").id, on="2026-03-01")
    assert played.case.promises_broken == 1


def test_no_plan_letter_goes_where_the_debtor_wants_none() -> None:
    played = with_plan()
    tell(played, "stop_contact", channel="email")
    tell(played, "stop_contact", channel="letter")
    played.until(SPRING)
    assert not [step for step in sent(played) if step.startswith("plan_")]
    assert judged(played) == {"plan_missed", "plan_broken"}


def test_a_declaration_of_the_claim_rules_nothing_about_a_letter_in_doubt() -> None:
    played = after_reminder()
    fields = {"step": "relance_2", "passage": 1, "channel": "email", "message_id": "<1/relance_2>"}
    played.own(e.NoticeInDoubt, played.case.last_at, **fields)
    tell(played, "insolvency", procedure="liquidation", opened_on="2025-10-09")
    played.until(datetime(2025, 10, 20, tzinfo=UTC))
    assert "file_prepared" in kinds_entered(played)
    tell(played, "task_done", task=the(played, "performance_date").id, outcome="later")
    assert "in_doubt" in kinds(played)
    played.until(SPRING)
    assert len(sent(played)) == 2


def with_answer(**before: str) -> Play:
    """A dispute was rejected with reasons; the letter leaves when the window opens."""
    played = after_reminder()
    tell(played, "dispute", reason="abîmée")
    tell(played, "dispute_settled", outcome="rejected", answer="Le bon de livraison est signé.", **before)
    return played


AGREED = {
    "promise": {"pay_on": "2025-10-20", "amount": "1200.00"},
    "settlement": {"amount": "900.00", "pay_by": "2025-10-30"},
    "debtor_replied": {},
}


@pytest.mark.parametrize("name", [*STOPS, *AGREED])
def test_the_reasons_of_a_rejection_wait_for_what_stops_the_case(name: str) -> None:
    played = with_answer()
    assert played.decision.step.kind == "send"
    tell(played, name, **{**STOPS, **AGREED}[name])
    played.until(datetime(2025, 10, 16, tzinfo=UTC))
    assert len(sent(played)) == 2


def test_the_reasons_leave_once_the_hold_is_lifted() -> None:
    played = with_answer()
    tell(played, "hold", until="2025-10-20")
    played.until(datetime(2025, 10, 22, tzinfo=UTC))
    assert sent(played)[-1].startswith("dispute_answer")


def returned(cause: str) -> Play:
    played = after_formal_notice()
    tell(played, "letter_posted", step="mise_en_demeure")
    tell(played, "letter_returned", step="mise_en_demeure", cause=cause)
    return played


def test_no_letter_about_a_plan_goes_to_a_debtor_who_has_died() -> None:
    played = after_formal_notice()
    tell(played, "letter_posted", step="mise_en_demeure")
    today = played.decision.as_of
    parts = [{"due_on": f"{today}", "amount": "600.00"}, {"due_on": "2026-02-05", "amount": "600.00"}]
    tell(played, "payment_plan", instalments=parts)
    tell(played, "letter_returned", step="mise_en_demeure", cause="deceased")
    assert played.decision.suspended is not None
    assert played.decision.suspended.by == "returned_letter"
    assert "décédé" in played.decision.because
    before = len(sent(played))
    played.until(SPRING)
    assert len(sent(played)) == before
    assert judged(played) == set()


@pytest.mark.parametrize("cause", ["deceased", "unknown_address"])
def test_a_letter_that_came_back_is_not_sent_again_because_a_task_is_ticked_off(cause: str) -> None:
    played = returned(cause)
    with pytest.raises(Refused, match="contact_changed"):
        tell(played, "task_done", task=the(played, "check_address").id)
    played.until(SPRING)
    assert sent(played).count("mise_en_demeure") == 1


def test_the_address_of_a_deceased_debtor_is_no_word_to_write_there() -> None:
    played = returned("deceased")
    address = {"lines": ["4 rue de la Gare"], "postal_code": "69120", "city": "Vaulx-en-Velin"}
    tell(played, "contact_changed", address=address)
    assert played.decision.suspended is not None
    tell(played, "resume")
    assert played.decision.suspended is None


def test_a_letter_that_came_back_is_approved_anew() -> None:
    played = returned("deceased")
    tell(played, "resume")
    assert (played.case.approved, played.case.granted) == (None, None)
    played.until(SPRING)
    assert sent(played).count("mise_en_demeure") == 1
