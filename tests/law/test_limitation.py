"""Limitation: periods, starts, what interrupts and what does not."""

from typing import Any

import pytest

from rules.law import KINDS, Limitation, LimitationEvent, LimitationFacts, alert_days, earliest, limitation
from rules.refusals import Refused
from tests.law.claims import TABLES, on


def of(due: str, *events: str, **facts: Any) -> Limitation:
    """The limitation of a debt; events are written 2026-01-31:kind."""
    found = tuple(LimitationEvent(on=on(text[:10]), kind=text[11:]) for text in events)
    return limitation(LimitationFacts(due_on=on(due), events=found, **facts), TABLES)


RENT = "7-1 loi 89-462 du 6/07/1989"
STATE = "1er loi 68-1250 du 31/12/1968"
PERIODS = [
    # L110-4 I C. com.: due 30/11/2021, last useful day 30/11/2026, a Monday; never extended for a Sunday.
    ("2021-11-30", {}, "2026-11-30", "L110-4 I C. com."),
    ("2021-08-15", {}, "2026-08-15", "L110-4 I C. com."),  # a Saturday and a holiday
    ("2024-02-29", {}, "2029-02-28", "L110-4 I C. com."),
    ("2024-02-29", {"debtor_kind": "consumer"}, "2026-02-28", "L218-2 C. conso"),
    ("2024-05-31", {"debtor_kind": "unknown"}, "2026-05-31", "L218-2 C. conso"),
    ("2026-01-31", {"claim": "telecom"}, "2027-01-31", "L34-2 CPCE (postes)"),
    ("2026-01-31", {"claim": "transport", "performed_on": on("2025-12-15")}, "2026-12-15", "L133-6 C. com."),
    # service-public.fr F479: rent of July 2018, barred in July 2021.
    ("2018-07-05", {"claim": "residential_rent", "debtor_kind": "consumer"}, "2021-07-05", RENT),
    # Loi 68-1250: from 1 January after the year of the right, four years.
    ("2021-06-30", {"debtor_kind": "public_body", "performed_on": on("2021-05-31")}, "2025-12-31", STATE),
    ("2022-01-15", {"debtor_kind": "public_body", "performed_on": on("2021-12-15")}, "2025-12-31", STATE),
]  # fmt: skip


@pytest.mark.parametrize(("due", "facts", "last_day", "article"), PERIODS)
def test_each_claim_has_its_period(due: str, facts: dict[str, Any], last_day: str, article: str) -> None:
    found = of(due, **facts)
    assert (found.last_day, found.article, found.start_unknown) == (on(last_day), article, False)


def test_barred_the_day_after_the_last_one() -> None:
    """2229 C. civ."""
    assert of("2021-11-30", as_of=on("2026-11-30")).barred is False
    assert of("2021-11-30", as_of=on("2026-12-01")).barred is True
    assert of("2021-11-30").barred is None


def test_an_unknown_start_is_said() -> None:
    assert of("2026-01-31", claim="transport").start_unknown
    assert of("2026-01-31", debtor_kind="public_body").start_unknown
    assert of("2026-01-31", term_agreed=False).start_unknown


def test_without_an_agreed_term_performance_starts_it() -> None:
    """Cass. com. 26/02/2020 n° 18-25.036: not the day chosen to invoice."""
    found = of("2021-11-30", term_agreed=False, performed_on=on("2021-09-30"))
    assert (found.last_day, found.start_unknown) == (on("2026-09-30"), False)


def test_with_an_agreed_term_both_days_are_shown() -> None:
    found = of("2021-11-30", performed_on=on("2021-09-30"))
    assert (found.last_day, found.cautious_last_day) == (on("2026-11-30"), on("2026-09-30"))


@pytest.mark.parametrize(
    "kind", ["recognition", "payment", "payment_plan", "claim_served", "order_served", "enforcement", "declaration"]
)
def test_what_interrupts_opens_a_period_of_the_same_length(kind: str) -> None:
    """2231, 2240, 2241, 2244 C. civ.; L622-25-1 C. com."""
    found = of("2021-11-30", f"2024-05-06:{kind}")
    assert found.last_day == on("2029-05-06")
    assert found.interruptions[0].interrupts


@pytest.mark.parametrize(
    "kind", ["formal_notice", "mise-en-demeure", "reminder", "filed", "ordered", "invoice", "dispute", "mediation"]
)
def test_what_does_not_interrupt_leaves_the_day(kind: str) -> None:
    """Cass. com. 18/05/2022 n° 20-23.204 (mise en demeure), 1re civ. 9/09/2020 n° 19-12.006 (requête)."""
    found = of("2021-11-30", f"2024-05-06:{kind}")
    assert found.last_day == on("2026-11-30")
    assert not found.interruptions[0].interrupts
    assert found.interruptions[0].why


def test_of_a_public_debtor_a_written_demand_interrupts() -> None:
    """Art. 2 loi 68-1250: four years from the next 1 January."""
    found = of("2021-06-30", "2023-03-01:written_demand", debtor_kind="public_body", performed_on=on("2021-05-31"))
    assert found.last_day == on("2027-12-31")
    assert of("2021-06-30", "2023-03-01:written_demand").last_day == on("2026-06-30")


def test_nothing_revives_a_barred_claim() -> None:
    """Cass. 1re civ. 19/05/2021 n° 19-26.253."""
    found = of("2015-01-31", "2022-05-06:payment")
    assert found.last_day == on("2020-01-31")
    assert not found.interruptions[0].interrupts


def test_a_payment_before_the_start_changes_nothing() -> None:
    assert of("2021-11-30", "2021-10-01:payment").last_day == on("2026-11-30")


def test_a_claim_that_lapses_never_interrupted() -> None:
    """2243 C. civ.; what happened meanwhile still counts."""
    assert of("2021-11-30", "2023-01-10:served", "2024-01-10:lapsed").last_day == on("2026-11-30")
    found = of("2021-11-30", "2023-01-10:served", "2023-06-10:payment", "2024-01-10:withdrawn")
    assert found.last_day == on("2028-06-10")


def test_a_title_opens_ten_years() -> None:
    """L111-4 CPCE."""
    found = of("2024-01-31", "2025-01-10:claim_served", "2026-02-01:judgment", debtor_kind="consumer")
    assert (found.last_day, found.years) == (on("2036-02-01"), 10)


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(Refused, match="written_demand"):
        of("2021-11-30", "2024-05-06:telepathy")


def test_the_order_of_events_changes_nothing() -> None:
    events = ["2023-01-10:payment", "2024-02-10:payment_plan", "2022-05-05:reminder"]
    assert of("2021-11-30", *events) == of("2021-11-30", *reversed(events))


def test_a_case_of_instalments_shows_the_earliest() -> None:
    first = earliest([of("2022-03-31"), of("2021-11-30"), of("2022-01-31")])
    assert first is not None
    assert first.last_day == on("2026-11-30")
    assert earliest([]) is None


def test_alerts_are_counted_back() -> None:
    assert alert_days(on("2026-08-31"), ["12m", "6m", "2m"]) == (on("2025-08-31"), on("2026-02-28"), on("2026-06-30"))


def test_every_kind_says_why() -> None:
    assert all(effect.why for effect in KINDS.values())
