"""Nobody changes what running cases command without knowing it."""

import difflib
import json

import pytest

from tests.replay.fingerprint import KEPT, current, fingerprint

LESSON = """
The commands of workflows/recovery.py changed. Every open case replays its history on the next worker, command by
command: a case that meets another command than the one recorded stops there (NondeterminismError) until an older or a
mended worker comes.

Needs workflow.patched("kebab-case-why"), the old way kept in its other branch:
  - an activity, a timer, an upsert of search attributes added, removed, renamed or moved before another;
  - a condition in front of one of them, when the same case can now go the other way;
  - create_task around one, or no longer: it decides which command comes first.
  In a loop give each turn its own patch id: patched() answers once a run and keeps its answer.
Needs nothing:
  - timeouts, retry policies, summaries, the length of a timer, what an activity does or answers;
  - what comes only after a signal or an update that no open case has seen yet.
What needs it in no case: decisions. Rules, law and policies are asked by activities, and their answers are recorded.

Then: run tests/replay (stored histories must replay as they are), record new ones beside them with
`python -m tests.replay.record`, and accept the change with `python -m tests.replay.fingerprint`.
"""


def test_the_commands_are_those_that_were_committed() -> None:
    kept = json.dumps(json.loads(KEPT.read_text(encoding="utf-8")), indent=1).splitlines()
    now = json.dumps(current(), indent=1).splitlines()
    difference = "\n".join(difflib.unified_diff(kept, now, "committed", "workflows/recovery.py", lineterm="", n=2))
    if difference:
        pytest.fail(f"{LESSON}\n{difference}", pytrace=False)


CLASS = """
class Case:
    async def run(self):
        await self.first()
        self.nothing()
        await workflow.wait_condition(lambda: self.paid)
    async def first(self):
        await workflow.execute_activity({activity}, 1)
        await workflow.wait_condition(lambda: self.paid, timeout=3)
    def nothing(self):
        return 1
"""


def test_it_sees_activities_timers_and_the_way_to_them() -> None:
    seen = fingerprint(CLASS.format(activity="contracts.SEND"))
    assert seen == {
        "Case.run": ["self.first"],
        "Case.first": ["execute_activity(contracts.SEND)", "wait_condition(timeout)"],
    }
    assert fingerprint(CLASS.format(activity="contracts.OTHER")) != seen
