"""Disputes answered with reasons, letters that came back, calls, approvals, tasks: each does what its word says."""

from datetime import UTC, date, datetime

import pytest

from rules import events as e
from rules.case import StepOutcome
from rules.decision import Send
from rules.insolvency import insolvency_file
from rules.policy import SendWindow
from rules.refusals import Refused
from tests.rules.samples import after_formal_notice, after_reminder, at_approval
from tests.rules.test_admission import tell
from tests.rules.test_sums_in_doubt import sent
from tests.rules.test_tasks import kinds, the
from tests.scenarios import Play

ADDRESS = {"lines": ["4 rue de la Gare"], "postal_code": "69120", "city": "Vaulx-en-Velin"}


def test_the_reasons_of_a_rejection_go_out_before_the_ladder_does() -> None:
    played = after_reminder()
    tell(played, "dispute", reason="abîmée")
    tell(played, "dispute_settled", outcome="rejected", answer="Le bon de livraison est signé.")
    assert isinstance(played.decision.step, Send)
    assert played.decision.step.step.startswith("dispute_answer")
    played.until(datetime(2025, 11, 1, tzinfo=UTC))
    assert [step.rpartition("_")[0] for step in sent(played)[2:]] == ["dispute_answer", "relance"]


def test_a_rejection_without_reasons_waits_for_them() -> None:
    played = after_reminder()
    tell(played, "dispute")
    tell(played, "dispute_settled", outcome="rejected")
    assert kinds(played) == ["write_answer"]
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    assert sent(played) == ["rappel", "relance_1"]
    tell(played, "dispute_settled", outcome="rejected", answer="Le bon de livraison est signé.")
    assert kinds(played) == []
    played.until(datetime(2025, 12, 3, tzinfo=UTC))
    assert sent(played)[2].startswith("dispute_answer")


def test_an_answer_given_by_other_means_is_ticked_off() -> None:
    played = after_reminder()
    tell(played, "dispute")
    tell(played, "dispute_settled", outcome="rejected")
    tell(played, "task_done", task=the(played, "write_answer").id)
    assert played.decision.suspended is None
    assert played.decision.name == "relance_2"


def returned() -> Play:
    played = after_formal_notice()
    tell(played, "letter_posted", step="mise_en_demeure")
    tell(played, "letter_returned", step="mise_en_demeure", cause="unknown_address")
    return played


def test_a_mise_en_demeure_that_came_back_goes_again_to_the_right_address() -> None:
    played = returned()
    assert played.decision.suspended is not None
    tell(played, "contact_changed", address=ADDRESS)
    assert played.case.taken("mise_en_demeure") is None
    assert played.decision.name == "mise_en_demeure"
    while played.case.approval is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    tell(played, "approve", step="mise_en_demeure")
    while played.case.taken("mise_en_demeure") is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    assert sent(played).count("mise_en_demeure") == 2
    tell(played, "letter_delivered", step="mise_en_demeure")
    assert played.decision.name == "dossier_judiciaire"


def test_a_mise_en_demeure_that_came_back_is_no_mise_en_demeure() -> None:
    played = returned()
    played.until(datetime(2026, 9, 1, tzinfo=UTC))
    assert played.case.file is None
    assert "check_address" in kinds(played)


def test_a_letter_delivered_after_all_did_not_come_back() -> None:
    played = returned()
    tell(played, "letter_delivered", step="mise_en_demeure")
    assert played.decision.suspended is None
    assert played.decision.name == "dossier_judiciaire"


def test_a_part_payment_leaves_the_mise_en_demeure_unanswered_for_the_balance() -> None:
    played = after_formal_notice()
    tell(played, "letter_delivered", step="mise_en_demeure")
    before = played.decision.at
    tell(played, "paid", amount="400.00")
    assert (played.decision.name, played.decision.at) == ("dossier_judiciaire", before)


def at_call() -> Play:
    played = after_reminder()
    while played.case.call is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    return played


def test_a_call_that_was_made_reads_called() -> None:
    played = at_call()
    tell(played, "task_done", task=the(played, "call").id)
    taken = played.case.taken("appel")
    assert taken is not None
    assert taken.outcome is StepOutcome.CALLED


def test_a_call_that_a_dispute_overtakes_is_not_to_be_made() -> None:
    played = at_call()
    tell(played, "dispute")
    taken = played.case.taken("appel")
    assert taken is not None
    assert taken.outcome is StepOutcome.LAPSED


def test_a_policy_that_writes_once_a_month_sends_what_was_approved() -> None:
    """The answer lapsed after three business days, the next day to write came a month later: for ever."""
    played = at_approval()
    monthly = SendWindow.model_validate({"days": [5], "from": "09:00", "to": "17:30"})
    rare = played.context.policy.model_copy(update={"send": monthly})
    played.context = played.context.model_copy(update={"policy": rare})
    played.settle(played.case.last_at)
    tell(played, "approve", step="mise_en_demeure")
    played.until(datetime(2026, 1, 10, tzinfo=UTC))
    assert "mise_en_demeure" in sent(played)


def test_a_payment_that_was_announced_has_five_banking_days_and_no_more() -> None:
    played = after_reminder()
    tell(played, "payment_announced", on="2025-10-10")
    played.until(datetime(2025, 10, 18, tzinfo=UTC))
    assert played.case.promise is None
    assert played.case.promises_broken == 0


def test_a_reply_found_to_be_noise_is_ticked_off() -> None:
    played = after_reminder()
    tell(played, "debtor_replied", summary="absent jusqu'à lundi")
    tell(played, "task_done", task=the(played, "code_reply").id, outcome="noise")
    assert played.decision.suspended is None


def test_a_task_that_ends_with_its_cause_says_so() -> None:
    played = at_approval()
    with pytest.raises(Refused, match="approve or decline"):
        tell(played, "task_done", task=the(played, "approve").id)


def test_a_plan_makes_the_tasks_moot_that_it_answers() -> None:
    played = after_reminder()
    tell(played, "plan_requested")
    assert kinds(played) == ["plan_requested"]
    tell(played, "payment_plan", instalments=[{"due_on": "2025-11-05", "amount": "1200.00"}])
    assert kinds(played) == []


def test_a_payment_leaves_no_task_of_what_went_before() -> None:
    played = after_reminder()
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert kinds(played) == ["fix_contact"]
    tell(played, "paid")
    assert kinds(played) == []
    assert [event for event in played.history if isinstance(event, e.CaseClosed)]


def insolvent(performed_on: str | None) -> Play:
    played = after_reminder()
    invoice = played.case.invoice.model_copy(update={"performed_on": performed_on and date.fromisoformat(performed_on)})
    played.case = played.case.model_copy(update={"invoice": invoice})
    tell(played, "insolvency", procedure="liquidation", opened_on="2025-09-20", published_on="2025-09-25")
    return played.until(datetime(2025, 11, 1, tzinfo=UTC))


def test_what_was_performed_before_the_insolvency_is_declared_and_not_recovered() -> None:
    played = insolvent("2025-09-01")
    assert sent(played) == ["rappel", "relance_1"]
    assert played.case.taken("declaration_de_creance") is not None
    assert played.decision.claim.interest == played.decision.claim.indemnity == 0


def test_what_was_supplied_after_the_insolvency_goes_on() -> None:
    played = insolvent("2025-09-22")
    assert sent(played)[-1] == "relance_2"
    assert played.case.taken("declaration_de_creance") is None
    assert played.decision.claim.indemnity == 40


def test_the_declaration_is_prepared_once_though_the_ladder_begins_again_for_a_later_instalment() -> None:
    later = insolvent("2025-09-01").case.model_copy(update={"passage": 2})
    assert insolvency_file(later) is None
    assert insolvency_file(later.model_copy(update={"steps": ()})) is not None


def test_an_unknown_performance_date_stops_the_letters_and_asks() -> None:
    played = insolvent(None)
    assert sent(played) == ["rappel", "relance_1"]
    tell(played, "task_done", task=the(played, "performance_date").id, outcome="later")
    assert played.decision.suspended is None
    assert "declare_claim" not in kinds(played)


def test_a_promise_of_a_part_is_kept_once_that_part_is_paid() -> None:
    played = after_reminder()
    tell(played, "promise", pay_on="2025-10-20", amount="400.00")
    tell(played, "paid", amount="100.00", reference="1")
    assert played.decision.suspended is not None
    played.say("paid", amount="300.00", reference="2", on="2025-10-20")
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    assert played.case.promise is None
    assert played.case.promises_broken == 0
    assert "promise_broken" not in [event.kind for event in played.history]


def test_a_reply_that_asks_for_a_plan_is_read() -> None:
    played = after_reminder()
    tell(played, "debtor_replied")
    tell(played, "plan_requested", summary="en trois fois")
    assert kinds(played) == ["plan_requested"]
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    assert kinds(played) == ["plan_requested"]


def test_what_a_dispute_says_of_its_lines_is_kept() -> None:
    (event,) = tell(after_reminder(), "dispute", amount="300.00", lines=["2", "3"], channel="courriel", written=True)
    assert isinstance(event, e.DisputeOpened)
    assert (event.lines, event.channel) == (("2", "3"), "courriel")
