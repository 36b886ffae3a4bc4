"""What a person says before a debtor is given formal notice, and before a judge is asked."""

from datetime import date

import pytest

from rules.decide import approver
from rules.decision import Park, Send
from rules.law.kinds import DebtorKind
from rules.policy import Role
from rules.preview import Preview
from rules.refusals import Refused
from tests.rules.samples import after_formal_notice, at_approval, fresh
from tests.rules.test_admission import tell
from tests.rules.test_tasks import kinds, the
from tests.scenarios import ACME, Play


def of_unknown_kind() -> Play:
    """The bakery's last relance was sent; nobody has said what the bakery is."""
    first = fresh()
    debtor = first.case.invoice.debtor.model_copy(update={"kind": DebtorKind.UNKNOWN})
    played = Play.start(first.case.invoice.model_copy(update={"debtor": debtor}), first.case.opened_at)
    while played.case.taken("derniere_relance") is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    return played


def test_no_formal_notice_before_a_person_has_said_what_the_debtor_is() -> None:
    played = of_unknown_kind()
    assert isinstance(played.decision.step, Park)
    assert kinds(played) == ["debtor_kind"]
    assert played.decision.claim.interest == 0
    tell(played, "contact_changed", debtor_kind="business")
    assert (kinds(played), played.decision.name) == ([], "mise_en_demeure")
    assert played.decision.claim.interest > 0


def test_an_association_is_of_none_of_the_kinds_and_may_be_given_notice_all_the_same() -> None:
    played = of_unknown_kind()
    tell(played, "task_done", task=the(played, "debtor_kind").id)
    assert (kinds(played), played.decision.name) == ([], "mise_en_demeure")
    assert played.decision.claim.interest == 0


def test_a_change_of_contact_says_something() -> None:
    with pytest.raises(Refused, match="debtor_kind"):
        tell(at_approval(), "contact_changed")


@pytest.mark.parametrize(("rate", "role"), [("ECB+10", Role.NONE), ("5.00", Role.MANAGER)])
def test_a_file_at_a_rate_below_the_floor_needs_a_manager(rate: str, role: Role) -> None:
    played = after_formal_notice()
    rung = played.context.policy.at("dossier_judiciaire")
    assert rung is not None
    alone = rung.model_copy(update={"approval": Role.NONE})
    context = played.context.model_copy(update={"creditor": ACME.model_copy(update={"late_rate": rate})})
    assert approver(played.case, alone, context) is role


def test_the_formal_notice_of_a_known_debtor_waits_for_nobody_to_name_it() -> None:
    played = at_approval()
    tell(played, "approve", step="mise_en_demeure")
    assert isinstance(played.decision.step, Send)


def test_a_preview_takes_it_that_a_person_says_what_the_debtor_is() -> None:
    played = of_unknown_kind()
    forecast = Preview({"acme": ACME}, played.context.tables, date(2025, 9, 1), date(2026, 6, 1))
    forecast.add(played.case.id, played.case.invoice, played.context.policy)
    assert "mise_en_demeure" in [notice.step for notice in forecast.run().notices]
