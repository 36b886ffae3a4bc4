"""Faults that random histories or their reading brought to light, one small history each."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rules import events as e
from rules.case import StepOutcome
from rules.claim import decompte_of
from rules.decision import DebtorFacts, Park, Send
from rules.invoice import Debtor, Instalment, InvoiceIssued
from rules.law.tables import builtin_tables
from rules.limits import spaced_day
from rules.policy import Policy
from tests.rules.samples import after_formal_notice, after_reminder
from tests.rules.test_admission import tell
from tests.scenarios import ACME, Play, policy

NOON = datetime(2025, 10, 13, 10, tzinfo=UTC)


def changed(**fields: Any) -> Policy:
    return policy("standard").model_copy(update=fields)


def invoice(*parts: tuple[str, str], kind: str = "business") -> InvoiceIssued:
    schedule = tuple(Instalment(due_on=date.fromisoformat(day), amount=Decimal(amount)) for day, amount in parts)
    debtor = Debtor(id="C-1", name="Martin", kind=kind, email="m@martin.example")
    total = sum((part.amount for part in schedule), Decimal(0))
    fields = {"creditor": "acme", "number": "F-1", "issued_on": "2025-09-01", "total": total, "debtor": debtor}
    return InvoiceIssued.model_validate({**fields, "instalments": schedule})


def test_the_end_of_a_hold_ends_nothing_else() -> None:
    played = after_formal_notice()
    tell(played, "letter_returned", step="mise_en_demeure", cause="unknown_address")
    tell(played, "hold", until="2025-12-01")
    played.until(datetime(2025, 12, 2, tzinfo=UTC))
    assert played.case.hold is None
    assert played.case.returned is not None
    assert played.case.postal is None


def test_a_new_telephone_does_not_make_a_dead_address_good() -> None:
    played = after_formal_notice()
    tell(played, "contact_changed", address={"lines": ["2 quai"], "postal_code": "69002", "city": "Lyon"})
    tell(played, "letter_returned", step="mise_en_demeure", cause="unknown_address")
    tell(played, "contact_changed", phone="0400000000")
    assert played.case.postal is None


def test_news_of_the_posting_after_that_of_the_delivery_changes_nothing() -> None:
    played = after_formal_notice()
    tell(played, "letter_delivered", step="mise_en_demeure")
    tell(played, "letter_posted", step="mise_en_demeure", tracking="1A")
    taken = played.case.taken("mise_en_demeure")
    assert taken is not None
    assert taken.outcome is StepOutcome.DELIVERED
    assert played.decision.name == "dossier_judiciaire"


def test_a_letter_refused_at_the_door_was_dispatched() -> None:
    played = after_formal_notice()
    tell(played, "letter_returned", step="mise_en_demeure", cause="refused")
    taken = played.case.taken("mise_en_demeure")
    assert taken is not None
    assert taken.posted_on == taken.answer_from is not None


def test_an_ordinary_letter_delivered_is_no_mise_en_demeure() -> None:
    """A consumer owes interest from the mise en demeure only."""
    played = Play.start(invoice(("2025-10-05", "1200.00"), kind="consumer"), NOON)
    fields = {"passage": 1, "message_id": "<m>", "principal": "1200.00", "claim": "1200.00"}
    played.own(e.NoticeSent, NOON, step="derniere_relance", channel="letter", **fields)
    played.own(e.LetterDelivered, NOON, step="derniere_relance", passage=1, delivered_on="2025-10-14")
    drawn = decompte_of(played.case, ACME, builtin_tables(), date(2026, 3, 1))
    assert drawn.interest == 0


def test_a_late_rung_counts_the_contacts_of_this_week() -> None:
    """A rung planned long ago goes out today only if this very week has room for it."""
    played = Play.start(invoice(("2025-08-05", "1200.00")), NOON)
    days = (date(2025, 10, 9), date(2025, 10, 10))
    busy = played.context.model_copy(update={"debtor": DebtorFacts(contacts=days)})
    played.context = busy
    played.settle(NOON)
    assert played.decision.at is not None
    assert f"{played.decision.at:%Y-%m-%d}" == "2025-10-16"


def test_a_letter_and_a_call_on_one_day_are_two_contacts() -> None:
    spacing = policy("standard").spacing.model_copy(update={"minimum_days": 0})
    played = Play.start(invoice(("2025-08-05", "1200.00")), NOON, changed(spacing=spacing))
    fields = {"passage": 1, "message_id": "<m>", "principal": "1200.00", "claim": "1200.00", "channel": "email"}
    played.own(e.NoticeSent, NOON, step="relance_1", **fields)
    played.own(e.CallRequested, NOON, step="appel", passage=1, lapses_on="2025-10-14")
    rung = played.context.policy.at("derniere_relance")
    assert rung is not None
    assert spaced_day(played.case, rung, played.context, date(2025, 10, 14)).day == date(2025, 10, 20)


def test_a_plan_is_over_only_when_nothing_is_open() -> None:
    """Two tolerances, one at the agreement and one at the last instalment, left a case asleep for ever."""
    played = after_reminder()
    tell(played, "payment_plan", instalments=[{"due_on": "2025-11-05", "amount": "1199.00"}])
    tell(played, "paid", amount="1198.00")
    assert played.decision.at is not None
    played.until(datetime(2026, 1, 1, tzinfo=UTC))
    assert played.case.plan is None


def test_an_instalment_missed_long_ago_is_told_before_the_plan_breaks() -> None:
    """A payment taken back makes an old instalment missing: the debtor has his days from today."""
    played = after_reminder()
    parts = [{"due_on": "2025-10-20", "amount": "600.00"}, {"due_on": "2026-03-20", "amount": "600.00"}]
    tell(played, "payment_plan", instalments=parts)
    tell(played, "paid", amount="600.00", reference="V")
    played.until(datetime(2026, 1, 15, 10, tzinfo=UTC))
    played.say("payment_reversed", reference="V", on="2026-01-15")
    assert played.case.plan_missed is not None
    assert played.case.plan_missed.breaks_on >= date(2026, 1, 23)


def test_nothing_is_asked_while_all_that_is_due_is_disputed() -> None:
    """The next instalment is not disputed: its due date ends the pause, and no letter asks for nothing before."""
    played = Play.start(invoice(("2025-10-05", "1000.00"), ("2026-01-05", "1000.00")), NOON)
    tell(played, "dispute", amount="1000.00")
    assert played.decision.suspended is not None
    assert f"{played.decision.suspended.until}" == "2026-01-05"
    played.until(datetime(2026, 1, 4, tzinfo=UTC))
    sent = [event for event in played.history if isinstance(event, e.NoticeSent) and event.on > date(2025, 10, 13)]
    assert sent == []
    played.until(datetime(2026, 1, 9, tzinfo=UTC))
    assert [event.step for event in played.history if isinstance(event, e.NoticeSent)][-1:] != []


def test_pursued_accessories_close_the_case_once_they_are_paid() -> None:
    played = after_formal_notice()
    played.context = played.context.model_copy(update={"policy": changed(accessories="pursue")})
    played.settle(played.case.last_at)
    tell(played, "hold", until="2025-12-01")
    tell(played, "paid", amount="1200.00")
    assert isinstance(played.decision.step, Park)
    played.until(datetime(2025, 12, 15, tzinfo=UTC))
    assert played.case.hold is None
    tell(played, "paid", amount=f"{played.decision.claim.total}", received_on="2025-12-01")
    assert played.case.closed is not None


def test_before_the_due_date_only_the_principal_is_announced() -> None:
    ladder = policy("standard").rung
    eager = tuple(rung.model_copy(update={"claims": "all"}) for rung in ladder)
    played = Play.start(invoice(("2025-11-05", "1200.00")), NOON, changed(rung=eager))
    assert isinstance(played.decision.step, Send)
    assert played.decision.step.claims == "principal"


def test_entry_by_age_leaves_the_calls_ahead() -> None:
    rungs = policy("public").rung
    played = Play.start(invoice(("2025-10-20", "1200.00")), NOON, changed(rung=rungs, entry="by_age"))
    played.until(datetime(2025, 10, 28, tzinfo=UTC))
    assert [event.kind for event in played.history] == ["case_opened", "call_requested"]


def test_what_a_person_waived_stays_waived_when_the_case_goes_on() -> None:
    played = after_reminder()
    tell(played, "waive", indemnity="40.00")
    tell(played, "paid", amount="1200.00", reference="V")
    assert played.case.closed is not None
    fields = {"policy": "standard", "version": "1", "continues": True}
    played.own(e.CaseOpened, played.case.last_at, **fields)
    played.settle(played.case.last_at)
    tell(played, "payment_reversed", reference="V")
    assert played.decision.claim.principal == Decimal("1200.00")
    assert played.decision.claim.indemnity == 0


def test_an_address_given_again_is_tried_again() -> None:
    played = after_reminder()
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    tell(played, "contact_changed", email="compta@martin.example")
    assert played.case.email == "compta@martin.example"
