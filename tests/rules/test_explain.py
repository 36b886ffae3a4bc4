"""What ``why`` says agrees with what was decided, at every instant of every life."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from rules.decision import AskApproval, Call, Close, Decision, Park, PrepareFile, Send, Wait
from rules.explain import Asked, Verdict, explain
from rules.policy_file import set_by
from tests.rules.lives import live, lives
from tests.rules.strategies import Plot, plots
from tests.scenarios import FILES, HOUSE, Play, json_of, policy, read


def agrees(decision: Decision, asked: tuple[Asked, ...]) -> bool:
    """Whether the question that settles it is the one that the decision's step answers."""
    last, step = asked[-1], decision.step
    if last.rule == "clock":
        return decision.because in last.answer or isinstance(step, Park)
    match step:
        case Close():
            return last.rule == "closed"
        case Send():
            return last.rule in ("reach", "plan_letter")
        case Call():
            return last.rule == "reach" and last.verdict is Verdict.GOES_ON
        case PrepareFile():
            return last.rule in ("reach", "declaration")
        case AskApproval():
            return last.rule == "approval" and last.verdict is Verdict.STOPS
        case Park():
            return last.verdict is Verdict.STOPS
        case Wait():
            return last.rule == "skip" and last.verdict is Verdict.STOPS


@given(plots())
@settings(max_examples=lives(25))
def test_the_last_answer_is_the_decision(plot: Plot) -> None:
    life = live(plot)
    for frame in life.frames:
        asked = explain(frame.case, life.context, frame.now)
        assert agrees(frame.decision, asked), (frame.decision.step, frame.decision.because, asked[-1])
        assert all(one.verdict is not Verdict.STOPS for one in asked[:-2])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_setting_it_names_stands_in_the_policy(file: Path) -> None:
    scenario = read(file)
    played = Play.start(scenario.invoice, scenario.opened)
    for happening in scenario.happens:
        played.say(happening["kind"], **json_of(happening))
    text = (HOUSE / "policies" / f"{played.context.policy.name}.toml").read_text(encoding="utf-8")
    for one in explain(played.case, played.context, played.decision.facts.now):
        for place in one.policy:
            found = set_by(text, played.context.policy, place)
            assert found is None or found.line is None or place[-1] in text.splitlines()[found.line - 1]


def test_a_line_is_found_in_its_own_rung_in_a_table_and_by_default() -> None:
    text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
    standard = policy()
    rung = set_by(text, standard, ("rung", "relance_2", "when"))
    assert rung is not None
    assert rung.text == 'when = "after(relance_1) + 10"'
    inside = set_by(text, standard, ("spacing", "minimum_days"))
    assert inside is not None
    assert inside.line is not None
    default = set_by(text, standard, ("plan", "grace_business_days"))
    assert default is not None
    assert (default.line, default.text) == (None, "grace_business_days = 3")
    assert set_by(text, standard, ("rung", "nowhere", "when")) is None
