"""What may be said to a case, and when it is refused: one rule each."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from rules import events as e
from rules.admit import _ADMITTED, admit, same_words
from rules.case import Case
from rules.reading import COMMANDS, parse_command, read_command
from rules.refusals import Code, Refused
from tests.rules.samples import after_formal_notice, after_reminder, at_approval, closed_paid, fresh
from tests.scenarios import Play


def tell(played: Play, name: str, **payload: Any) -> tuple[e.Event, ...]:
    """What the case makes of it, entered and settled."""
    now = max(played.case.last_at, played.decision.facts.now)
    said = f"said/{played.case.position}"
    events = admit(played.case, parse_command(name, payload), played.context, now, said_id=said, door="update")
    played.enter(*events)
    played.settle(now)
    return events


def refused(played: Play, name: str, **payload: Any) -> Refused:
    before: Case = played.case
    with pytest.raises(Refused) as caught:
        tell(played, name, **payload)
    assert played.case == before
    return caught.value


def test_every_command_has_its_admission() -> None:
    assert set(_ADMITTED) == set(COMMANDS.values())


def test_nothing_is_said_of_tomorrow() -> None:
    answer = refused(after_reminder(), "paid", amount="10.00", on="2025-10-11")
    assert answer.code is Code.DATE_INVALID
    assert answer.sentence == "paid: on 2025-10-11 lies ahead of today, 2025-10-10."


@pytest.mark.parametrize("year", ["0202", "9999", "1726"])
def test_a_year_of_another_age_is_a_slip_of_the_keyboard(year: str) -> None:
    assert refused(after_reminder(), "hold", until=f"{year}-01-01").code is Code.DATE_INVALID
    parts = [{"due_on": f"{year}-01-01", "amount": "1200.00"}]
    assert "instalments" in refused(after_reminder(), "payment_plan", instalments=parts).sentence


def test_an_id_that_relance_gives_itself_is_refused() -> None:
    assert "gives itself" in refused(after_reminder(), "paid", amount="1.00", id="relance/7").sentence


def test_scope_debtor_goes_with_dispute_and_hold_only() -> None:
    assert "scope" in refused(after_reminder(), "paid", amount="1.00", scope="debtor").sentence


def test_paid_without_amount_is_the_whole_principal() -> None:
    (event,) = tell(after_reminder(), "paid")
    assert isinstance(event, e.PaymentReceived)
    assert (event.amount, event.received_on) == (Decimal("1200.00"), date(2025, 10, 10))


def test_paid_before_the_due_date_closes_the_case_at_once() -> None:
    played = fresh()
    tell(played, "paid", amount="1200.00")
    assert played.decision.name == "close"


def test_paid_too_much_keeps_the_rest_and_asks_a_person() -> None:
    played = after_reminder()
    tell(played, "paid", amount="1250.00")
    assert played.case.excess == Decimal("50.00")
    assert [task.kind for task in played.decision.tasks] == ["refund"]


def test_paid_tomorrow_is_refused() -> None:
    assert "received_on" in refused(after_reminder(), "paid", amount="1.00", received_on="2025-10-12").sentence


def test_the_same_payment_said_twice_counts_once() -> None:
    played = after_reminder()
    tell(played, "paid", amount="100.00", reference="VIR-1", received_on="2025-10-09")
    assert tell(played, "paid", amount="100.00", reference="VIR-1", received_on="2025-10-09") == ()
    assert tell(played, "paid", amount="100.00", reference="VIR-1") == ()
    assert tell(played, "paid", reference="VIR-1") == ()
    assert played.case.received == Decimal("100.00")


def test_the_same_reference_with_another_amount_or_day_is_another_payment() -> None:
    played = after_reminder()
    tell(played, "paid", amount="100.00", reference="VIR-1", received_on="2025-10-09")
    tell(played, "paid", amount="100.00", reference="VIR-1", received_on="2025-10-10")
    tell(played, "paid", amount="101.00", reference="VIR-1")
    assert played.case.received == Decimal("301.00")


def test_a_payment_taken_back_may_be_made_again_under_its_reference() -> None:
    played = after_reminder()
    tell(played, "paid", amount="100.00", reference="F-1", received_on="2025-10-07")
    tell(played, "payment_reversed", reference="F-1")
    tell(played, "paid", amount="100.00", reference="F-1")
    assert played.case.received == Decimal("100.00")


def test_only_a_payment_that_stands_is_taken_back() -> None:
    played = after_reminder()
    assert refused(played, "payment_reversed", reference="VIR-1").code is Code.NOT_ALLOWED_NOW
    assert "name the payment" in refused(played, "payment_reversed").sentence
    tell(played, "paid", amount="100.00", reference="VIR-1")
    assert refused(played, "payment_reversed", reference="VIR-1", amount="100.01").code is Code.AMOUNT_INVALID
    tell(played, "payment_reversed", reference="VIR-1", amount="40.00")
    tell(played, "payment_reversed", reference="VIR-1")
    assert played.case.received == 0
    assert refused(played, "payment_reversed", reference="VIR-1").code is Code.NOT_ALLOWED_NOW


def test_a_credit_note_counts_once_and_never_more_than_the_invoice() -> None:
    played = after_reminder()
    tell(played, "credit_note", number="A-1", amount="200.00")
    assert tell(played, "credit_note", number="A-1", amount="200.00") == ()
    assert refused(played, "credit_note", number="A-1", amount="201.00").code is Code.ID_CONFLICT
    assert refused(played, "credit_note", number="A-2", amount="1200.01").code is Code.AMOUNT_INVALID


def test_no_more_is_disputed_than_is_open() -> None:
    assert refused(after_reminder(), "dispute", amount="1200.01").code is Code.AMOUNT_INVALID


def test_a_dispute_is_settled_once_it_is_open() -> None:
    played = after_reminder()
    assert refused(played, "dispute_settled", outcome="rejected").code is Code.NOT_ALLOWED_NOW
    tell(played, "dispute", amount="300.00")
    assert refused(played, "dispute_settled", outcome="partial", credit="1200.01").code is Code.AMOUNT_INVALID
    settled, note = tell(played, "dispute_settled", outcome="accepted")
    assert (settled.kind, note.kind) == ("dispute_settled", "credit_noted")
    assert played.case.open_principal == Decimal("900.00")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([("2025-11-05", "1100.00")], "less than the 1200.00 still open"),
        ([("2025-11-05", "1500.00")], "more than the"),
        ([("2025-11-05", "600.00"), ("2025-11-05", "600.00")], "fall due on one day"),
        ([("2025-10-05", "1200.00")], "lies before the plan itself"),
        ([("2027-11-05", "1200.00")], "beyond the 24 months"),
        ([("2025-11-05", "-1.00"), ("2025-12-05", "1201.00")], "not above zero"),
    ],
)
def test_a_plan_covers_the_claim_in_order_and_in_time(parts: list[tuple[str, str]], reason: str) -> None:
    instalments = [{"due_on": day, "amount": amount} for day, amount in parts]
    assert reason in refused(after_reminder(), "payment_plan", instalments=instalments).sentence


def test_promises_are_near_and_few() -> None:
    played = after_reminder()
    assert "before today" in refused(played, "promise", pay_on="2025-10-09").sentence
    assert "more than 30 days ahead" in refused(played, "promise", pay_on="2025-11-10").sentence
    tell(played, "promise", pay_on="2025-10-20")
    tell(played, "promise", pay_on="2025-10-21")
    assert refused(played, "promise", pay_on="2025-10-22").code is Code.NOT_ALLOWED_NOW
    assert tell(played, "payment_announced")


def test_a_hold_ends_after_today() -> None:
    assert refused(after_reminder(), "hold", until="2025-10-10").code is Code.DATE_INVALID


def test_resume_ends_a_hold_and_names_what_else_would() -> None:
    played = after_reminder()
    assert refused(played, "resume").code is Code.NOT_ALLOWED_NOW
    tell(played, "dispute")
    assert "settle the dispute" in refused(played, "resume").sentence
    tell(played, "hold")
    tell(played, "resume")
    assert played.case.hold is None


def test_only_a_letter_that_was_made_is_posted_delivered_or_returned() -> None:
    played = after_reminder()
    for name in ("letter_posted", "letter_delivered"):
        assert refused(played, name, step="relance_1").code is Code.NOT_ALLOWED_NOW
    assert refused(played, "letter_returned", step="mise_en_demeure", cause="refused").code is Code.NOT_ALLOWED_NOW


def test_news_of_the_post_is_neither_of_tomorrow_nor_older_than_the_letter() -> None:
    played = after_formal_notice()
    step = {"step": "mise_en_demeure"}
    assert "posted_on" in refused(played, "letter_posted", **step, posted_on="2026-01-01").sentence
    assert "lies ahead" in refused(played, "letter_delivered", **step, delivered_on="2026-01-01").sentence
    assert (
        "before the letter was made" in refused(played, "letter_delivered", **step, delivered_on="2025-11-01").sentence
    )
    early = {"cause": "refused", "presented_on": "2025-11-01"}
    assert "before the letter was made" in refused(played, "letter_returned", **step, **early).sentence


def test_only_an_email_of_the_case_bounces_and_only_once() -> None:
    played = after_reminder()
    assert refused(played, "notice_bounced", message_id="<x>").code is Code.NOT_ALLOWED_NOW
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert tell(played, "notice_bounced", message_id="<1/relance_1>") == ()
    assert played.case.email is None
    formal = after_formal_notice()
    assert refused(formal, "notice_bounced", message_id="<1/mise_en_demeure>").code is Code.NOT_ALLOWED_NOW


def test_a_late_bounce_leaves_the_new_address_alone() -> None:
    played = after_reminder()
    played.settle(datetime(2025, 10, 10, 15, tzinfo=UTC))
    tell(played, "contact_changed", email="neuve@martin.example")
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert played.case.email == "neuve@martin.example"


def test_a_change_of_contact_changes_something() -> None:
    assert "at least one of" in refused(after_reminder(), "contact_changed").sentence


def test_only_what_was_asked_is_approved_or_declined() -> None:
    for name in ("approve", "decline"):
        assert refused(after_reminder(), name, step="mise_en_demeure").code is Code.NOT_ALLOWED_NOW
        assert "passage 2" in refused(at_approval(), name, step="mise_en_demeure", passage=2).sentence
        assert refused(at_approval(), name, step="relance_2").code is Code.NOT_ALLOWED_NOW


def test_what_was_declined_may_be_approved_after_all() -> None:
    played = at_approval()
    tell(played, "decline", step="mise_en_demeure")
    assert played.decision.suspended is not None
    tell(played, "approve", step="mise_en_demeure")
    assert played.decision.step.kind == "send"


def test_an_insolvency_has_happened() -> None:
    answer = refused(after_reminder(), "insolvency", procedure="liquidation", opened_on="2025-12-01")
    assert answer.code is Code.DATE_INVALID


def test_no_more_is_waived_than_is_open() -> None:
    assert refused(after_reminder(), "waive", principal="1200.01").code is Code.AMOUNT_INVALID
    assert refused(after_reminder(), "waive", interest="-1.00").code is Code.AMOUNT_INVALID


def test_a_closed_case_takes_note_of_everything_and_money_of_money() -> None:
    played = closed_paid()
    (paid,) = tell(played, "paid", amount="10.00")
    assert isinstance(paid, e.PaymentReceived)
    assert paid.after_closure
    (noted,) = tell(played, "dispute", amount="5.00")
    assert isinstance(noted, e.Noted)
    assert (noted.what, noted.after_closure) == ("dispute", True)
    assert tell(played, "reconsider") == ()


def test_a_task_of_a_closed_case_can_be_done() -> None:
    played = closed_paid()
    tell(played, "dispute", amount="5.00")
    (task,) = played.decision.tasks
    (done,) = tell(played, "task_done", task=task.id)
    assert done.after_closure
    assert played.decision.tasks == ()


@pytest.mark.parametrize("name", ["cancel", "write_off"])
def test_a_person_may_end_a_case(name: str) -> None:
    played = after_reminder()
    tell(played, name, reason="erreur")
    assert played.case.closed is not None


def test_a_claim_sold_and_notified_is_out_of_the_house() -> None:
    played = after_reminder()
    tell(played, "assigned", to="Factor SA", notified=False)
    assert played.case.closed is None
    tell(played, "assigned", to="Factor SA")
    assert played.case.closed is not None


def test_the_words_of_a_known_id_are_compared_field_by_field() -> None:
    (event,) = tell(after_reminder(), "paid", amount="10.00", id="X-1")
    assert same_words(event, read_command({"kind": "paid", "amount": "10.00", "id": "X-1"}))
    assert not same_words(event, read_command({"kind": "paid", "amount": "11.00", "id": "X-1"}))
