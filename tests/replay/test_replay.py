"""Yesterday's cases run on today's workflow: every stored history replays, and says what it decided."""

from pathlib import Path

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from rules.case import Stage
from rules.decision import PrepareFile, Send
from rules.events import Event
from tests.replay.shelf import BAD, FOLDER, GOOD, RELEASE, answers, load, name_of, orders, start_of, store
from tests.scenarios import FILES, line_of, read
from workflows.guard import Guard
from workflows.mirror import Mirror
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import sandbox

HOW_TO_RECORD = (
    "if this release's histories have left the house, begin the next folder (RELEASE in tests/replay/shelf.py); "
    "if not, delete its history; then run: python -m tests.replay.record"
)


def replayer() -> Replayer:
    return Replayer(
        workflows=[InvoiceRecovery],
        workflow_runner=sandbox(),
        data_converter=pydantic_data_converter,
        interceptors=[Guard()],
    )


def test_every_scenario_has_its_history() -> None:
    stored = {name_of(file) for file in GOOD}
    missing = [file.stem for file in FILES if f"{RELEASE}/{file.stem}" not in stored]
    assert not missing, f"no history of {', '.join(missing)}; run: python -m tests.replay.record"


@pytest.mark.parametrize("file", GOOD, ids=name_of)
async def test_a_stored_history_replays(file: Path) -> None:
    await replayer().replay_workflow(load(file))


@pytest.mark.parametrize("file", BAD, ids=name_of)
async def test_a_history_with_a_changed_command_does_not(file: Path) -> None:
    with pytest.raises(NondeterminismError, match="TMPRL1100"):
        await replayer().replay_workflow(load(file))


def test_there_is_one_that_must_fail() -> None:
    assert BAD


@pytest.mark.parametrize("file", GOOD, ids=name_of)
def test_the_events_fold_to_the_decisions(file: Path) -> None:
    """Replay does not compare what was decided; this does: each decision stands where its events end."""
    history = load(file)
    invoice, _ = start_of(history)
    mirror = Mirror(history.workflow_id, invoice)
    told = list(answers(history))
    assert told
    for answer in told:
        before = mirror.position
        mirror.absorb(answer)
        assert answer.since <= before
        assert mirror.position == answer.position == answer.since + len(answer.events)
        assert answer.decision is not None
        assert answer.decision.position == answer.position
        case = mirror.view()
        assert case.ledger.position == answer.position
        assert case.stage == answer.decision.stage
        assert (case.stage == Stage.CLOSED) == (case.outcome is not None)


@pytest.mark.parametrize("file", GOOD, ids=name_of)
def test_only_what_was_decided_is_done(file: Path) -> None:
    history = load(file)
    decided = {
        (answer.position, answer.decision.step.step, answer.decision.step.passage)
        for answer in answers(history)
        if answer.decision is not None and isinstance(answer.decision.step, Send | PrepareFile)
    }
    for event, order in orders(history):
        assert (order.known, order.step, order.passage) in decided, f"event {event.event_id} was never decided"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenarios_newest_history_holds_its_timeline(file: Path) -> None:
    """Older releases keep what was true then."""
    stored = FOLDER / RELEASE / f"{file.stem}.json.gz"
    events: dict[int, Event] = {}
    for answer in answers(load(stored)):
        events |= dict(enumerate(answer.events, answer.since + 1))
    found = tuple(line_of(events[place]) for place in sorted(events))
    assert found == read(file).expected, f"the scenario has changed: {HOW_TO_RECORD}"


def test_a_stored_history_is_never_overwritten(tmp_path: Path) -> None:
    history = load(GOOD[0])
    store(tmp_path / "one.json.gz", history)
    with pytest.raises(FileExistsError):
        store(tmp_path / "one.json.gz", history)
    assert load(tmp_path / "one.json.gz") == history
