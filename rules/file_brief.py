"""The brief of a judicial file, drawn from a case and what the ledger keeps of it. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rules import events as e
from rules.brief import Brief, ChainLink, NoticeCopy, TitleHeld
from rules.case import Case, Outcome
from rules.claim import Context, suable_decompte
from rules.decision import RULES_VERSION
from rules.judicial import proceedings, recoverable
from rules.judicial_clocks import running
from rules.outbox import Message
from rules.procedure import proposal_of, route_to_prepare


class FileMaterial(NamedTuple):
    """What the ledger keeps of a case: its events, the messages that spoke for it, its chain and the last hash."""

    events: Sequence[e.Event]
    messages: Sequence[Message]
    chain: Sequence[ChainLink]
    head: str


def file_brief(case: Case, context: Context, material: FileMaterial, step: str, as_of: date) -> Brief:
    """The brief of the case's file for a step, drawn up to a day, with the procedure it is for; none of a
    case that was written off."""
    lost = case.closed is not None and case.closed.outcome == Outcome.WRITTEN_OFF
    found = None if lost else route_to_prepare(case, context, step, as_of)
    return Brief(
        case=case.id,
        step=step,
        passage=case.passage,
        as_of=as_of,
        invoice=case.invoice,
        debtor=case.debtor,
        creditor=context.creditor,
        decompte=suable_decompte(case, context.creditor, context.tables, as_of),
        events=tuple(material.events),
        notices=tuple(_copies(case, material)),
        position=case.position,
        head=material.head,
        rules=RULES_VERSION,
        tables=context.tables.version,
        policy=case.version,
        procedure=found.procedure if found is not None else "",
        proposal=proposal_of(found, case, context, as_of) if found is not None else None,
        attempt=case.files + 1,
        insolvency=case.insolvency,
        title=_title(case, context, as_of),
        chain=tuple(material.chain),
    )


def _title(case: Case, context: Context, as_of: date) -> TitleHeld | None:
    now = proceedings(case)
    title = now.enforceable if now is not None else None
    if now is None or title is None or title.on > as_of:
        return None
    ruled = now.decision
    seat = next((event.court for event in reversed(now.events) if event.court), None)
    return TitleHeld(
        procedure=now.procedure,
        enforceable_on=title.on,
        ruled_on=ruled.on if ruled is not None else None,
        court=seat,
        reference=ruled.reference if ruled is not None else None,
        served_on=now.served_decision.on if now.served_decision is not None else None,
        until=next((one.last_day for one in running(case, context) if one.name == "title"), None),
        costs=recoverable(case, as_of),
    )


def _copies(case: Case, material: FileMaterial) -> Iterator[NoticeCopy]:
    kept = {message.id: message for message in material.messages}
    for taken in case.steps:
        if not taken.written or taken.message_id is None:
            continue
        message = kept.get(taken.message_id)
        about = [event for event in material.events if _is_about(event, taken.step, taken.passage)]
        yield NoticeCopy(
            step=taken.step,
            passage=taken.passage,
            at=taken.at,
            channel=taken.channel or "",
            message_id=taken.message_id,
            document=message.document if message else None,
            sha256=message.sha256 if message else None,
            posted_on=taken.posted_on,
            delivered_on=taken.answer_from,
            proofs=tuple(str(getattr(event, "proof", None)) for event in about if getattr(event, "proof", None)),
        )


def _is_about(event: e.Event, step: str, passage: int) -> bool:
    letters = (e.LetterPosted, e.LetterDelivered)
    return isinstance(event, letters) and (event.step, event.passage) == (step, passage)
