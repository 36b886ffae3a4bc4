"""Every scenario, played through the pure rules, gives the timeline it expects."""

from pathlib import Path

import pytest

from tests.scenarios import FILES, play, read


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenario_gives_its_timeline(file: Path) -> None:
    scenario = read(file)
    assert play(scenario).timeline() == scenario.expected, scenario.title


def test_there_are_scenarios() -> None:
    assert len(FILES) >= 19
