"""A registered letter on its way: posted, delivered, lost, returned."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules import events as e
from rules.case import StepOutcome
from rules.decision import DebtorFacts
from rules.fold import fold
from tests.rules.samples import after_formal_notice, at_approval
from tests.rules.test_admission import tell
from tests.scenarios import FILES, Play, json_of, read


def at_the_post() -> Play:
    """The mise en demeure approved on the 18th and posted on the 19th of November 2025."""
    scenario = read(next(file for file in FILES if file.stem.startswith("02_")))
    played = Play.start(scenario.invoice, scenario.opened)
    for happening in scenario.happens[:3]:
        played.say(happening["kind"], **json_of(happening))
    return played


def kinds(played: Play) -> list[str]:
    return [task.kind for task in played.decision.tasks]


def test_no_news_of_a_posted_letter_opens_a_task() -> None:
    played = at_the_post()
    assert kinds(played) == []
    played.until(datetime(2025, 12, 3, 22, 30, tzinfo=UTC))
    assert kinds(played) == []
    played.until(datetime(2025, 12, 5, tzinfo=UTC))
    assert kinds(played) == ["delivery_news"]
    played.say("letter_delivered", step="mise_en_demeure", delivered_on="2025-11-22", on="2025-12-08")
    assert kinds(played) == ["approve"]


def test_the_answer_period_runs_from_delivery() -> None:
    played = at_the_post()
    played.say("letter_delivered", step="mise_en_demeure", delivered_on="2025-11-21", on="2025-11-21")
    assert played.decision.name == "dossier_judiciaire"
    assert f"{played.decision.at:%Y-%m-%d}" == "2025-12-04"


def test_an_unclaimed_letter_is_valid_from_its_presentation() -> None:
    played = at_the_post()
    played.say("letter_returned", step="mise_en_demeure", cause="unclaimed", presented_on="2025-11-20", on="2025-12-06")
    assert played.decision.stage == "pre_judicial"
    assert played.decision.name == "dossier_judiciaire"


def test_an_unknown_address_is_no_silence_of_the_debtor() -> None:
    played = at_the_post()
    played.say("letter_returned", step="mise_en_demeure", cause="unknown_address", on="2025-11-25")
    assert played.decision.suspended is not None
    assert played.decision.suspended.by == "returned_letter"
    assert kinds(played) == ["check_address"]
    played.until(datetime(2026, 6, 1, tzinfo=UTC))
    assert "file_prepared" not in [event.kind for event in played.history]


def test_letters_about_other_invoices_do_not_delay_a_mise_en_demeure() -> None:
    scenario = read(next(file for file in FILES if file.stem.startswith("02_")))
    played = Play.start(scenario.invoice, scenario.opened).until(datetime(2025, 11, 17, 9, tzinfo=UTC))
    others = DebtorFacts(written_on=date(2025, 11, 17), contacts=(date(2025, 11, 13), date(2025, 11, 17)))
    played.context = played.context.model_copy(update={"debtor": others})
    played.say("approve", step="mise_en_demeure", on="2025-11-18")
    assert played.history[-1].kind == "step_approved"
    assert played.decision.name == "mise_en_demeure"
    assert f"{played.decision.at:%Y-%m-%d}" == "2025-11-18"


def test_an_approval_whose_letter_could_not_leave_is_asked_again_and_says_why() -> None:
    scenario = read(next(file for file in FILES if file.stem.startswith("02_")))
    played = Play.start(scenario.invoice, scenario.opened).until(datetime(2025, 11, 17, 9, tzinfo=UTC))
    played.say("approve", step="mise_en_demeure", on="2025-11-18")
    played.settle(datetime(2025, 11, 21, 6, tzinfo=UTC))
    lapsed = [event for event in played.history if isinstance(event, e.ApprovalLapsed)]
    assert [event.because for event in lapsed] == ["validée, mais pas partie avant le 20/11/2025"]


def test_a_semester_without_a_rate_is_one_maintainers_task_for_the_whole_book() -> None:
    scenario = read(next(file for file in FILES if file.stem.startswith("02_")))
    played = Play.start(scenario.invoice, scenario.opened)
    played.say("hold", on="2025-10-12")
    played.until(datetime(2027, 2, 1, tzinfo=UTC))
    played.settle(datetime(2026, 12, 30, tzinfo=UTC))
    assert "publish_rate" not in kinds(played)
    played.settle(datetime(2027, 1, 3, tzinfo=UTC))
    task = next(task for task in played.decision.tasks if task.kind == "publish_rate")
    assert (task.id, task.owner) == ("publish_rate/2027-S1", "maintainer")
    assert played.decision.claim.interest > 0


def test_a_letter_that_a_carrier_took_is_posted_and_nobody_has_to() -> None:
    played = at_the_post()
    taken = played.case.taken("mise_en_demeure")
    assert taken is not None
    carried = e.NoticeSent(
        id="relance/99", on=taken.on, at=played.case.last_at, step="mise_en_demeure", passage=1,
        channel="registered_letter", message_id="<m>", principal=Decimal(1200), claim=Decimal(1200),
        carrier="provider.example",
    )  # fmt: skip
    now = fold(played.case, carried).taken("mise_en_demeure")
    assert now is not None
    assert (now.outcome, now.posted_on) == (StepOutcome.POSTED, taken.on)


def test_a_doubtful_registered_letter_that_did_leave_is_with_its_carrier() -> None:
    played = at_the_post()
    doubt = e.NoticeInDoubt(
        id="relance/99", on=date(2025, 11, 19), at=played.case.last_at, step="mise_en_demeure", passage=1,
        channel="registered_letter", message_id="<m>",
    )  # fmt: skip
    settled = e.TaskClosed(id="t", on=doubt.on, at=doubt.at, door="update", task="in_doubt/relance/99", outcome="sent")
    now = fold(fold(played.case, doubt), settled).taken("mise_en_demeure")
    assert now is not None
    assert (now.outcome, now.posted_on) == (StepOutcome.POSTED, date(2025, 11, 19))


def test_a_letter_that_nobody_posted_is_written_anew_without_a_second_copy() -> None:
    """The debtor holds the e-mail already: the same demand is not copied to him at each new letter in the tray."""
    scenario = read(next(file for file in FILES if file.stem.startswith("02_")))
    played = Play.start(scenario.invoice, scenario.opened)
    for happening in scenario.happens[:2]:
        played.say(happening["kind"], **json_of(happening))
    played.until(datetime(2025, 11, 25, 9, tzinfo=UTC))
    played.say("approve", step="mise_en_demeure", on="2025-11-25")
    played.until(datetime(2025, 11, 27, tzinfo=UTC))
    sent = [event for event in played.history if isinstance(event, e.NoticeSent) and event.step == "mise_en_demeure"]
    assert len(sent) > 1
    assert [event.copies for event in sent] == [("email",), *[()] * (len(sent) - 1)]


RETENTION = {"amount": "300.00", "until": "2026-09-01"}
LATER = {"instalments": [{"due_on": "2025-10-05", "amount": "600.00"}, {"due_on": "2026-03-05", "amount": "600.00"}]}
WAIVED = {"interest": "5.00", "indemnity": "40.00"}
CHANGES = [("retention", RETENTION), ("terms_changed", LATER), ("waive", WAIVED)]


@pytest.mark.parametrize(("said", "words"), CHANGES)
def test_a_letter_of_the_tray_that_asks_too_much_is_withdrawn(said: str, words: dict[str, object]) -> None:
    played = after_formal_notice()
    tell(played, said, **words)
    gone = [event for event in played.history if isinstance(event, e.LetterWithdrawn)]
    assert [event.because for event in gone] == ["le montant réclamé a changé"]
    assert "approval_lapsed" in [event.kind for event in played.history]


@pytest.mark.parametrize(("said", "words"), CHANGES)
def test_an_approval_of_another_sum_lapses(said: str, words: dict[str, object]) -> None:
    played = at_approval()
    asked = played.case.approval
    tell(played, said, **words)
    assert "approval_lapsed" in [event.kind for event in played.history]
    assert played.case.approval is not None
    assert played.case.approval != asked


def test_a_second_instalment_falling_due_neither_withdraws_the_letter_nor_ends_its_approval() -> None:
    played = at_approval()
    tell(played, "terms_changed", instalments=[
        {"due_on": "2025-10-05", "amount": "600.00"}, {"due_on": "2025-11-19", "amount": "600.00"},
    ])  # fmt: skip
    before = len(played.history)
    tell(played, "approve", step="mise_en_demeure")
    played.until(datetime(2025, 11, 19, 12, tzinfo=UTC))
    kinds_since = [event.kind for event in played.history[before:]]
    assert "notice_sent" in kinds_since
    assert not {"approval_lapsed", "letter_withdrawn"} & set(kinds_since)
