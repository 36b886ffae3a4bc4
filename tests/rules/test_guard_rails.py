"""Guard rails: how often, by what channel, at what hours and on which days a debtor hears from its creditor."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules import events as e
from rules.claim import Context
from rules.decide import decide
from rules.decision import AnyStep, DebtorFacts, Park, Send
from rules.invoice import InvoiceIssued
from rules.limits import window_of
from rules.policy import Policy
from rules.policy_file import parse_policy
from tests.rules.samples import fresh
from tests.rules.test_admission import tell
from tests.scenarios import Play

PARIS = ZoneInfo("Europe/Paris")
FRIDAY = date(2025, 10, 10)
"""The bakery's first relance: five days after its due date, a Friday."""
ONE_RUNG = """
name = "once"
debtors = ["business", "consumer"]
limitation_alerts = []
[[rung]]
step = "relance_1"
when = "due + 5"
channel = ["email"]
"""


def written_to(facts: DebtorFacts, one: Policy | None = None, **invoice: Any) -> Play:
    """The bakery's case on the morning of its first relance, with what is known of the debtor's other cases."""
    played = opened(one, **invoice).until(datetime(2025, 10, 10, 6, tzinfo=UTC))
    played.context = knowing(played, facts)
    played.settle(datetime(2025, 10, 10, 6, tzinfo=UTC))
    return played


def opened(one: Policy | None = None, **changed: Any) -> Play:
    case = fresh().case
    data = case.invoice.model_dump(mode="json")
    data["debtor"] |= changed.pop("debtor", {})
    return Play.start(InvoiceIssued.model_validate(data | changed), case.opened_at, one)


def knowing(played: Play, facts: DebtorFacts) -> Context:
    """What the rules know, with facts of the debtor's other cases."""
    return played.context.model_copy(update={"debtor": facts})


def once(extra: str = "") -> Policy:
    return parse_policy(ONE_RUNG.replace("limitation", f"{extra}\nlimitation", 1), file="once.toml")


def day_of(played: Play) -> date | None:
    at = played.decision.at
    return None if at is None else at.astimezone(PARIS).date()


def channel_of(played: Play) -> str | None:
    step = played.decision.step
    return step.channel if isinstance(step, Send) else None


def next_of(played: Play) -> AnyStep:
    return played.decision.step


def deferrals(played: Play) -> list[tuple[str, date]]:
    return [(event.guard, event.until) for event in played.history if isinstance(event, e.ContactDeferred)]


def test_a_letter_about_another_invoice_pushes_this_one_by_a_week_and_says_so() -> None:
    played = written_to(DebtorFacts(written_on=date(2025, 10, 9), contacts=(date(2025, 10, 9),)))
    assert day_of(played) == date(2025, 10, 16)
    assert deferrals(played) == [("minimum_days", date(2025, 10, 16))]
    assert "pour espacer les courriers" in played.decision.because
    played.settle(datetime(2025, 10, 13, 6, tzinfo=UTC))
    assert len(deferrals(played)) == 1, "said once"
    pushed = played.until(datetime(2025, 10, 16, 12, tzinfo=UTC))
    assert isinstance(pushed.decision.step, Send)
    assert day_of(pushed) == date(2025, 10, 27), "ten days after the one that was pushed, and not a Sunday"


def test_one_message_a_debtor_and_day_also_where_the_policy_asks_for_no_distance() -> None:
    policy = once("spacing = { minimum_days = 0, per_week = 7 }")
    today = written_to(DebtorFacts(written_on=FRIDAY, contacts=(FRIDAY,)), policy)
    assert deferrals(today) == [("minimum_days", date(2025, 10, 11))]
    assert day_of(today) == date(2025, 10, 13), "the next business day"
    the_day_before = date(2025, 10, 9)
    assert day_of(written_to(DebtorFacts(written_on=the_day_before, contacts=(the_day_before,)), policy)) == FRIDAY


def test_no_third_contact_within_a_week_calls_counted() -> None:
    calls = (date(2025, 10, 6), date(2025, 10, 8))
    played = written_to(DebtorFacts(contacts=calls))
    assert deferrals(played) == [("per_week", date(2025, 10, 13))]
    assert day_of(played) == date(2025, 10, 13)


def test_a_channel_may_have_a_cap_of_its_own() -> None:
    policy = once("spacing = { minimum_days = 0, per_week = 7, channel = { email = 1 } }")
    wednesday = date(2025, 10, 8)
    by_mail = DebtorFacts(contacts=(wednesday,), by_channel={"email": (wednesday,)})
    assert deferrals(written_to(by_mail, policy)) == [("per_channel", date(2025, 10, 15))]
    by_telephone = DebtorFacts(contacts=(wednesday,), by_channel={"call": (wednesday,)})
    assert day_of(written_to(by_telephone, policy)) == FRIDAY


def test_a_formal_notice_waits_for_no_letter_about_another_invoice() -> None:
    played = fresh()
    while played.case.approval is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    now = played.decision.facts.now
    tell(played, "approve", step="mise_en_demeure")
    yesterday = DebtorFacts(written_on=now.date(), contacts=(now.date(),) * 3)
    assert decide(played.case, knowing(played, yesterday), now).at == played.decision.at


def test_a_consumer_is_never_written_to_on_a_saturday_evening() -> None:
    late = once('send = { days = ["mon", "tue", "wed", "thu", "fri", "sat"], from = "18:00", to = "23:00" }')
    # Due on Monday 6 October: the relance falls on Saturday the 11th.
    consumer = opened(late, due_on="2025-10-06", debtor={"kind": "consumer"})
    at = consumer.decision.at
    assert at is not None
    assert at.astimezone(PARIS) == datetime(2025, 10, 13, 18, tzinfo=PARIS)
    window = window_of(consumer.case, late.rung[0], late)
    assert (window.days, f"{window.to:%H:%M}") == (("mon", "tue", "wed", "thu", "fri"), "20:00")
    business = opened(late, due_on="2025-10-06")
    assert day_of(business) == date(2025, 10, 11)


def test_a_consumer_is_called_once_a_week_in_office_hours() -> None:
    calls = parse_policy(
        ONE_RUNG.replace('["email"]', '["call"]').replace(
            "limitation", 'send = {from = "07:00", to = "22:00"}\nlimitation', 1
        ),
        file="calls.toml",
    )
    consumer = {"kind": "consumer", "phone": "+33472000000"}
    played = opened(calls, debtor=consumer)
    window = window_of(played.case, calls.rung[0], calls)
    assert (f"{window.from_:%H:%M}", f"{window.to:%H:%M}") == ("10:00", "19:00")
    called = DebtorFacts(contacts=(date(2025, 10, 8),), by_channel={"call": (date(2025, 10, 8),)})
    assert deferrals(written_to(called, calls, debtor=consumer)) == [("per_channel", date(2025, 10, 15))]


@pytest.mark.parametrize(
    ("postal_code", "country", "due_on", "day", "hour_utc"),
    [
        ("67000", "FR", "2025-12-21", date(2025, 12, 29), 8),  # the day after Christmas is a holiday in Alsace
        ("69003", "FR", "2025-12-21", date(2025, 12, 26), 8),
        ("97400", "FR", "2025-12-15", date(2025, 12, 22), 5),  # 20 December at La Réunion; nine o'clock is there
        ("97400", "RE", "2025-12-15", date(2025, 12, 22), 5),  # its own code, as many addresses bear it
        ("97133", "FR", "2025-12-15", date(2025, 12, 22), 13),  # Saint-Barthélemy
        ("69003", "FR", "2025-12-15", date(2025, 12, 22), 8),
    ],
)
def test_holidays_and_hours_are_those_of_the_debtors_region(
    postal_code: str, country: str, due_on: str, day: date, hour_utc: int
) -> None:
    address = {"lines": ["12 rue des Lilas"], "postal_code": postal_code, "city": "X", "country": country}
    played = opened(once(), issued_on="2025-11-15", due_on=due_on, debtor={"address": address})
    at = played.decision.at
    assert at is not None
    assert (at.date(), at.hour) == (day, hour_utc)


def test_after_stop_writing_to_this_address_the_next_channel_is_taken_and_then_a_person() -> None:
    played = opened()
    tell(played, "stop_contact", channel="email")
    assert channel_of(played) == "letter"
    tell(played, "stop_contact", channel="letter")
    assert isinstance(next_of(played), Park)
    assert [task.kind for task in played.decision.tasks] == ["find_contact"]
    tell(played, "stop_contact", channel="email", lifted=True)
    assert channel_of(played) == "email"


def test_a_missing_or_dead_address_falls_back_to_paper_and_then_to_a_task_never_to_silence() -> None:
    played = opened(debtor={"email": None})
    assert isinstance(played.decision.step, Send)
    assert played.decision.step.channel == "letter"
    nowhere = opened(debtor={"email": None, "address": None})
    assert [task.kind for task in nowhere.decision.tasks] == ["find_contact"]
    bounced = opened().until(datetime(2025, 10, 10, 12, tzinfo=UTC))
    taken = bounced.case.taken("relance_1")
    assert taken is not None
    tell(bounced, "notice_bounced", message_id=taken.message_id, diagnostic="5.1.1")
    assert [task.kind for task in bounced.decision.tasks] == ["fix_contact"]
    assert isinstance(bounced.decision.step, Send)
    assert (bounced.decision.step.step, bounced.decision.step.channel) == ("relance_1", "letter")


def test_a_hold_on_one_invoice_leaves_the_others_and_one_on_the_debtor_holds_them_all() -> None:
    here, other = opened(), opened(number="F-2")
    tell(here, "hold", reason="avoir en cours")
    assert here.decision.suspended is not None
    assert isinstance(other.decision.step, Send)
    held = knowing(other, DebtorFacts(held=True))
    parked = decide(other.case, held, other.decision.facts.now)
    assert isinstance(parked.step, Park)
    assert parked.step.reason == "hold"
    assert parked.suspended is not None


def test_a_hold_on_the_debtor_ends_on_its_day() -> None:
    played = opened(once())
    until = knowing(played, DebtorFacts(held=True, held_until=date(2025, 11, 3)))
    waiting = decide(played.case, until, datetime(2025, 10, 10, 7, tzinfo=UTC))
    assert waiting.at == datetime(2025, 11, 2, 23, tzinfo=UTC)
    again = decide(played.case, until, datetime(2025, 11, 3, 8, tzinfo=UTC))
    assert isinstance(again.step, Send)
