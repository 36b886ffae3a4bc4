"""From the file to the title: proposals, clocks, costs, the rate of a decision, and the other ways out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from rules import events as e
from rules.decision import Park
from rules.expiry import limitation_on
from rules.invoice import Address, Debtor, InvoiceIssued
from rules.judicial import judgment_of, recoverable
from rules.judicial_clocks import running
from rules.law import DebtorKind
from tests.scenarios import Play

OPENED = datetime(2026, 1, 6, 7, tzinfo=UTC)


def claim(total: str = "12000.00", **debtor: Any) -> InvoiceIssued:
    """An invoice due on 4 February 2026."""
    known: dict[str, Any] = {"id": "C-1", "name": "Martin SARL", "kind": DebtorKind.BUSINESS, "email": "a@b.example"}
    known["address"] = Address(lines=("12 rue des Lilas",), postal_code="69003", city="Lyon")
    return InvoiceIssued(
        creditor="acme",
        number="F-1",
        issued_on=date(2026, 1, 5),
        due_on=date(2026, 2, 4),
        total=Decimal(total),
        debtor=Debtor(**(known | debtor)),
    )


def to_the_file(**debtor: Any) -> Play:
    """The case on 8 April 2026: the file is asked for."""
    its = Play.start(claim(**debtor), OPENED)
    its.say("approve", on="2026-03-20", step="mise_en_demeure")
    its.say("letter_posted", on="2026-03-23", step="mise_en_demeure", proof="file:///srv/depot.pdf")
    its.say("letter_delivered", on="2026-03-25", step="mise_en_demeure", delivered_on="2026-03-25")
    return its.until(datetime(2026, 4, 9, tzinfo=UTC))


def lodged(**debtor: Any) -> Play:
    """The requête lodged on 14 April."""
    its = to_the_file(**debtor)
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    its.until(datetime(2026, 4, 11, tzinfo=UTC))
    its.say("judicial_event", on="2026-04-14", event="filed")
    return its


def refusals(its: Play) -> list[str]:
    return [event.reason or "" for event in its.history if isinstance(event, e.SignalRefused)]


def kinds(its: Play) -> list[str]:
    return [task.kind for task in its.decision.tasks]


def test_the_request_for_approval_carries_the_route_and_every_reason() -> None:
    route = next(x.route for x in to_the_file().history if isinstance(x, e.ApprovalRequested) and x.route)
    assert (route.procedure, route.place) == ("injonction_de_payer", "Lyon")
    assert all(reason.article for reason in route.reasons)
    assert {one.name: one.met for one in route.criteria}["formal_notice"] is True
    blocking = [need.title for need in route.needs if need.blocks]
    assert "Commande signée, devis accepté ou preuve de livraison" in blocking
    assert "Preuve de dépôt de la mise en demeure" not in blocking
    assert route.cost == Decimal("56.02")


def test_a_dear_procedure_advises_the_write_off() -> None:
    its = Play.start(claim("180.00"), OPENED)
    policy = its.context.policy
    rungs = tuple(r.model_copy(update={"minimum": Decimal(0)}) for r in policy.rung)
    its.context = its.context.model_copy(update={"policy": policy.model_copy(update={"rung": rungs})})
    its.say("approve", on="2026-03-20", step="mise_en_demeure")
    its.say("letter_posted", on="2026-03-23", step="mise_en_demeure")
    its.say("letter_delivered", on="2026-03-25", step="mise_en_demeure", delivered_on="2026-03-25")
    its.until(datetime(2026, 4, 9, tzinfo=UTC))
    route = next(x.route for x in its.history if isinstance(x, e.ApprovalRequested) and x.route)
    assert route.advice == "write_off"


def test_a_person_picks_another_way_that_is_open() -> None:
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire", procedure="petites_creances")
    assert "au-delà de" in refusals(its)[-1]
    its.say("approve", on="2026-04-10", step="dossier_judiciaire", procedure="refere_provision")
    its.until(datetime(2026, 4, 11, tzinfo=UTC))
    assert its.case.file is not None
    assert its.case.file.procedure == "refere_provision"


def test_a_file_is_called_back_within_a_day() -> None:
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    its.until(datetime(2026, 4, 10, 12, tzinfo=UTC))
    its.say("recall", on="2026-04-10", reason="le client a appelé")
    assert its.case.file is None
    assert isinstance(its.decision.step, Park)
    its.say("approve", on="2026-04-13", step="dossier_judiciaire")
    its.until(datetime(2026, 4, 14, tzinfo=UTC))
    assert its.case.file is not None


def test_after_a_day_it_is_not() -> None:
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    its.say("recall", on="2026-04-13")
    assert "11/04/2026" in refusals(its)[-1]


@pytest.mark.parametrize(
    ("name", "payload", "what"),
    [
        ("paid", {"amount": "500.00"}, "un paiement du 14/04/2026"),
        ("credit_note", {"number": "AV-1", "amount": "500.00"}, "un avoir"),
        ("dispute", {"amount": "500.00"}, "une contestation"),
        ("settlement", {"amount": "11000.00", "pay_by": "2026-05-01"}, "une transaction"),
        ("payment_plan", {"instalments": [{"due_on": "2026-06-01", "amount": "12000.00"}]}, "un échéancier"),
        ("file_overtaken", {"because": "une pièce est fausse"}, "un fait signalé"),
    ],
)
def test_a_file_that_no_longer_says_the_truth_is_not_lodged(name: str, payload: dict[str, Any], what: str) -> None:
    """Whatever its hour it may be called back, and made anew; or lodged all the same, when a person says so."""
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    its.until(datetime(2026, 4, 11, tzinfo=UTC))
    its.say(name, on="2026-04-14", **payload)
    (task,) = [task for task in its.decision.tasks if task.kind == "do_not_lodge"]
    assert what in task.summary
    assert "lodge_file" not in kinds(its)
    its.say("task_done", on="2026-04-15", task=task.id)
    assert "lodge_file" in kinds(its)
    its.say("recall", on="2026-04-16")
    assert its.case.file is None


@pytest.mark.parametrize(("ordered", "last_day"), [("2026-08-31", "2027-02-28"), ("2026-09-01", "2026-12-01")])
def test_an_order_is_served_within_the_months_of_its_date(ordered: str, last_day: str) -> None:
    """1411 CPC, décret 2026-96."""
    its = lodged()
    its.say("judicial_event", on=ordered, event="ordered")
    assert [(one.name, str(one.last_day)) for one in running(its.case, its.context)] == [("order_service", last_day)]


def test_opposition_ends_on_a_working_day() -> None:
    """1416 and 642 CPC: served on 14 October 2026, until Monday 16 November; enforceable from 14 December."""
    its = lodged()
    its.say("judicial_event", on="2026-10-01", event="ordered")
    its.say("judicial_event", on="2026-10-14", event="served", served_to_person=True)
    clocks = {one.name: one.last_day for one in running(its.case, its.context)}
    assert clocks == {"opposition": date(2026, 11, 16), "order_enforceable": date(2026, 12, 14)}


@pytest.mark.parametrize(("country", "code"), [("RE", "97400"), ("FR", "98800")])
def test_overseas_is_france_whatever_its_code(country: str, code: str) -> None:
    """643 CPC: a month more, not the two of abroad; and the injonction stays open (1406 CPC)."""
    its = lodged(address=Address(lines=("1 rue",), postal_code=code, city="Saint-Denis", country=country))
    its.say("judicial_event", on="2026-10-01", event="ordered")
    its.say("judicial_event", on="2026-10-14", event="served", served_to_person=True)
    assert its.case.file is not None
    assert its.case.file.procedure == "injonction_de_payer"
    assert [str(x.last_day) for x in running(its.case, its.context) if x.name == "opposition"] == ["2026-12-14"]


def test_served_otherwise_than_to_the_person_the_opposition_stays_open() -> None:
    its = lodged()
    its.say("judicial_event", on="2026-10-01", event="ordered")
    its.say("judicial_event", on="2026-10-14", event="served", served_to_person=False)
    assert "opposition" not in {one.name for one in running(its.case, its.context)}
    assert "not_to_person" in kinds(its)


def test_before_the_tribunal_judiciaire_an_avocat_answers_the_opposition() -> None:
    """1418 CPC, above 10 000 €."""
    its = lodged(merchant=False)
    for day, event in (("2026-05-04", "ordered"), ("2026-05-18", "served"), ("2026-06-01", "opposed")):
        its.say("judicial_event", on=day, event=event)
    assert [(one.name, one.last_day) for one in running(its.case, its.context)] == [
        ("lawyer_constitution", date(2026, 6, 16))
    ]


def test_a_rejected_requete_leaves_the_ordinary_action() -> None:
    its = lodged()
    its.say("judicial_event", on="2026-05-04", event="rejected")
    its.until(datetime(2026, 5, 5, tzinfo=UTC))
    asked = [x.route for x in its.history if isinstance(x, e.ApprovalRequested) and x.route]
    assert [route.procedure for route in asked] == ["injonction_de_payer", "refere_provision"]
    assert any(reason.article == "1409 CPC" for reason in asked[-1].reasons)


def with_title(**decision: Any) -> Play:
    its = lodged()
    its.say("cost", on="2026-04-14", nature="court_fee", amount="30.23")
    its.say("cost", on="2026-04-14", nature="lawyer", amount="500.00")
    its.say("judicial_event", on="2026-05-04", event="ordered", **decision)
    its.say("judicial_event", on="2026-05-18", event="served", served_to_person=True, costs="55.10")
    its.say("judicial_event", on="2026-06-22", event="enforceable")
    return its


def test_after_the_title_interest_runs_at_the_rate_of_the_decision() -> None:
    """1231-7 C. civ.: the legal rate; L313-3 CMF: five points more, two months after it became enforceable."""
    judgment = judgment_of(with_title().case, date(2026, 7, 1))
    assert judgment is not None
    assert (judgment.rate, judgment.enforceable_on) == (None, date(2026, 6, 22))
    fixed = judgment_of(with_title(rate="8.50").case, date(2026, 7, 1))
    assert fixed is not None
    assert fixed.rate == Decimal("8.50")
    assert judgment_of(with_title(rate="contractual").case, date(2026, 7, 1)) is None


def test_costs_are_claimed_once_a_decision_grants_them() -> None:
    """L111-8 CPCE: the acts of the procedure, a lawyer only as granted."""
    case = with_title().case
    assert recoverable(case, date(2026, 5, 3)) == 0
    assert recoverable(case, date(2026, 6, 1)) == Decimal("85.33")
    assert recoverable(with_title(costs="400.00").case, date(2026, 6, 1)) == Decimal("455.10")


def test_an_opposition_sets_the_order_aside() -> None:
    its = lodged()
    for day, event in (("2026-05-04", "ordered"), ("2026-05-18", "served"), ("2026-06-01", "opposed")):
        its.say("judicial_event", on=day, event=event)
    assert judgment_of(its.case, date(2026, 9, 1)) is None
    assert recoverable(its.case, date(2026, 9, 1)) == 0


def test_a_rate_nobody_can_read_is_refused() -> None:
    its = lodged()
    its.say("judicial_event", on="2026-05-04", event="ordered", rate="douze")
    assert "neither legal, contractual" in refusals(its)[-1]


def test_a_case_at_an_agency_is_written_to_no_more_and_comes_back() -> None:
    its = Play.start(claim(), OPENED)
    its.say("handed_over", on="2026-02-20", to="Recouvrement Sud", role="collection_agency")
    assert "R124-3" in refusals(its)[-1]
    terms = {"commission": "12 % du recouvré", "mandate": "file:///srv/mandat.pdf"}
    its.say("handed_over", on="2026-02-20", to="Recouvrement Sud", role="collection_agency", **terms)
    assert "Recouvrement Sud" in its.decision.because
    assert "follow_hand_over" in kinds(its)
    its.say("recall", on="2026-03-20")
    its.until(datetime(2026, 3, 24, tzinfo=UTC))
    assert any(isinstance(x, e.CallRequested) and x.on >= date(2026, 3, 20) for x in its.history)


def test_a_mediation_suspends_limitation() -> None:
    """2238 C. civ."""
    its = Play.start(claim(), OPENED)
    before = limitation_on(its.case, its.context.tables)
    its.say("mediation", on="2026-03-02", agreed_on="2026-03-02")
    its.say("mediation", on="2026-05-01", outcome="failure")
    after = limitation_on(its.case, its.context.tables)
    assert before is not None
    assert after is not None
    assert (after - before).days == 60
