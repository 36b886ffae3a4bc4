"""A claim assigned to a factor: stopped when the debtor was told, recovered in the creditor's name when not."""

from datetime import UTC, datetime

from rules import events as e
from rules.compose import compose
from rules.decision import Send
from tests.rules.samples import after_formal_notice, after_reminder, at_approval
from tests.rules.test_admission import refused, tell
from tests.rules.test_sums_in_doubt import sent
from tests.rules.test_tasks import kinds, the
from tests.scenarios import Play

IBAN = "FR1420041010050500013M02606"


def confidential(played: Play, **more: object) -> Play:
    tell(played, "assigned", to="Factor SA", notified=False, **more)
    return played


def test_in_confidence_the_reminders_go_on_and_the_mise_en_demeure_asks_the_factor() -> None:
    played = confidential(after_reminder())
    played.until(datetime(2026, 2, 1, tzinfo=UTC))
    assert sent(played)[-1] == "derniere_relance"
    assert kinds(played) == ["factor_consent"]
    assert "accord de Factor SA attendu" in played.decision.because
    tell(played, "task_done", task=the(played, "factor_consent").id, outcome="granted")
    played.until(datetime(2026, 2, 4, tzinfo=UTC))
    assert kinds(played) == ["approve"]


def test_a_factor_that_does_not_consent_leaves_the_decision_to_a_manager() -> None:
    played = confidential(after_reminder())
    played.until(datetime(2026, 2, 1, tzinfo=UTC))
    tell(played, "task_done", task=the(played, "factor_consent").id, outcome="refused")
    played.until(datetime(2026, 4, 1, tzinfo=UTC))
    assert kinds(played) == ["decide"]
    assert "mise_en_demeure" not in sent(played)
    tell(played, "reassigned")
    played.until(datetime(2026, 4, 2, tzinfo=UTC))
    assert kinds(played) == ["approve"]


def test_a_mise_en_demeure_in_the_tray_is_withdrawn_when_a_factor_has_a_say() -> None:
    played = confidential(after_formal_notice())
    (gone,) = [event for event in played.history if isinstance(event, e.LetterWithdrawn)]
    assert gone.because == "la créance a été cédée : l'accord de l'affactureur est attendu"
    assert kinds(played) == ["factor_consent"]


def test_the_file_for_the_judge_asks_the_factor_too() -> None:
    played = after_formal_notice()
    tell(played, "letter_posted", step="mise_en_demeure")
    tell(played, "letter_delivered", step="mise_en_demeure")
    confidential(played)
    played.until(datetime(2026, 2, 1, tzinfo=UTC))
    assert kinds(played) == ["factor_consent"]
    assert played.case.file is None


def test_an_account_named_by_the_assignment_is_checked_before_a_letter_names_it() -> None:
    played = confidential(after_reminder(), payee_iban="FR14 2004 1010 0505 0001 3M02 606")
    assert kinds(played) == ["check_account"]
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    assert sent(played) == ["rappel", "relance_1"]
    tell(played, "task_done", task=the(played, "check_account").id, outcome="confirmed")
    step, at = played.decision.step, played.decision.at
    assert isinstance(step, Send)
    assert at is not None
    letter = compose((played.case, step), (), played.context, at, message_id="<m>")
    assert (letter.iban, letter.payee and letter.payee.name) == (IBAN, "Acme SAS")


def test_an_account_that_is_not_the_factors_changes_nothing() -> None:
    played = confidential(after_reminder(), payee_iban=IBAN)
    tell(played, "task_done", task=the(played, "check_account").id, outcome="rejected")
    assert (played.case.invoice.payee, played.decision.name) == (None, "relance_2")
    assert "check digits" in refused(played, "assigned", to="X", notified=False, payee_iban="FR15" + IBAN[4:]).sentence


def test_a_notified_assignment_taken_back_goes_on_where_it_stood() -> None:
    played = at_approval()
    tell(played, "assigned", to="Factor SA")
    assert played.decision.name == "close"
    opened = played.history[0]
    assert isinstance(opened, e.CaseOpened)
    again = opened.model_copy(update={"id": "opened/again", "at": played.case.last_at, "continues": True})
    played.enter(again)
    tell(played, "reassigned")
    assert played.case.reopened is None
    assert kinds(played) == ["approve"]
    assert sent(played) == ["rappel", "relance_1", "relance_2", "derniere_relance"]
