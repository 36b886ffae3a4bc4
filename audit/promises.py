"""Check 5: what Relance promises of every letter, held against the ledger alone. Pure.

No letter out of the ladder's order, out of the policy's hours, closer to the last one than its least distance, or after
the payment.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from audit.findings import Check, Finding, short
from rules import events as e
from rules.calendars import in_window
from rules.case import Case
from rules.claim import region
from rules.limits import letters_window, zone_of
from rules.outbox import Covered, Message, MessageState
from rules.pauses import lies_in_tray
from rules.policy import Policy


def check_promises(
    along: Sequence[Case], events: Sequence[e.Event], messages: Sequence[Message], policies: Mapping[str, Policy]
) -> Iterator[Finding]:
    """``along``: the case after each event. Of a letter that was written anew under its name after it was withdrawn
    the outbox tells no more."""
    by_id = {message.id: message for message in messages}
    withdrawn, back = _withdrawn(along, events)
    last = {event.message_id: place for place, event in enumerate(events) if isinstance(event, e.NoticeSent)}
    for place, event in enumerate(events):
        if not isinstance(event, e.NoticeSent) or place == 0:
            continue
        before, message = along[place - 1], by_id.get(event.message_id)
        policy, out = policies.get(before.version), withdrawn.get(place)
        superseded = (
            out is not None and message is not None and (last[event.message_id] > place or _begun_again(message, out))
        )
        said = None if superseded else message
        for broken in (
            *_order(before, event, policy),
            *_hours(before, event, policy, said),
            *_distance(before, event, policy),
            *_payment(before, event, policy, said),
            *(
                ()
                if superseded
                else _outbox(before, event, message, withdrawn=out is not None, back=event.message_id in back)
            ),
        ):
            yield Finding(
                check=Check.PROMISES, position=place + 1, field=broken.field, said=f"{event.step}: {broken.said}",
                here=broken.here, there=broken.there,
            )  # fmt: skip


def _withdrawn(along: Sequence[Case], events: Sequence[e.Event]) -> tuple[dict[int, e.LetterWithdrawn], set[str]]:
    """The letters that never left the tray, by the place of the event that laid them there, and those that left and
    did not reach the debtor."""
    laid, tray, back = dict[str, int](), dict[int, e.LetterWithdrawn](), set[str]()
    for place, event in enumerate(events):
        if isinstance(event, e.NoticeSent):
            laid[event.message_id] = place
        elif isinstance(event, e.LetterWithdrawn) and place:
            taken = along[place - 1].taken(event.step, event.passage)
            if taken is not None and lies_in_tray(taken, event.message_id):
                tray[laid.get(event.message_id, -1)] = event
            else:
                back.add(event.message_id)
    if along:
        back |= {taken.message_id or "" for taken in along[-1].lost}
    return tray, back


def _begun_again(message: Message, out: e.LetterWithdrawn) -> bool:
    """Whether the outbox tells of the letter that was written anew under the same name, for this case or for others it
    spoke for."""
    return message.state is not MessageState.FAILED and message.started_at >= out.at


DAYS_TO_LEAVE = 31
"""A letter begun before a long week-end, or while the mail server was away, leaves days after."""


class Broken(NamedTuple):
    """A promise that was not kept; ``here``: what the outbox says, ``there``: the event."""

    field: str
    said: str
    here: str | None = None
    there: str | None = None


def _order(before: Case, event: e.NoticeSent, policy: Policy | None) -> Iterator[Broken]:
    taken = before.taken(event.step, event.passage)
    if taken is not None and taken.written:
        yield Broken("order", f"the rung was already taken on {taken.on}")
    rung = policy.at(event.step) if policy is not None else None
    if policy is None or rung is None:
        return
    ladder = [other.step for other in policy.rung]
    later = set(ladder[ladder.index(event.step) + 1 :])
    above = [s for s in before.steps if s.passage == event.passage and s.written and s.step in later]
    if above:
        yield Broken("order", f"{above[0].step}, which comes after it, was sent on {above[0].on}")


def _hours(before: Case, event: e.NoticeSent, policy: Policy | None, message: Message | None) -> Iterator[Broken]:
    sent = _moment(event, message)
    if policy is None:
        return
    window, zone = letters_window(before, policy), zone_of(before, policy)
    if not in_window(window, zone, region(before), sent):
        yield Broken("hours", f"it left at {sent.astimezone(zone):%a %d/%m/%Y %H:%M}, out of the hours of this debtor")


def _distance(before: Case, event: e.NoticeSent, policy: Policy | None) -> Iterator[Broken]:
    last = before.last_written
    if policy is None or policy.at(event.step) is None or last is None or last.message_id == event.message_id:
        return
    days = (event.on - last.on).days
    if days < policy.spacing.minimum_days:
        yield Broken("distance", f"{days} days after {last.step}; the least is {policy.spacing.minimum_days}")


def _payment(before: Case, event: e.NoticeSent, policy: Policy | None, message: Message | None) -> Iterator[Broken]:
    covered = before.closed is not None or (policy is not None and before.open_principal <= policy.tolerance)
    if not covered:
        return
    if not event.crossed:
        yield Broken("payment", "the principal was paid before it left")
        return
    paid = max((payment.at for payment in before.payments), default=None)
    begun = _begun(event, message)
    if paid is not None and begun > paid:
        yield Broken("payment", f"it is marked as crossed, but was begun on {begun:%d/%m/%Y %H:%M}, after the payment")


def _outbox(
    before: Case, event: e.NoticeSent, message: Message | None, *, withdrawn: bool, back: bool
) -> Iterator[Broken]:
    """The outbox agrees with the event that was entered from it."""
    if message is None:
        yield Broken("messages", "the outbox knows no such message")
        return
    said = message.of(before.id) or Covered(case="", passage=0, step="", balance=event.principal, claim=event.claim)
    if back and said.case == "":  # its rung was given free for the letter that replaced it
        said = Covered(
            case=before.id, passage=event.passage, step=event.step, balance=event.principal, claim=event.claim
        )
        message = message.model_copy(update={"covers": (*message.covers, said), "rung": None})
    # Earlier versions wrote a letter that came back down as failed.
    failed = withdrawn or (back and message.state is MessageState.FAILED)
    pairs = (
        ("messages.state", str(message.state), str(MessageState.FAILED if failed else MessageState.SENT)),
        ("messages.channel", message.channel, event.channel),
        ("messages.copies", message.copies, event.copies),
        ("messages.debtor", message.debtor, before.invoice.debtor.id),
        ("messages.creditor", message.creditor, before.invoice.creditor),
        ("messages.variant", message.variant, event.variant),
        ("messages.profile", message.profile, event.profile),
        ("messages.carrier", message.carrier, event.carrier),
        ("messages.rung", message.rung in (None, *(one.step for one in message.covers)), True),
        ("messages.sender", message.sender in {before.id, *(one.case for one in message.covers)}, True),
        ("messages.day", 0 <= (event.on - message.day).days <= DAYS_TO_LEAVE, True),
        ("messages.currency", message.currency, before.invoice.currency),
        ("messages.sent_at", max(_moment(event, message), before.last_at), event.at),
        ("coverage.passage", said.passage, event.passage),
        ("coverage.step", said.step, event.step),
        ("coverage.balance", said.balance, event.principal),
        ("coverage.claim", said.claim, event.claim),
    )
    for field, here, there in pairs:
        if here != there:
            yield Broken(field, "the outbox and the event differ", short(here), short(there))


def _moment(event: e.NoticeSent, message: Message | None) -> datetime:
    return message.sent_at if message is not None and message.sent_at is not None else event.at


def _begun(event: e.NoticeSent, message: Message | None) -> datetime:
    return message.started_at if message is not None else event.at
