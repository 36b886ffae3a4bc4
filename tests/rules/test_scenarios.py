"""Every scenario, played through the pure rules, gives the timeline it expects."""

from pathlib import Path

import pytest

from rules import events as e
from tests.scenarios import FILES, play, read


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenario_gives_its_timeline(file: Path) -> None:
    scenario = read(file)
    assert play(scenario).timeline() == scenario.expected, scenario.title


def test_there_are_scenarios() -> None:
    assert len(FILES) >= 19


@pytest.mark.parametrize("file", [file for file in FILES if read(file).routes is not None], ids=lambda file: file.stem)
def test_a_scenario_is_proposed_its_routes(file: Path) -> None:
    """Each procedure in its turn, with its court; asked again, an unchanged proposal counts once."""
    scenario = read(file)
    asked = [event.route for event in play(scenario).history if isinstance(event, e.ApprovalRequested) and event.route]
    told = [f"{route.procedure} {route.court} {route.place}" for route in asked]
    assert tuple(line for at, line in enumerate(told) if told[at - 1 : at] != [line]) == scenario.routes
    assert all(route.reasons and route.durations is not None and route.criteria for route in asked)
