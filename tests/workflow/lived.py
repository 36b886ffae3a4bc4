"""Random lives as the real workflow can be given them: everything that will be said, in order and dated, and the
timeline that the pure rules make of it.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from rules import events as e
from rules.calendars import noon_of, start_of
from rules.compose import message_id
from rules.decision import Send
from rules.invoice import InvoiceIssued
from rules.policy import Policy
from tests.rules.lives import dealt
from tests.rules.strategies import Plot, plots
from tests.scenarios import ACME, Play

HORIZON = timedelta(days=300)
WORLD_SAYS_NO = ("bounced", "failed")
"""The fates of a letter that the world can give at its door; the others are the workflow's own and have tests."""


@dataclass(frozen=True)
class Life:
    """A case: its ladder and its invoice, when it opens, what is said to it, what becomes of each letter, and the
    history that must come out."""

    policy: Policy
    invoice: InvoiceIssued
    opened: datetime
    said: tuple[tuple[str, dict[str, Any]], ...]
    luck: tuple[str, ...]
    history: tuple[e.Event, ...]


def sampled(number: int) -> list[Life]:
    """The same random lives at every run, of those that have something to tell."""
    found: list[Plot] = []

    @settings(
        max_examples=number * 14,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(plot=plots(most=8))
    def collect(plot: Plot) -> None:
        found.append(plot)

    collect()
    lives = [lived(place, plot) for place, plot in enumerate(found)]
    chosen: list[Life] = []
    known: set[str] = set()
    while len(chosen) < number:
        best = max(lives, key=lambda life: (len(_kinds(life) - known), len(_kinds(life))))
        lives.remove(best)
        chosen.append(best)
        known |= _kinds(best)
    return chosen


def _kinds(life: Life) -> set[str]:
    """What a life has to tell: its events, and the end of one dispute among several."""
    told = {event.kind for event in life.history}
    named = any(isinstance(event, e.DisputeSettled) and event.dispute is not None for event in life.history)
    return told | ({"one_of_several"} if named else set())


def lived(place: int, plot: Plot) -> Life:
    """The life of a plot in the pure rules, said as the workflow will hear it."""
    name = f"hasard-{place}"
    changes = {"name": name, "version": name, "limitation_alerts": (), "debtors": ()}
    policy = plot.policy.model_copy(update=changes)
    debtor = plot.invoice.debtor.model_copy(update={"id": f"C-{place}"})
    invoice = plot.invoice.model_copy(update={"number": f"F-{place}", "policy": name, "debtor": debtor})
    opened = start_of(plot.opened, policy.zone).astimezone(UTC) + timedelta(hours=8)
    life = _Living.start(invoice, opened, policy)
    assert isinstance(life, _Living)
    life.run(plot, opened)
    return Life(policy, invoice, opened, tuple(life.said), life.luck, tuple(life.history))


@dataclass
class _Living(Play):
    """A case played by the pure rules alone, with people who approve and post as the plot says."""

    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    luck: tuple[str, ...] = ()
    _agenda: list[tuple[datetime, int, date, str, dict[str, Any]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    _seen: int = 0
    _tried: int = 0

    def run(self, plot: Plot, opened: datetime) -> None:
        """Live to the horizon."""
        end = opened + HORIZON
        self.luck = tuple(fate if fate in WORLD_SAYS_NO else "sent" for fate in plot.office.acts)
        for after, kind, payload in plot.said:
            self._plan(plot.opened + timedelta(days=after), kind, payload)
        while True:
            self._people(plot)
            due = self._agenda[0][0] if self._agenda else end
            moment = self.decision.moment or end
            if min(due, moment) >= end:
                return
            if moment < due:
                self.act(moment)
            else:
                _, _, day, kind, payload = heapq.heappop(self._agenda)
                self._hear(kind, day, payload)

    def _plan(self, day: date, kind: str, payload: dict[str, Any]) -> None:
        moment = noon_of(day, self.context.policy.zone)
        heapq.heappush(self._agenda, (moment, next(self._order), day, kind, payload))

    def _hear(self, kind: str, day: date, payload: dict[str, Any]) -> None:
        body = {**payload, "on": day.isoformat(), "id": f"{self.case.invoice.number}/{len(self.said)}"}
        # The engine names a refused signal otherwise than the pure play does.
        named = tuple(task for task in self.decision.tasks if task.kind != "signal_refused")
        body = dealt(body, self.decision.model_copy(update={"tasks": named}))
        body.pop("debtor", None)
        if kind != "dispute":
            body.pop("scope", None)
        if kind == "notice_bounced":
            body["message_id"] = self._known_message(str(body.get("message_id")))
        self.said.append((kind, body))
        self.say(kind, **body)

    def _known_message(self, name: str) -> str:
        """The message of ``<passage/step>`` by the name that the house gives it."""
        taken = [s for s in self.case.steps if f"<{s.passage}/{s.step}>" == name and s.message_id is not None]
        return taken[-1].message_id or name if taken else name

    def _people(self, plot: Plot) -> None:
        """Approvals and the post, always on a later day than what they answer."""
        for event in self.history[self._seen :]:
            day = event.on + timedelta(days=1)
            step = {"step": getattr(event, "step", None), "passage": getattr(event, "passage", None)}
            office = plot.office
            if isinstance(event, e.ApprovalRequested) and office.approves is not None:
                self._plan(day + timedelta(days=office.approves), "approve", {"step": event.step})
            if isinstance(event, e.DisputeOpened) and office.deals is not None:
                end = {"dispute": event.id, "outcome": "rejected", "answer": "Le bon est signé."}
                self._plan(day + timedelta(days=office.deals), "dispute_settled", end)
            rung = self.context.policy.at(event.step) if isinstance(event, e.NoticeSent) else None
            if rung is not None and rung.is_formal and office.posts is not None:
                self._plan(day, "letter_posted", step)
            if rung is not None and rung.is_formal and office.delivers is not None:
                delivered = office.news == "delivered"
                news = {} if delivered else {"cause": office.news}
                kind = "letter_delivered" if delivered else "letter_returned"
                self._plan(day + timedelta(days=office.delivers), kind, {**step, **news})
        self._seen = len(self.history)

    def act(self, now: datetime) -> None:
        """The awaited moment has come; a letter may be refused for good."""
        self.settle(now)
        step = self.decision.step
        ready = isinstance(step, Send) and self.decision.at is not None and self.decision.at <= now
        fate = self._next_fate() if ready else "sent"
        if not isinstance(step, Send) or not ready:
            super().act(now)
        elif fate == "bounced" and step.channel == "email":
            bounced = {"message_id": message_id(self.case, step, ACME.email), "address": self.case.debtor.email}
            self.own(e.NoticeBounced, now, **bounced, diagnostic="550 nobody")
            self.settle(now)
        elif fate in WORLD_SAYS_NO:
            at = {"step": step.step, "passage": step.passage, "channel": step.channel}
            self.own(e.NoticeFailed, now, **at, because="550 nobody")
            self.settle(now)
        else:
            self._sent(step, now)

    def _sent(self, step: Send, now: datetime) -> None:
        sums = {"principal": self.case.open_principal, "claim": self.decision.claim.total}
        taken = {"step": step.step, "passage": step.passage, "channel": step.channel, "copies": step.copies}
        self.own(e.NoticeSent, now, **taken, **sums, message_id=message_id(self.case, step, ACME.email))
        self.settle(now)

    def _next_fate(self) -> str:
        self._tried += 1
        return (self.luck[self._tried - 1 :] or ("sent",))[0]


TOLD = ("on", "at", "kind", "step", "passage", "channel", "amount", "principal", "outcome", "name", "code", "pay_on")


def told(events: Sequence[e.Event]) -> list[list[tuple[str, Any]]]:
    """What must be the same in both: day, moment, kind, step and sums of each event."""
    plain = [event.model_dump(mode="json", include=set(TOLD)) for event in events]
    return [sorted((name, value) for name, value in one.items() if value is not None) for one in plain]
