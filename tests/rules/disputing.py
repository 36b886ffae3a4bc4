"""The law of disputes: each has its own end."""

from rules import events as e
from rules.fold import fold
from tests.rules.lives import Life


def disputes_end_one_by_one(life: Life) -> None:
    """The end of one dispute leaves the others open; an end that names none ends the only one."""
    for answer in life.answers:
        for event in answer.events:
            if not isinstance(event, e.DisputeSettled):
                continue
            before = [dispute.id for dispute in answer.case.disputes]
            left = [dispute.id for dispute in fold(answer.case, event).disputes]
            assert event.dispute is not None or len(before) <= 1
            assert left == ([] if event.dispute in (None, "all") else [id_ for id_ in before if id_ != event.dispute])
