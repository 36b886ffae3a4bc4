"""Who stands behind an event: what an authenticated door said, never what a raw signal claims."""

from datetime import UTC, datetime

import pytest

from rules import events as e
from rules.actors import Actor, actor_of, authenticated
from rules.admit import admit
from rules.reading import parse_command
from tests.scenarios import FILES, Play, read

NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
CLAIMED = {"amount": "1.00", "by": "marie", "actor": "operator", "via": "console"}


def entered(door: str, name: str = "paid", **payload: object) -> e.Event:
    scenario = read(FILES[0])
    case = Play.start(scenario.invoice, scenario.opened)
    command = parse_command(name, payload or CLAIMED)
    return admit(case.case, command, case.context, NOW, said_id="s1", door=door)[0]


def test_a_door_is_believed() -> None:
    event = entered("update")
    assert (actor_of(event), event.door, event.by) == (Actor.OPERATOR, "console", "marie")
    assert authenticated(event)


@pytest.mark.parametrize("door", ["signal", "update"])
def test_what_came_by_itself_is_marked(door: str) -> None:
    event = entered(door, amount="1.00")
    assert (actor_of(event), event.door) == (Actor.UNKNOWN, door)
    assert not authenticated(event)


def test_a_raw_signal_that_claims_a_door_is_not_believed() -> None:
    event = entered("signal")
    assert (actor_of(event), event.door) == (Actor.UNKNOWN, "signal")


def test_what_the_debtor_says_is_the_debtor_s() -> None:
    event = entered("update", "debtor_replied", summary="je paie demain", actor="operator", via="console")
    assert actor_of(event) is Actor.DEBTOR


def test_the_house_s_own_events_are_the_system_s() -> None:
    scenario = read(FILES[0])
    own = Play.start(scenario.invoice, scenario.opened).until(NOW).history[1:]
    assert own
    assert {actor_of(event) for event in own} == {Actor.SYSTEM}
