"""Why a case stood where it stood on a day, and why a step was taken or not: facts, questions, articles, policy lines.

From the decisions recorded then; where no history is left, asked again of today's rules, and said so. Pure.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from audit.articles import articles_of
from audit.examine import Evidence, events_along
from audit.reasons import Answered, Done, Fact, Reason, Source, Why
from audit.redecide import Today, changes_since, context_of
from audit.timeline import door_of, who_of
from evidence.sentences import sentence
from evidence.wording import channel_name, step_name
from ledger.material import Material
from letters.typography import amount
from rules import events as e
from rules.calendars import end_of, local_day
from rules.case import Case
from rules.claim import decompte_of
from rules.decide import decide
from rules.decision import DebtorFacts, Decision
from rules.explain import explain
from rules.policy_file import set_by
from rules.refusals import Refused

_LEADS = ("send", "prepare_file")
ACTS = (e.NoticeSent, e.FilePrepared, e.CallRequested, e.ApprovalRequested)


class _Then(NamedTuple):
    """A decision, the case it was taken on, and where it is known from."""

    decision: Decision
    case: Case
    source: Source


def why(material: Material, evidence: Evidence, today: Today, on: date | None, now: datetime) -> Why:
    """The answer for the end of the day ``on``, or for ``now``. Raises Refused for a day before the case was opened,
    and for a case that cannot be read or whose debtor was forgotten."""
    along, events = events_along(material), material.events or ()
    if not along or material.forgotten:
        said = "its debtor was forgotten" if material.forgotten else "its events cannot be read; audit it"
        raise Refused(f"{material.case}: {said}.")
    missing = next((case.version for case in along if case.version not in today.policies), None)
    if missing is not None:
        raise Refused(
            f"{material.case}: the policy of version {missing} is not in the ledger or was changed; audit it."
        )
    zone = today.policies[along[0].version].zone
    moment = now if on is None else end_of(on, zone) - timedelta(seconds=1)
    known = sum(event.at <= moment for event in events)
    if known == 0:
        raise Refused(f"{material.case} was opened on {along[0].opened_on:%d/%m/%Y}; nothing was decided before.")
    book = _Book(material, evidence, today, along)
    then = book.at(known, moment)
    day = local_day(moment, zone)
    return Why(
        case=material.case,
        creditor=material.head["creditor"],
        debtor=f"{material.name} ({material.head['debtor']})",
        on=day,
        moment=moment,
        facts=tuple(_facts(then, today, day)),
        done=tuple(book.done(_shown(events[:known], on, zone))),
        standing=book.reason(then),
        after=_sentence_of(events, known, along),
    )


def _shown(events: Sequence[e.Event], on: date | None, zone: ZoneInfo) -> list[int]:
    """The positions to explain: what was entered on the day, or without a day the last act."""
    if on is not None:
        return [place for place, event in enumerate(events, 1) if local_day(event.at, zone) == on]
    return [place for place, event in enumerate(events, 1) if isinstance(event, ACTS)][-1:]


def _sentence_of(events: Sequence[e.Event], known: int, along: Sequence[Case]) -> str | None:
    """What came next, so that nobody has to ask."""
    if known >= len(events):
        return None
    event = events[known]
    return f"{event.on:%d/%m/%Y} : {sentence(event, along[0].invoice.currency)}"


class _Book:
    """The decisions of a case and the cases they were taken on."""

    def __init__(self, material: Material, evidence: Evidence, today: Today, along: Sequence[Case]) -> None:
        self._material, self._today, self._along = material, today, along
        told = [one.answer.decision for story in evidence.stories for one in story.told]
        kept = material.head["decision"]
        told += [] if kept is None else [Decision.model_validate_json(kept)]
        self._decisions = sorted(
            (one for one in told if one is not None and 0 < one.position <= len(along)),
            key=lambda one: (one.position, one.facts.now),
        )

    def at(self, known: int, moment: datetime) -> _Then:
        """The decision in force when the case had that many events."""
        case = self._along[known - 1]
        found = [one for one in self._decisions if one.position == known and one.facts.now <= moment]
        if found:
            return _Then(found[-1], case, Source.RECORDED)
        context = context_of(case, self._today, DebtorFacts())
        return _Then(decide(case, context, case.last_at), case, Source.LEDGER)

    def reason(self, then: _Then) -> Reason:
        """Everything behind a decision."""
        decision, case = then.decision, then.case
        context = context_of(case, self._today, decision.facts.debtor)
        fresh = decide(case, context, decision.facts.now)
        text = self._material.policies[case.version]
        asked = tuple(
            Answered(
                **one.model_dump(exclude={"policy"}),
                policy=tuple(filter(None, (set_by(text, context.policy, place) for place in one.policy))),
            )
            for one in explain(case, context, decision.facts.now)
        )
        same = (fresh.step, fresh.at, fresh.because) == (decision.step, decision.at, decision.because)
        return Reason(
            position=decision.position,
            decided_at=decision.facts.now,
            source=then.source,
            kind=decision.step.kind,
            step=decision.name,
            at=decision.at,
            because=decision.because,
            asked=asked,
            policy=f"{case.policy} ({case.version})",
            rules=decision.facts.rules,
            tables=decision.facts.tables,
            today=None if same else fresh.because,
            changed=() if same else changes_since(decision, self._today),
        )

    def done(self, positions: Sequence[int]) -> Iterator[Done]:
        """What was entered at these positions, with the decision that an act was taken on."""
        events = self._material.events or ()
        for place in positions:
            event, case = events[place - 1], self._along[place - 1]
            acted = isinstance(event, ACTS) and place > 1
            yield Done(
                position=place,
                at=event.at,
                who=who_of(event),
                door=door_of(event),
                what=sentence(event, case.invoice.currency),
                articles=articles_of(event, case, self._today),
                reason=self.reason(self._before(place)) if acted else None,
            )

    def _before(self, place: int) -> _Then:
        """The decision that led to the event of that position: that of its own step, or the one just before it."""
        event = (self._material.events or ())[place - 1]
        step = event.step if isinstance(event, e.NoticeSent | e.FilePrepared) else None
        before = [one for one in self._decisions if one.position < place and one.facts.now <= event.at]
        own = [one for one in before if one.position == place - 1 or (one.step.kind in _LEADS and one.name == step)]
        if own:
            return _Then(own[-1], self._along[own[-1].position - 1], Source.RECORDED)
        return self._between(place, event.at)

    def _between(self, place: int, moment: datetime) -> _Then:
        """Of events entered at one instant only the last is followed by a recorded decision; its facts are theirs."""
        after = next((one for one in self._decisions if one.position >= place), None)
        case = self._along[place - 2]
        context = context_of(case, self._today, DebtorFacts() if after is None else after.facts.debtor)
        source = Source.LEDGER if after is None else Source.SAME_INSTANT
        return _Then(decide(case, context, moment), case, source)


def _facts(then: _Then, today: Today, day: date) -> Iterator[Fact]:
    """What the decision knew, in words; ``day``: the one that is asked about."""
    case, decision = then.case, then.decision
    currency = case.invoice.currency

    def money(value: Decimal) -> str:
        return amount(value, currency, "fr")

    late = (day - case.anchor_on).days
    yield Fact(name="Échéance", said=f"{case.anchor_on:%d/%m/%Y}" + (f", {late} jours de retard" if late > 0 else ""))
    yield _claim(case, decision, today)
    if case.disputed:
        yield Fact(name="Contesté", said=money(case.disputed))
    if case.received:
        yield Fact(name="Payé", said=money(case.received))
    last = case.last_written
    if last is not None:
        yield Fact(
            name="Dernier courrier", said=f"{step_name(last.step)} du {last.on:%d/%m/%Y}, {channel_name(last.channel)}"
        )
    week = decision.facts.debtor.contacts
    if week:
        yield Fact(name="Autres contacts", said=", ".join(f"{one:%d/%m/%Y}" for one in week))
    if decision.profile is not None:
        yield Fact(name="Profil", said=f"{decision.profile.name}, {decision.profile.because}")
    if decision.limitation_on is not None:
        yield Fact(name="Dernier jour utile", said=f"{decision.limitation_on:%d/%m/%Y} (prescription)")


def _claim(case: Case, decision: Decision, today: Today) -> Fact:
    """What was owed by law on the decision's day, with the articles when today's tables give the same sums."""
    claim, currency = decision.claim, case.invoice.currency
    parts = [("principal", claim.principal), ("intérêts", claim.interest), ("indemnité", claim.indemnity)]
    parts.append(("frais", claim.costs))
    told = " + ".join(f"{name} {amount(value, currency, 'fr')}" for name, value in parts if value)
    said = f"{amount(claim.total, currency, 'fr')} au {decision.as_of:%d/%m/%Y}" + (f" : {told}" if told else "")
    drawn = decompte_of(case, today.creditor, today.tables, decision.as_of)
    if (drawn.interest, drawn.indemnity) != (claim.interest, claim.indemnity):
        return Fact(name="Dû", said=said)
    found = [line.article for line in drawn.lines if claim.interest]
    found += [one.article for one in drawn.indemnities if claim.indemnity]
    return Fact(name="Dû", said=said, articles=tuple(dict.fromkeys(found)))
