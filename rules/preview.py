"""Playing the rules over invoices and dated events: what would be sent, when and why. Nothing is sent or kept. Pure.

Approvals are taken as given on the day they are asked for, unless the events say otherwise, and registered letters as
posted on the day they are made; they are delivered only when the events say so.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from rules import events as e
from rules.admit import admit
from rules.calendars import end_of, local_day, noon_of, start_of
from rules.case import Case
from rules.claim import Context
from rules.compose import compose
from rules.creditor import Creditor
from rules.decide import KIND, coming, kind_task
from rules.decision import Coming, DebtorFacts, Park, PrepareFile, Send
from rules.fold import fold, open_case
from rules.foreseen import Dated, Foreseen, Outlook
from rules.grouping import gathers, joins, lead_of
from rules.invoice import InvoiceIssued
from rules.law import Tables
from rules.letter import Letter
from rules.pauses import in_tray
from rules.policy import Policy
from rules.refusals import Refused
from rules.settle import at_rest, letter_digest, own


@dataclass
class _Played:
    case: Case
    policy: Policy
    decision: Coming | None = None
    context: Context | None = None
    turn: int = 0


@dataclass
class _Contacts:
    """What was sent to a debtor, by case."""

    written: list[tuple[str, date]] = field(default_factory=list)
    called: list[tuple[str, date]] = field(default_factory=list)


class Preview:
    """One run over a book. ``start`` and ``until`` are days in each policy's time zone; both included."""

    def __init__(self, creditors: Mapping[str, Creditor], tables: Tables, start: date, until: date) -> None:
        self._creditors = creditors
        self._tables = tables
        self._start = start
        self._until = until
        self._played: dict[str, _Played] = {}
        self._debtors: dict[tuple[str, str], list[str]] = {}
        self._contacts: dict[tuple[str, str], _Contacts] = {}
        self._agenda: list[tuple[datetime, int, str, int, Dated | None]] = []
        self._order = count()
        self._notices: list[Foreseen] = []
        self._refused: list[str] = []

    def add(self, case_id: str, invoice: InvoiceIssued, policy: Policy) -> None:
        """Open a case at the start of the run, or on its issue date when that is later."""
        opened = max(self._start, invoice.issued_on)
        now = start_of(opened, policy.zone)
        event = e.CaseOpened(
            id="opened", on=opened, at=now, invoice=invoice, policy=policy.name, version=policy.version
        )
        self.resume(open_case(case_id, event), policy, now)

    def resume(self, case: Case, policy: Policy, now: datetime) -> None:
        """Go on with a case as it stands at ``now``."""
        self._played[case.id] = _Played(case, policy)
        key = (case.invoice.creditor, case.invoice.debtor.id)
        self._debtors.setdefault(key, []).append(case.id)
        contacts = self._contacts.setdefault(key, _Contacts())
        contacts.written += [(case.id, s.on) for s in case.steps if s.written]
        heapq.heappush(self._agenda, (now, next(self._order), case.id, 0, None))

    def happen(self, dated: Dated) -> None:
        """Something happens on a day, at noon."""
        zone = self._played[dated.case].policy.zone
        heapq.heappush(self._agenda, (noon_of(dated.on, zone), next(self._order), dated.case, -1, dated))

    def run(self) -> Outlook:
        """Play to the end."""
        while self._agenda:
            now, _, case_id, turn, dated = heapq.heappop(self._agenda)
            played = self._played[case_id]
            if now >= end_of(self._until, played.policy.zone):
                break
            if dated is None and turn != played.turn:
                continue
            self._step(played, max(now, played.case.last_at), dated)
        ended = tuple(played.case for played in self._played.values() if played.decision is not None)
        return Outlook(notices=tuple(self._notices), refused=tuple(self._refused), cases=ended)

    def _context(self, played: _Played, now: datetime) -> Context:
        case = played.case
        contacts = self._contacts[case.invoice.creditor, case.invoice.debtor.id]
        today = local_day(now, played.policy.zone)
        written = [day for other, day in contacts.written if other != case.id]
        recent = {day for other, day in contacts.written + contacts.called if other != case.id}
        facts = DebtorFacts(
            written_on=max(written, default=None),
            contacts=tuple(sorted(day for day in recent if day > today - timedelta(days=7))),
            bank_until=today,
        )
        if played.context is None:
            creditor = self._creditors[case.invoice.creditor]
            played.context = Context(creditor=creditor, policy=played.policy, tables=self._tables, debtor=facts)
        elif played.context.debtor != facts:
            # Copied: made anew, the whole policy would be checked again at each day.
            played.context = played.context.model_copy(update={"debtor": facts})
        return played.context

    def _settle(self, played: _Played, now: datetime) -> Coming:
        context = self._context(played, now)
        entered, played.case = at_rest(played.case, context, now)
        played.decision = coming(played.case, context, now)
        calls = [event for event in entered if isinstance(event, e.CallRequested)]
        key = (played.case.invoice.creditor, played.case.invoice.debtor.id)
        self._contacts[key].called += [(played.case.id, event.on) for event in calls]
        if isinstance(played.decision.step, Park) and played.decision.step.reason == KIND:
            task = kind_task(played.case)
            done = own(played.case, self._context(played, now), now, e.TaskClosed, task=task)
            played.case = fold(played.case, done)
            return self._settle(played, now)
        return played.decision

    def _step(self, played: _Played, now: datetime, dated: Dated | None) -> None:
        self._post(played, now)
        decision = self._settle(played, now)
        if dated is not None:
            self._enter(played, dated, now)
            decision = self._settle(played, now)
        if played.case.approval is not None and played.case.approved is None:
            decision = self._approve(played, now)
        if decision.at is not None and decision.at <= now and isinstance(decision.step, Send):
            self._send(played, decision, now)
        elif decision.at is not None and decision.at <= now and isinstance(decision.step, PrepareFile):
            self._file(played, decision.step, now)
        self._again(played)

    def _again(self, played: _Played) -> None:
        played.turn += 1
        if played.decision is not None and played.decision.moment is not None:
            at = played.decision.moment
            heapq.heappush(self._agenda, (at, next(self._order), played.case.id, played.turn, None))

    def _enter(self, played: _Played, dated: Dated, now: datetime) -> None:
        context = self._context(played, now)
        said = f"preview/{played.case.position}"
        try:
            for event in admit(played.case, dated.command, context, now, said_id=said, door="preview"):
                played.case = fold(played.case, event)
        except Refused as refused:
            self._refused.append(f"{dated.on} {dated.case}: {refused.sentence}")

    def _post(self, played: _Played, now: datetime) -> None:
        """What lies in the tray is taken to the post: left there, it would be withdrawn and made again and again."""
        for taken in in_tray(played.case):
            fields = {"step": taken.step, "passage": taken.passage, "posted_on": taken.on}
            event = own(played.case, self._context(played, now), now, e.LetterPosted, **fields)
            played.case = fold(played.case, event)

    def _approve(self, played: _Played, now: datetime) -> Coming:
        asked = played.case.approval
        assert asked is not None
        context = self._context(played, now)
        rung = played.policy.at(asked.step)
        letter = asked.letter if rung is None else letter_digest(played.case, rung, context)
        event = own(played.case, context, now, e.StepApproved, step=asked.step, passage=asked.passage, letter=letter)
        played.case = fold(played.case, event)
        return self._settle(played, now)

    def _send(self, played: _Played, decision: Coming, now: datetime) -> None:
        step = decision.step
        assert isinstance(step, Send)
        spoken = [(played, step, decision.because)]
        if gathers(step, played.policy):
            spoken += self._joining(played, step, now)
        ranked = [((p.case, s), p.policy) for p, s, _ in spoken]
        place = lead_of(ranked)
        rest = [pair for at, (pair, _) in enumerate(ranked) if at != place]
        context = self._context(spoken[place][0], now)
        letter = compose(ranked[place][0], rest, context, now, message_id=f"<{played.case.id}/{step.step}>")
        for other, taken, because in spoken:
            self._sent(other, taken, letter, because, now)

    def _joining(self, played: _Played, step: Send, now: datetime) -> list[tuple[_Played, Send, str]]:
        found = []
        for case_id in self._debtors[played.case.invoice.creditor, played.case.invoice.debtor.id]:
            other = self._played[case_id]
            if other is played or other.decision is None or other.case.last_at > now:
                continue
            decision = self._settle(other, max(now, other.case.last_at))
            if joins((played.case, step), (other.case, decision, other.policy), now, played.policy.zone):
                assert isinstance(decision.step, Send)
                found.append((other, decision.step, decision.because))
        return found

    def _sent(self, played: _Played, step: Send, letter: Letter, because: str, now: datetime) -> None:
        case = played.case
        item = next(entry for entry in letter.items if entry.case == case.id)
        event = own(
            case,
            self._context(played, now),
            now,
            e.NoticeSent,
            step=step.step,
            passage=step.passage,
            channel=step.channel,
            copies=step.copies,
            message_id=letter.message_id,
            principal=item.balance,
            claim=item.asked,
        )
        self._notices.append(
            Foreseen(
                date=letter.on,
                creditor=case.invoice.creditor,
                debtor=case.invoice.debtor.id,
                number=case.invoice.number,
                due_on=case.anchor_on,
                step=step.step,
                channel=step.channel,
                principal=item.balance,
                claim=item.asked,
                covers=tuple(entry.number for entry in letter.items),
                because=because,
            )
        )
        played.case = fold(case, event)
        self._contacts[case.invoice.creditor, case.invoice.debtor.id].written.append((case.id, event.on))
        self._post(played, now)
        self._settle(played, now)
        self._again(played)

    def _file(self, played: _Played, step: PrepareFile, now: datetime) -> None:
        event = own(
            played.case,
            self._context(played, now),
            now,
            e.FilePrepared,
            step=step.step,
            passage=step.passage,
            path="",
            manifest="",
        )
        played.case = fold(played.case, event)
        self._settle(played, now)


def preview(
    invoices: Sequence[tuple[str, InvoiceIssued, Policy]],
    dated: Sequence[Dated],
    creditors: Mapping[str, Creditor],
    tables: Tables,
    *,
    start: date,
    until: date,
) -> Outlook:
    """What would be sent for the invoices (case id, invoice, policy) from ``start`` to ``until``, both included, if the
    dated events happened and nothing else did."""
    run = Preview(creditors, tables, start, until)
    for case_id, invoice, policy in invoices:
        run.add(case_id, invoice, policy)
    for one in sorted(dated, key=lambda event: event.on):
        run.happen(one)
    return run.run()
