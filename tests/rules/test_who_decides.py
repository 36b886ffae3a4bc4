"""What the policy submits to a manager: by which word it takes effect, and who is known to be one."""

from decimal import Decimal

from rules.actors import authenticated
from tests.rules.samples import CLAIRE, at_approval
from tests.rules.test_admission import refused, tell
from tests.rules.test_sums_in_doubt import guarded, under
from tests.rules.test_tasks import kinds, the

ANNE = {"by": "anne", "actor": "operator", "via": "command"}


def test_only_who_is_known_to_be_a_manager_grants() -> None:
    played = under(guarded())
    tell(played, "waive", principal="150.00", **ANNE)
    grant = {"task": the(played, "grant").id, "outcome": "granted"}
    assert "an operator is none" in refused(played, "task_done", **grant, **ANNE).sentence
    assert "--as LOGIN" in refused(played, "task_done", **grant).sentence
    played.say("task_done", **grant, **CLAIRE)  # a raw signal, which is not believed
    assert played.history[-1].kind == "signal_refused"
    assert tell(played, "task_done", **grant, **CLAIRE)
    assert played.case.open_principal == Decimal("1050.00")


def test_what_a_manager_says_herself_waits_for_nobody() -> None:
    played = under(guarded())
    tell(played, "waive", principal="150.00", **CLAIRE)
    assert played.case.open_principal == Decimal("1050.00")
    assert "grant" not in kinds(played)


def test_a_step_that_is_a_managers_no_operator_approves() -> None:
    played = at_approval()
    asked = played.case.approval
    assert asked is not None
    played.case = played.case.model_copy(update={"approval": asked.model_copy(update={"role": "manager"})})
    assert "to a manager" in refused(played, "approve", step="mise_en_demeure", **ANNE).sentence
    (unproved,) = tell(played, "approve", step="mise_en_demeure")
    assert not authenticated(unproved)
