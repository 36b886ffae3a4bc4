"""What must hold when a demonstration ends, checked by reading the ledger, the mail folder and Temporal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeGuard

from temporalio.client import Client

from ledger.chain import verify
from ledger.reads import CaseRow, MessageFilter, Reads
from rules import events as e
from rules.case import Stage
from rules.outbox import Message

LATE = timedelta(days=7)
"""An act that is this much behind its moment, in virtual time, has not merely been queueing."""
_MISHAPS = (e.NoticeFailed, e.NoticeInDoubt, e.ActGaveUp)
_BROKEN = "ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled')"
_STUCK = "TemporalReportedProblems IS NOT NULL"


async def faults(
    reads: Reads, client: Client, rows: Sequence[CaseRow], caught: Sequence[str], now: datetime
) -> list[str]:
    """Everything that is wrong, a sentence each. ``caught``: the Message-IDs that the mail catcher has."""
    found = [fault for row in rows for fault in _of_row(row, now)]
    copied: set[str] = set()
    for row in rows:
        events = await reads.case_events(row.id)
        found += _of_events(row, events)
        copied |= {_copy_id(event.message_id) for event in events if _copied(event)}
        broken = verify(await reads.chain_rows(row.id), await reads.chain_head(row.id))
        if broken is not None:
            found.append(f"{row.number}: the ledger's chain is broken at position {broken}.")
    found += _of_mail(await reads.messages(MessageFilter(limit=100_000)), copied, caught)
    for query, what in ((_BROKEN, "did not end by themselves"), (_STUCK, "cannot go on")):
        names = [execution.id async for execution in client.list_workflows(query)]
        if names:
            found.append(f"{len(names)} workflows {what}: {', '.join(sorted(names)[:5])}.")
    return found


def _of_row(row: CaseRow, now: datetime) -> Iterator[str]:
    if row.stage is Stage.CLOSED:
        return
    waits = row.suspended_by is not None or row.stage is Stage.JUDICIAL  # then the court's word comes next
    if row.next_at is None and not row.tasks and not waits:
        yield f"{row.number}: nothing is awaited and nobody has anything to do ({row.because})."
    if row.next_at is not None and now - row.next_at > LATE:
        yield f"{row.number}: {row.next_step} was awaited on {row.next_at:%Y-%m-%d} and has not come."


def _of_events(row: CaseRow, events: Iterable[e.Event]) -> Iterator[str]:
    """No letter leaves a closed case unless it was already on its way; no rung is taken twice in a passage."""
    closed = False
    taken: Counter[tuple[str, int]] = Counter()
    for event in events:
        if isinstance(event, e.CaseOpened):
            closed = False
        elif isinstance(event, e.CaseClosed):
            closed = True
        elif isinstance(event, e.NoticeSent):
            taken[event.step, event.passage] += 1
            if closed and not event.crossed:
                yield f"{row.number}: {event.step} left on {event.on} although the case was closed."
        elif isinstance(event, e.LetterWithdrawn):
            taken[event.step, event.passage] -= 1  # one that came back, or was never posted, is written anew
        elif isinstance(event, _MISHAPS):
            yield f"{row.number}: {event.kind} on {event.on}, which nothing here gives cause for."
    for (step, passage), times in taken.items():
        if times > 1:
            yield f"{row.number}: {step} of passage {passage} was sent {times} times."


def _of_mail(messages: Iterable[Message], copied: set[str], caught: Sequence[str]) -> Iterator[str]:
    """Every e-mail of the outbox was caught once, and nothing else was. ``copied``: the copies that the cases tell of;
    a letter written anew, since nobody had posted it, goes without the one that the debtor has, and its row says so."""
    sent = {_mail_id(m) for m in messages if m.sent_at is not None and "email" in (m.channel, *m.copies)}
    arrived = Counter(message_id.strip("<>") for message_id in caught)
    for message_id, times in arrived.items():
        if times > 1:
            yield f"The message {message_id} arrived {times} times."
    for message_id in sorted(sent - set(arrived)):
        yield f"The message {message_id} is marked as sent and never arrived."
    for message_id in sorted(set(arrived) - sent - copied):
        yield f"The message {message_id} arrived and is not marked as sent."


def _copied(event: e.Event) -> TypeGuard[e.NoticeSent]:
    return isinstance(event, e.NoticeSent) and "email" in event.copies


def _mail_id(message: Message) -> str:
    return message.id.strip("<>") if message.channel == "email" else _copy_id(message.id)


def _copy_id(message_id: str) -> str:
    """The Message-ID without its brackets; that of a copy names its channel before it."""
    return "email." + message_id.strip("<>")
