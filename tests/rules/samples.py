"""The bakery's invoice of 1 200 €, at the places of its way where something may be said."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.scenarios import FILES, Play, Scenario, json_of, read

CLAIRE = {"by": "claire", "actor": "manager", "via": "console"}
"""A manager who is logged in to the console."""


@cache
def _scenario() -> Scenario:
    return read(next(file for file in FILES if Path(file).stem.startswith("02_")))


def fresh() -> Play:
    """Opened in September 2025, due on 5 October; nothing has happened."""
    return Play.start(_scenario().invoice, _scenario().opened)


def after_reminder() -> Play:
    """On 10 October 2025, the first relance just sent by e-mail."""
    return fresh().until(datetime(2025, 10, 10, 12, tzinfo=UTC))


def at_approval() -> Play:
    """The approval of the mise en demeure has been asked for."""
    played = fresh()
    while played.case.approval is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    return played


def after_formal_notice() -> Play:
    """The mise en demeure lies in the tray."""
    scenario, played = _scenario(), fresh()
    for happening in scenario.happens:
        if happening["kind"] == "letter_posted":
            break
        played.say(happening["kind"], **json_of(happening))
    while played.case.taken("mise_en_demeure") is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    return played


def closed_paid() -> Play:
    """Paid in full on 10 October 2025."""
    played = after_reminder()
    played.say("paid")
    return played
