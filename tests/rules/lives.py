"""A case that lives through a plot: what was entered and decided at every instant at which something happened."""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import settings

from rules import events as e
from rules.admit import admit
from rules.admit_tasks import OUTCOMES, REMEDIES
from rules.allocation import plan_parts, shared
from rules.calendars import local_day, noon_of, start_of
from rules.case import Case
from rules.claim import Context
from rules.commands import Command
from rules.decision import Decision, PrepareFile, Send, Task
from rules.fold import fold, open_case
from rules.invoice import Instalment
from rules.money import ZERO
from rules.reading import parse_command
from rules.refusals import Refused
from rules.settle import own, settle
from tests.rules.strategies import Plot
from tests.scenarios import context

OTHER = "invoice/acme/F-0"
HORIZON = timedelta(days=420)
MOST = 600  # instants of one life: a case that has more is awake for nothing


def lives(number: int) -> int:
    """That many examples under the profile ``ci``, more under one that asks for more."""
    return number * settings().max_examples // 100


@dataclass(frozen=True)
class Frame:
    """One instant: the case as it was, what followed by itself, the case at rest, what was decided."""

    now: datetime
    before: Case
    entered: tuple[e.Event, ...]
    case: Case
    decision: Decision


@dataclass(frozen=True)
class Answer:
    """What was said, to which case, and what became of it."""

    now: datetime
    case: Case
    name: str
    events: tuple[e.Event, ...]
    refused: Refused | None


@dataclass(frozen=True)
class Act:
    """An act that was taken: the case and the decision it was taken on, and the event it left."""

    now: datetime
    case: Case
    decision: Decision
    event: e.Event


@dataclass
class Life:
    """Everything that happened to one case."""

    plot: Plot
    context: Context
    case: Case
    now: datetime
    history: list[e.Event]
    frames: list[Frame] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, str, dict[str, Any]]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _order: "count[int]" = field(default_factory=count)

    @property
    def decision(self) -> Decision:
        return self.frames[-1].decision

    def rest(self) -> None:
        """Let follow what follows now, and decide."""
        before = self.case
        entered, self.case, decision = settle(before, self.context, self.now)
        self.history += entered
        self.frames.append(Frame(self.now, before, entered, self.case, decision))
        for event in entered:
            if isinstance(event, e.ApprovalRequested) and self.plot.office.approves is not None:
                self.plan(self.plot.office.approves, "approve", {"step": event.step})
        self._deal(decision)

    def _deal(self, decision: Decision) -> None:
        """People will deal with the tasks that they have not seen yet, saying now one answer and now the other."""
        days = self.plot.office.deals
        for task in decision.tasks:
            if days is None or task.id in self._seen or (task.kind in REMEDIES and task.kind != "answer_dispute"):
                continue
            self._seen.add(task.id)
            if task.kind == "answer_dispute":
                self.plan(days, "dispute_settled", _end_of(task, len(self._seen)))
                continue
            answers = OUTCOMES.get(task.kind, ("done",))
            outcome = answers[len(self._seen) % len(answers)]
            who = {"actor": "manager"} if task.kind == "grant" else {}
            self.plan(days, "task_done", {"task": task.id, "outcome": outcome, **who})

    def plan(self, days: int, name: str, payload: dict[str, Any]) -> None:
        """Something will be said, some days from now, at noon or at once."""
        zone = self.context.policy.zone
        moment = noon_of(local_day(self.now, zone) + timedelta(days=days), zone)
        heapq.heappush(self._agenda, (max(moment, self.now), next(self._order), name, payload))

    def happen(self, *events: e.Event) -> None:
        """Events enter the history."""
        for event in events:
            self.history.append(event)
            self.case = fold(self.case, event)

    def say(self, name: str, payload: dict[str, Any]) -> None:
        """Something is said to the case: admitted or refused."""
        closed = self.case.closed
        if closed is not None and (name == "payment_reversed" or (name, closed.outcome) == ("reassigned", "assigned")):
            self._continue()
        before, why = self.case, None
        events: tuple[e.Event, ...] = ()
        if payload.get("debtor"):
            payload = self._share(name, payload)
        try:
            command = self._command(name, payload)
            events = admit(before, command, self.context, self.now, said_id=f"said/{len(self.answers)}", door="update")
            events = tuple(event for event in events if event.id not in {known.id for known in self.history})
        except Refused as refused:
            why = refused
            if before.reopened is not None:
                events = (own(before, self.context, self.now, e.CaseClosed, outcome=before.reopened),)
        self.happen(*events)
        self.answers.append(Answer(self.now, before, name, events, why))
        self.rest()

    def _continue(self) -> None:
        """A closed case whose payment is taken back, or which the factor gives back, goes on, as the door starts it."""
        fields = {"policy": self.case.policy, "version": self.case.version, "continues": True}
        self.happen(own(self.case, self.context, self.now, e.CaseOpened, **fields))
        self.rest()

    def _share(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The case's share of what is said of a debtor who owes a second, equal invoice, as the debtor's door cuts it;
        nothing when none falls to the case."""
        given = {key: value for key, value in payload.items() if key != "debtor"}
        first = self.history[0]
        assert isinstance(first, e.CaseOpened)
        assert first.invoice is not None
        cases = [self.case, open_case(OTHER, first, first.invoice)]
        if self.case.closed is not None:
            return given
        if name == "paid" and "amount" in given:
            day = local_day(self.now, self.context.policy.zone)
            amount = Decimal(given["amount"])
            parts, _ = shared(cases, self.context.creditor, self.context.tables, amount, day)
            return {**given, "amount": str(parts.get(self.case.id, ZERO))}
        if name == "payment_plan":
            wanted = tuple(Instalment.model_validate(part) for part in given["instalments"] * 2)
            try:
                plans = plan_parts(cases, wanted)
            except Refused:
                return given
            return {**given, "instalments": [part.model_dump(mode="json") for part in plans.get(self.case.id, ())]}
        return given

    def _command(self, name: str, payload: dict[str, Any]) -> Command:
        return parse_command(name, dealt(payload, self.decision))

    def act(self) -> None:
        """The awaited moment has come: whatever the decision names is tried, as the office's luck has it."""
        self.rest()
        decision, step = self.decision, self.decision.step
        if decision.at is None or decision.at > self.now:
            return
        if isinstance(step, Send):
            self._send(step, decision)
        elif isinstance(step, PrepareFile):
            self._enter(decision, e.FilePrepared, step=step.step, passage=step.passage, path="d", manifest="f")

    def _send(self, step: Send, decision: Decision) -> None:
        fate = (self.plot.office.acts[len(self.acts) :] or ("sent",))[0]
        at = {"step": step.step, "passage": step.passage}
        name = {"message_id": f"<{step.passage}/{step.step}>"}
        if fate == "bounced" and step.channel == "email":
            self._enter(decision, e.NoticeBounced, **name, address=self.case.debtor.email)
        elif fate == "failed":
            self._enter(decision, e.NoticeFailed, **at, channel=step.channel)
        elif fate == "in_doubt":
            self._enter(decision, e.NoticeInDoubt, **at, **name, channel=step.channel)
        elif fate == "gave_up":
            self._enter(decision, e.ActGaveUp, **at)
        else:
            sums = {"principal": self.case.open_principal, "claim": decision.claim.total}
            self._enter(decision, e.NoticeSent, **at, **name, **sums, channel=step.channel, copies=step.copies)
            if step.formal:
                self._post(step)

    def _post(self, step: Send) -> None:
        office = self.plot.office
        if office.posts is not None:
            self.plan(office.posts, "letter_posted", {"step": step.step, "passage": step.passage})
        if office.delivers is not None:
            name = "letter_delivered" if office.news == "delivered" else "letter_returned"
            cause = {} if office.news == "delivered" else {"cause": office.news}
            self.plan(office.delivers, name, {"step": step.step, "passage": step.passage, **cause})

    def _enter(self, decision: Decision, kind: type[e.Event], **fields: Any) -> None:
        event = own(self.case, self.context, self.now, kind, **fields)
        self.acts.append(Act(self.now, self.case, decision, event))
        self.happen(event)
        self.rest()

    def run(self) -> "Life":
        """Live to the horizon."""
        self.rest()
        end = self.now + HORIZON
        while len(self.frames) < MOST:
            said = self._agenda[0][0] if self._agenda else end
            awaited = self.decision.moment
            moment = min(said, end if awaited is None else awaited)
            if moment >= end:
                return self
            self.now = max(self.now, moment)
            if said <= moment:
                _, _, name, payload = heapq.heappop(self._agenda)
                self.say(name, payload)
            else:
                self.act()
        last = self.frames[-1].decision
        raise AssertionError(f"the case never rests: at {self.now} it awaits {last.step} at {last.moment}")


def _end_of(task: Task, luck: int) -> dict[str, Any]:
    """The end of the dispute that the task asks an answer to: rejected with reasons, or admitted."""
    outcome = {"outcome": "accepted"} if luck % 3 == 0 else {"outcome": "rejected", "answer": "Signé."}
    return {"dispute": task.id.partition("/")[2], **outcome}


def dealt(payload: dict[str, Any], decision: Decision) -> dict[str, Any]:
    """What is said, with the task ``?`` as the most urgent one, ``?0`` and ``?1`` as the answers its kind knows; the
    dispute ``?`` is the one to be answered first."""
    if payload.get("dispute") == "?":
        asked = (task.id.partition("/")[2] for task in decision.tasks if task.kind == "answer_dispute")
        return {**payload, "dispute": next(asked, "none")}
    if payload.get("task") != "?":
        return payload
    first = next(iter(decision.tasks), None)
    answers = OUTCOMES.get("" if first is None else first.kind, ("done", "done"))
    outcome = {"?0": answers[0], "?1": answers[1]}.get(payload.get("outcome", ""), "done")
    return {**payload, "task": "decide/none" if first is None else first.id, "outcome": outcome}


def live(plot: Plot) -> Life:
    """The life of the plot's case."""
    its = context(plot.policy).model_copy(update={"debtor": plot.debtor})
    now = start_of(plot.opened, plot.policy.zone).astimezone(UTC) + timedelta(hours=8)
    day = local_day(now, plot.policy.zone)
    opened = e.CaseOpened(
        id="opened", on=day, at=now, invoice=plot.invoice, policy=plot.policy.name, version=plot.policy.version
    )
    life = Life(plot, its, open_case("invoice/acme/F-1", opened), now, [opened])
    for after, name, payload in plot.said:
        life.plan(after, name, payload)
    return life.run()
