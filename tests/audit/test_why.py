"""Why a letter left, and why none did: the facts, the rule, the article, the line of the policy."""

from datetime import UTC, date, datetime

import pytest

from audit.office import auditor
from audit.reasons import Source, Why
from audit.why import why
from rules.explain import Verdict
from rules.refusals import Refused
from settings import Settings
from tests.audit.conftest import Played

LATER = datetime(2026, 1, 5, 8, tzinfo=UTC)


async def asked(book: Settings, played: Played, on: date | None) -> Why:
    async with auditor(book) as one:
        return why(*await one.gathered(played.case), on=on, now=LATER)


async def test_a_letter_that_left_is_explained_by_the_decision_recorded_then(book: Settings, played: Played) -> None:
    found = await asked(book, played, date(2025, 9, 11))
    (sent,) = found.done
    assert sent.what.startswith("Première relance par courriel")
    reason = sent.reason
    assert reason is not None
    assert (reason.source, reason.kind, reason.step) == (Source.RECORDED, "send", "relance_1")
    when = next(one for one in reason.asked if one.rule == "when")
    assert [line.text for line in when.policy] == ['when = "due + 5"']
    assert all(one.verdict is Verdict.GOES_ON for one in reason.asked)


async def test_a_letter_that_did_not_leave_is_explained_by_what_stopped_it(book: Settings, played: Played) -> None:
    found = await asked(book, played, date(2025, 9, 25))
    assert found.done == ()
    assert found.standing.because == "litige en cours"
    stopped = found.standing.asked[-1]
    assert (stopped.rule, stopped.verdict) == ("pause", Verdict.STOPS)
    assert "20/09/2025" in stopped.answer
    assert {line.setting for line in stopped.policy} == {"dispute.undisputed_part", "dispute.answer_days"}
    assert found.after is not None
    assert "Contestation rejetée" in found.after
    assert next(fact for fact in found.facts if fact.name == "Dû").articles == ("L441-10 II C. com.", "D441-5 C. com.")


async def test_without_a_day_it_is_the_last_act_and_what_stands(book: Settings, played: Played) -> None:
    found = await asked(book, played, None)
    assert [one.reason is not None for one in found.done] == [True]
    assert found.standing.kind == "close"
    assert found.after is None


async def test_before_the_case_there_is_nothing_to_explain(book: Settings, played: Played) -> None:
    with pytest.raises(Refused, match="nothing was decided before"):
        await asked(book, played, date(2025, 8, 1))
