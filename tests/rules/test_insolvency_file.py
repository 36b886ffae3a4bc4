"""A claim in its debtor's insolvency: declared in time, or relieved, or lost; and a claim that is written off."""

from datetime import UTC, date, datetime

import pytest

from rules import events as e
from rules.file_brief import FileMaterial, file_brief
from rules.invoice import Address
from rules.judicial import DECLARATION, RELIEF, judgment_of, recoverable
from rules.judicial_clocks import running
from rules.law import DebtorKind
from tests.rules.test_judicial import OPENED, claim, kinds
from tests.scenarios import ACME, Play


def test_a_claim_that_is_not_declared_in_time_leaves_the_relief() -> None:
    its = Play.start(claim(), OPENED)
    opened = {"procedure": "liquidation", "opened_on": "2026-03-26", "published_on": "2026-03-30"}
    its.say("insolvency", on="2026-03-31", **opened)
    its.until(datetime(2026, 6, 2, tzinfo=UTC))
    assert kinds(its) == ["performance_date", "foreclosure_relief"]
    assert [x.step for x in its.history if isinstance(x, e.FilePrepared)] == [DECLARATION, RELIEF]
    its.say("judicial_event", on="2026-06-03", event="filed")
    assert kinds(its) == ["follow_declaration"]


def foreclosed() -> Play:
    """The two months of the declaration missed, known to be older: the relief is asked on 10 June."""
    its = Play.start(claim().model_copy(update={"performed_on": date(2026, 1, 2)}), OPENED)
    opened = {"procedure": "liquidation", "opened_on": "2026-03-26", "published_on": "2026-03-30"}
    its.say("insolvency", on="2026-03-31", **opened)
    its.until(datetime(2026, 6, 2, tzinfo=UTC))
    its.say("judicial_event", on="2026-06-10", event="filed", procedure=RELIEF)
    return its


def test_money_after_the_declaration_was_drawn_has_it_drawn_anew() -> None:
    its = Play.start(claim().model_copy(update={"performed_on": date(2026, 1, 2)}), OPENED)
    its.say("insolvency", on="2026-03-31", procedure="liquidation", opened_on="2026-03-26", published_on="2026-03-30")
    its.say("paid", on="2026-04-02", amount="2000.00", reference="caution")
    (task,) = its.decision.tasks
    assert "un paiement du 02/04/2026" in task.summary
    its.say("recall", on="2026-04-20")
    its.until(datetime(2026, 4, 21, tzinfo=UTC))
    assert [x.on for x in its.history if isinstance(x, e.FilePrepared)] == [date(2026, 3, 31), date(2026, 4, 20)]
    assert kinds(its) == ["declare_claim"]
    assert "recall" not in its.decision.tasks[0].summary


def clocks_of(its: Play) -> dict[str, str]:
    return {one.name: f"{one.last_day}" for one in running(its.case, its.context)}


@pytest.mark.parametrize(
    ("creditor", "debtor", "last_day", "sure"),
    [
        (("97400", "FR"), ("69003", "FR"), "2026-07-30", True),
        (("97400", "FR"), ("97410", "RE"), "2026-06-01", True),
        (("69002", "FR"), ("97410", "RE"), "2026-06-01", True),
        (("1000", "BE"), ("69003", "FR"), "2026-07-30", True),
        (("69002", "FR"), ("10115", "DE"), "2026-06-01", False),
    ],
)
def test_a_creditor_far_away_has_two_months_more_to_declare(
    creditor: tuple[str, str], debtor: tuple[str, str], last_day: str, *, sure: bool
) -> None:
    """R622-24 C. com.; of a debtor abroad nothing is certain."""
    at = Address(lines=("1 rue",), city="V")
    seat, home = (at.model_copy(update={"postal_code": x, "country": land}) for x, land in (creditor, debtor))
    its = Play.start(claim(address=home), OPENED, creditor=ACME.model_copy(update={"address": seat}))
    its.say("insolvency", on="2026-03-31", procedure="liquidation", opened_on="2026-03-26", published_on="2026-03-30")
    assert its.case.insolvency is not None
    (clock,) = running(its.case, its.context)
    assert str(its.case.insolvency.declare_by) == str(clock.last_day) == last_day
    assert clock.single_source is not sure
    (task,) = [task for task in its.decision.tasks if task.kind == "declare_claim"]
    assert ("à confirmer" in task.summary) is not sure


def test_of_an_over_indebted_consumer_nothing_is_declared_to_a_mandataire() -> None:
    """A commission asks for the claim; its texts are to be confirmed, and no act of the commercial code is drawn up."""
    its = Play.start(claim(kind=DebtorKind.CONSUMER), OPENED)
    said = {"procedure": "consumer_over_indebtedness", "opened_on": "2026-03-26", "published_on": "2026-03-30"}
    its.say("insolvency", on="2026-03-31", **said)
    its.until(datetime(2026, 12, 1, tzinfo=UTC))
    assert its.case.insolvency is not None
    assert (its.case.insolvency.declare_by, running(its.case, its.context)) == (None, ())
    assert [task for task in kinds(its) if task != "performance_date"] == ["over_indebtedness"]
    material = FileMaterial(events=its.history, messages=(), chain=(), head="")
    brief = file_brief(its.case, its.context, material, "dossier_judiciaire", date(2026, 12, 1))
    assert brief.proposal is not None
    assert brief.procedure == "none"
    assert "à confirmer" in brief.proposal.reasons[0].article
    assert not any(way.available for way in brief.proposal.alternatives)


def test_a_relief_granted_leaves_a_month_to_declare() -> None:
    its = foreclosed()
    assert (kinds(its), clocks_of(its)) == (["follow_relief"], {"declaration": "2026-06-01"})
    its.say("judicial_event", on="2026-07-15", event="ordered", procedure=RELIEF)
    assert (kinds(its), clocks_of(its)) == (["declare_claim"], {"declaration": "2026-08-17"})
    assert judgment_of(its.case, date(2026, 8, 1)) is None
    assert recoverable(its.case, date(2026, 8, 1)) == 0
    its.until(datetime(2026, 8, 20, tzinfo=UTC))
    assert kinds(its) == ["foreclosed"]
    its.say("judicial_event", on="2026-08-21", event="filed")
    assert kinds(its) == ["follow_declaration"]


def test_a_relief_refused_or_not_asked_within_six_months_leaves_the_loss() -> None:
    its = foreclosed()
    its.say("judicial_event", on="2026-07-15", event="rejected", procedure=RELIEF)
    assert (kinds(its), clocks_of(its)) == (["foreclosed"], {})
    late = Play.start(claim().model_copy(update={"performed_on": date(2026, 1, 2)}), OPENED)
    opened = {"procedure": "liquidation", "opened_on": "2026-03-26", "published_on": "2026-03-30"}
    late.say("insolvency", on="2026-03-31", **opened)
    late.until(datetime(2026, 9, 29, tzinfo=UTC))
    assert clocks_of(late)["foreclosure_relief"] == "2026-09-30"
    assert any(isinstance(x, e.DeadlineNear) and x.clock == "foreclosure_relief" for x in late.history)
    late.until(datetime(2026, 10, 2, tzinfo=UTC))
    assert kinds(late) == ["foreclosed"]


def test_a_loss_leaves_its_vat_to_recover() -> None:
    its = Play.start(claim(), OPENED)
    its.say("write_off", on="2026-03-02", reason="certificat d'irrécouvrabilité")
    assert kinds(its) == ["vat_bad_debt"]
    assert "joindre le certificat" in its.decision.tasks[0].summary
    its.say("document", on="2026-03-03", piece="irrecoverable", file="file:///srv/certificat.pdf")
    assert kinds(its) == ["vat_bad_debt"]
    assert "certificat au dossier" in its.decision.tasks[0].summary
    its.say("task_done", on="2026-03-03", task=its.decision.tasks[0].id)
    assert kinds(its) == []
