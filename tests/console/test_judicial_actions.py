"""What can be said of a judicial file from a case's page, by whom, and as the case hears it."""

from datetime import UTC, datetime

import pytest

from console.actions import offered
from console.forms import action_named, fill
from ledger.accounts import Role
from rules.decision import Decision
from tests.rules.test_judicial import OPENED, claim, lodged, to_the_file
from tests.scenarios import Play


def waiting() -> Play:
    """A file that is prepared and not lodged."""
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire")
    return its.until(datetime(2026, 4, 11, tzinfo=UTC))


def handed_over() -> Play:
    its = Play.start(claim(), OPENED)
    its.say("handed_over", on="2026-02-20", to="Maître Roux", role="avocat")
    return its


@pytest.mark.parametrize(
    ("its", "role", "offers"),
    [
        (waiting(), Role.MANAGER, True),
        (waiting(), Role.OPERATOR, False),
        (handed_over(), Role.MANAGER, True),
        (lodged(), Role.MANAGER, False),
        (to_the_file(), Role.MANAGER, False),
    ],
)
def test_a_manager_calls_back_a_file_not_lodged_and_a_case_handed_over(its: Play, role: Role, *, offers: bool) -> None:
    decision: Decision = its.decision
    assert ("recall" in [action.name for action in offered(its.case, decision, role)]) is offers


def test_an_act_says_its_procedure_to_whom_it_was_handed_and_what_it_cost() -> None:
    """Without « à personne » the month of the opposition would not run (1416 CPC)."""
    its, action = lodged(), action_named("judicial_event")
    its.say("judicial_event", on="2026-05-04", event="ordered")
    assert action is not None
    sent = {"event": "served", "on": "2026-05-18", "served_to_person": "true", "procedure": "", "costs": "55,10"}
    filled = fill(action, sent, its.case, "claire")
    assert filled.errors == {}
    its.say(str(filled.body["kind"]), **{name: said for name, said in filled.body.items() if name != "kind"})
    assert its.case.judicial[-1].details["served_to_person"] is True
    its.until(datetime(2026, 6, 22, tzinfo=UTC))
    assert "ask_certificate" in [task.kind for task in its.decision.tasks]
