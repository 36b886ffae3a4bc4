"""What a credit manager expects and no other test would miss: the ladders as they are shipped, and a few of the rules
of docs/practice.md."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from rules import events as e
from rules.decide import approver
from rules.law.days import add_business_days
from rules.policy import Role, Rung
from tests.rules.samples import after_reminder, at_approval, fresh
from tests.rules.test_admission import refused, tell
from tests.rules.test_found_by_the_laws import changed
from tests.rules.test_sums_in_doubt import sent, told_by_the_bank
from tests.rules.test_tasks import kinds, the
from tests.scenarios import Play, policy

STANDARD = [
    "rappel: due - 5, email, principal, none, 1000.00",
    "relance_1: due + 5, email or letter, principal, none, 10.00",
    "relance_2: after(relance_1) + 10, email or letter, mention, none, 0.00",
    "appel: after(relance_2) + 6, call, principal, none, 300.00",
    "derniere_relance: after(relance_2) + 15, email and letter, all, none, 50.00",
    "mise_en_demeure: after(derniere_relance) + 12, registered_letter and email, all, operator, 150.00",
    "dossier_judiciaire: unanswered(mise_en_demeure) + 3 business_days, , all, manager, 500.00",
]
LADDERS = {
    "standard": STANDARD,
    "fidele": [
        STANDARD[0],
        "relance_1: due + 8, email or letter, principal, none, 10.00",
        "appel: after(relance_1) + 7, call, principal, none, 300.00",
        "relance_2: after(relance_1) + 12, email or letter, mention, none, 0.00",
        *STANDARD[4:],
    ],
    "retardataire": [
        *STANDARD[1:4],
        "derniere_relance: due + 25, email and letter, all, none, 50.00",
        "mise_en_demeure: due + 35, registered_letter and email, all, operator, 150.00",
        STANDARD[6],
    ],
    "particulier": [
        "relance_1: due + 7, email or letter, principal, none, 10.00",
        "relance_2: after(relance_1) + 14, email or letter, principal, none, 0.00",
        "derniere_relance: after(relance_2) + 18, letter or email, principal, none, 50.00",
        "mise_en_demeure: after(derniere_relance) + 15, registered_letter, principal, operator, 100.00",
        "dossier_judiciaire: unanswered(mise_en_demeure) + 3 business_days, , all, manager, 300.00",
    ],
    "public": [
        "appel: due + 5, call, principal, none, 0.00",
        "relance_1: due + 12, email or letter, principal, none, 0.00",
        "relance_2: after(relance_1) + 15, letter or email, all, none, 0.00",
        "derniere_relance: after(relance_2) + 20, letter or email, all, none, 0.00",
        "mise_en_demeure: after(derniere_relance) + 20, registered_letter, all, manager, 0.00",
        "dossier_judiciaire: unanswered(mise_en_demeure) + 3 business_days, , all, manager, 0.00",
    ],
}
ANSWERS = {"standard": 8, "fidele": 8, "retardataire": 8, "particulier": 15, "public": 60}


def line(rung: Rung) -> str:
    channels = " and ".join([" or ".join(rung.channel), *rung.copy_])
    when = rung.when
    anchor = f"{when.anchor}({when.step})" if when.step else f"{when.anchor}"
    days = f"{'-' if when.days < 0 else '+'} {abs(when.days)}{' business_days' if when.business else ''}"
    return f"{rung.step}: {anchor} {days}, {channels}, {rung.claims}, {rung.approval}, {rung.minimum}"


@pytest.mark.parametrize("name", LADDERS)
def test_the_ladders_that_are_shipped_are_those_of_the_trade(name: str) -> None:
    one = policy(name)
    assert [line(rung) for rung in one.rung] == LADDERS[name]
    assert [rung.answer_within for rung in one.rung if rung.is_formal] == [ANSWERS[name]]
    assert (one.accessories, one.entry, one.spacing.minimum_days) == ("waive", "sequential", 7)
    assert one.spacing.per_week == (1 if name == "particulier" else 2)


def test_a_large_claim_abroad_or_above_fifty_thousand_euros_has_fifteen_days_to_answer() -> None:
    for name in ("standard", "fidele", "retardataire"):
        above = next(rung.answer_above for rung in policy(name).rung if rung.is_formal)
        assert above is not None
        assert (above.amount, above.days) == (Decimal(50000), 15)


@pytest.mark.parametrize(("total", "role"), [("10000.00", Role.OPERATOR), ("10000.01", Role.MANAGER)])
def test_a_mise_en_demeure_above_ten_thousand_euros_is_a_managers(total: str, role: Role) -> None:
    played = fresh()
    case = played.case.model_copy(
        update={"invoice": played.case.invoice.model_copy(update={"total": Decimal(total), "instalments": ()})}
    )
    rung = played.context.policy.at("mise_en_demeure")
    assert rung is not None
    assert approver(case, rung, played.context) is role


@pytest.mark.parametrize(("later", "posted"), [(5, "600.00"), (6, "1200.00")])
def test_the_same_amount_from_another_source_is_doubtful_for_five_banking_days(later: int, posted: str) -> None:
    played = after_reminder()
    told_by_the_bank(played)
    day = add_business_days(date(2025, 10, 9), later)
    played.until(datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
    played.settle(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    played.say("paid", door="update", amount="600.00", method="einvoice", on=f"{day}", received_on=f"{day}")
    assert played.case.received == Decimal(posted)


def test_accessories_to_invoice_close_the_case_with_a_task() -> None:
    played = under_accessories("invoice")
    tell(played, "paid", amount="1200.00")
    assert played.case.closed is not None
    assert "penalty_note" in kinds(played)
    assert not played.case.waived


def test_only_what_a_letter_had_claimed_before_the_payment_is_pursued() -> None:
    played = under_accessories("pursue")  # so far only relance_1 has left, which claims the principal
    tell(played, "paid", amount="1200.00")
    assert played.case.closed is not None
    assert played.case.waived


def under_accessories(how: str) -> Play:
    played = after_reminder()
    played.context = played.context.model_copy(update={"policy": changed(accessories=how)})
    played.settle(datetime(2025, 10, 13, 12, tzinfo=UTC))
    return played


def test_a_reply_that_nobody_reads_in_five_business_days_goes_to_a_manager_and_the_ladder_on() -> None:
    played = after_reminder()
    tell(played, "debtor_replied", channel="email", summary="Je regarde.")
    assert (played.decision.suspended is not None, played.case.reply and played.case.reply.review_by) == (
        True,
        date(2025, 10, 17),
    )
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    escalated = next(event for event in played.history if isinstance(event, e.ReplyEscalated))
    assert escalated.on > date(2025, 10, 17)
    assert the(played, "code_reply").owner == "manager"
    assert "relance_2" in sent(played)


@pytest.mark.parametrize(("words", "moved"), [({}, False), ({"signed_on": "2025-10-10"}, True)])
def test_only_a_plan_that_was_signed_recognises_the_debt(words: dict[str, str], moved: bool) -> None:
    played = after_reminder()
    parts = [{"due_on": "2025-11-03", "amount": "600.00"}, {"due_on": "2025-12-03", "amount": "600.00"}]
    tell(played, "payment_plan", instalments=parts, **words)
    assert (date(2025, 10, 10) in played.case.recognitions) is moved


def test_nothing_closes_as_time_barred_by_itself() -> None:
    played = at_approval()
    tell(played, "decline", step="mise_en_demeure")
    played.until(datetime(2033, 1, 1, tzinfo=UTC))
    played.settle(datetime(2033, 1, 1, tzinfo=UTC))
    assert played.case.closed is None
    assert [alert.distance for alert in played.case.limitation] == ["12m", "6m", "4m", "2m"]
    assert {"limitation", "decide"} <= set(kinds(played))
    assert played.case.limitation[-1].last_day - timedelta(days=1) < date(2033, 1, 1)


def test_a_public_buyer_interrupts_its_period_once() -> None:
    played = after_reminder()
    tell(played, "terms_changed", due_on="2025-12-05", interruption=True)
    assert not tell(played, "terms_changed", due_on="2025-12-05", interruption=True)
    assert "R2192-27" in refused(played, "terms_changed", due_on="2026-01-05", interruption=True).sentence
    assert tell(played, "terms_changed", due_on="2025-12-15")  # the end of the same interruption, or other terms
