"""The verdict at the end of a demonstration: it sees what must not be, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from demo.picture import letters_by_step, step_of
from demo.verdict import LATE, _of_events, _of_mail, _of_row
from ledger.reads import CaseRow
from rules import events as e
from rules.case import Stage
from rules.outbox import Covered, Message, MessageState

NOW = datetime(2026, 4, 6, tzinfo=UTC)
DAY = date(2026, 3, 2)


def row(**changed: Any) -> CaseRow:
    """A row with what the verdict looks at."""
    usual: dict[str, Any] = {
        "id": "invoice/acme/F-1",
        "number": "F-1",
        "stage": Stage.AMICABLE,
        "suspended_by": None,
        "next_step": "relance_2",
        "next_at": NOW,
        "because": "…",
        "tasks": 0,
    }
    return CaseRow.model_construct(**{**usual, **changed})


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, False),
        ({"next_at": None}, True),
        ({"next_at": None, "tasks": 1}, False),
        ({"next_at": None, "suspended_by": "dispute"}, False),
        ({"next_at": None, "stage": Stage.JUDICIAL}, False),
        ({"next_at": None, "stage": Stage.CLOSED}, False),
        ({"next_at": NOW - LATE - timedelta(days=1)}, True),
        ({"next_at": NOW - LATE + timedelta(days=1)}, False),
    ],
)
def test_an_open_case_waits_for_a_moment_or_a_person(changed: dict[str, Any], *, wrong: bool) -> None:
    assert bool(list(_of_row(row(**changed), NOW))) is wrong


def happened(kind: type[e.Event], **fields: Any) -> e.Event:
    return kind.model_validate({"id": "x", "on": DAY, "at": NOW, **fields})


def sent(**fields: Any) -> e.Event:
    letter = {"step": "relance_1", "passage": 1, "channel": "email", "message_id": "<a@x>"}
    return happened(e.NoticeSent, **letter, principal="1.00", claim="1.00", **fields)


CLOSED = happened(e.CaseClosed, outcome="paid")
OPENED = happened(e.CaseOpened, policy="standard", version="1", continues=True)
WITHDRAWN = happened(e.LetterWithdrawn, step="relance_1", passage=1, message_id="<a@x>", because="revenue")
DOUBT = happened(e.NoticeInDoubt, step="relance_1", passage=1, channel="email", message_id="<a@x>")


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([sent(), CLOSED], None),
        ([CLOSED, sent()], "although the case was closed"),
        ([CLOSED, sent(crossed=True)], None),
        ([CLOSED, OPENED, sent()], None),
        ([sent(), sent()], "2 times"),
        ([sent(), WITHDRAWN, sent()], None),
        ([DOUBT], "nothing here gives cause for"),
    ],
)
def test_letters_and_closing(events: list[e.Event], words: str | None) -> None:
    found = list(_of_events(row(), events))
    assert (len(found), words is None or words in found[0]) == (0 if words is None else 1, True)


def message(name: str, channel: str = "email", *copies: str, state: MessageState = MessageState.SENT) -> Message:
    covers = (
        Covered(case="c1", passage=1, step="relance_1", balance=Decimal(1), claim=Decimal(1)),
        Covered(case="c2", passage=1, step="derniere_relance", balance=Decimal(1), claim=Decimal(1)),
    )
    return Message(
        id=f"<{name}@x>", creditor="acme", debtor="C-1", currency="EUR", day=DAY, channel=channel, copies=copies,
        state=state, started_at=NOW, sent_at=NOW if state is MessageState.SENT else None, sender="c1", covers=covers,
    )  # fmt: skip


def test_every_e_mail_arrived_once() -> None:
    messages = [message("a"), message("b", "registered_letter", "email"), message("c", "letter")]
    assert list(_of_mail(messages, set(), ["<a@x>", "<email.b@x>"])) == []
    (twice,) = _of_mail(messages, set(), ["<a@x>", "<a@x>", "<email.b@x>"])
    assert "2 times" in twice
    (lost,) = _of_mail(messages, set(), ["<a@x>"])
    assert "never arrived" in lost
    (unknown,) = _of_mail([message("d", state=MessageState.FAILED)], set(), ["<d@x>"])
    assert "not marked as sent" in unknown


def test_a_message_counts_at_its_highest_rung_and_its_copies_count() -> None:
    assert step_of(message("a")) == "derniere_relance"
    counted = letters_by_step([message("a", "email", "letter"), message("b")])
    assert counted == {("derniere_relance", "email"): 2, ("derniere_relance", "letter"): 1}


def test_the_copy_of_a_letter_that_was_written_anew_is_told_by_the_case() -> None:
    anew = [message("b", channel="registered_letter")]
    assert len(list(_of_mail(anew, set(), ["<email.b@x>"]))) == 1
    assert list(_of_mail(anew, {"email.b@x"}, ["<email.b@x>"])) == []
