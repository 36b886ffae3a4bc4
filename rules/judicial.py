"""Where a case stands before a judge: its procedure, what was ruled, what may be claimed of it. Pure, no clock."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from rules import events as e
from rules.base import Frozen
from rules.case import Case
from rules.law import Judgment, LimitationEvent, Procedure
from rules.money import ZERO, exact, total

ENDINGS = frozenset({"rejected", "withdrawn", "lapsed"})
"""What ends a procedure without a title: the way is open to another."""

DECLARATION = "declaration_de_creance"
"""The step that prepares the declaration of the claim in the debtor's insolvency."""

RELIEF = "releve_de_forclusion"
"""The step that prepares the demand of relief when the claim was not declared in time (L622-26 C. com.), and what its
judicial events belong to: no procedure against the debtor."""

NO_DECLARATION = "consumer_over_indebtedness"
"""The insolvency in which nothing is declared to a mandataire: a commission asks the creditors."""

IN_INSOLVENCY = frozenset({DECLARATION, RELIEF})

GRANTED = frozenset({"contractual", "ecb+10", "l441-10"})
"""Rates of a decision that leave the interest as it was claimed."""


class Proceedings(Frozen):
    """The procedure that is on its way, as its events so far."""

    procedure: str
    events: tuple[e.JudicialEventNoted, ...] = ()

    def last(self, name: str) -> e.JudicialEventNoted | None:
        """The latest event of that name."""
        return next((event for event in reversed(self.events) if event.event == name), None)

    def has(self, *names: str) -> bool:
        """Whether any of those events happened."""
        return any(event.event in names for event in self.events)

    @property
    def decision(self) -> e.JudicialEventNoted | None:
        """What was ruled, unless an opposition has set it aside (1420 CPC: the judgment replaces the order)."""
        ordered, opposed = self.last("ordered"), self.last("opposed")
        if ordered is None or (opposed is not None and _place(self, opposed) > _place(self, ordered)):
            return None
        return ordered

    @property
    def served_decision(self) -> e.JudicialEventNoted | None:
        """The service of what was ruled: that of an assignation comes before it, and is none."""
        ruled = self.decision
        after = (x for x in reversed(self.events) if ruled is not None and x.event == "served" and x.on >= ruled.on)
        return next(after, None)

    @property
    def enforceable(self) -> e.JudicialEventNoted | None:
        """The event that made the decision enforceable; a référé is so by provision, once served (F783). A title that
        no decision gave (a commissaire de justice's) is its own."""
        if self.decision is None:
            return None if self.has("ordered") else self.last("enforceable")
        by_provision = self.served_decision if self.procedure == Procedure.INTERIM else None
        return self.last("enforceable") or by_provision


def _place(proceedings: Proceedings, event: e.JudicialEventNoted) -> int:
    return proceedings.events.index(event)


def procedure_of(case: Case) -> str:
    """The procedure an event belongs to when nobody says: that of the file, of the event before, or what the debtor's
    insolvency leaves."""
    if case.stay is not None:
        return Procedure.DECLARATION
    if case.file is not None and case.file.procedure:
        return case.file.procedure
    before = case.judicial[-1].procedure if case.judicial else None
    return before or Procedure.ORDER


def proceedings(case: Case) -> Proceedings | None:
    """The procedure on its way; None before anything was lodged, and after one ended without a title."""
    open_: list[e.JudicialEventNoted] = []
    for event in (one for one in case.judicial if one.procedure != RELIEF):
        open_ = [] if event.event in ENDINGS else [*open_, event]
    return Proceedings(procedure=open_[-1].procedure or procedure_of(case), events=tuple(open_)) if open_ else None


def turned_down(case: Case) -> tuple[Procedure, ...]:
    """The procedures that a judge has rejected for this claim."""
    rejected = (event for event in case.judicial if event.event == "rejected" and event.procedure != RELIEF)
    names = (event.procedure or Procedure.ORDER for event in rejected)
    return tuple(dict.fromkeys(Procedure(name) for name in names))


def was_opposed(case: Case) -> bool:
    """Whether the debtor has contested before a judge: another order to pay would be opposed too."""
    return any(event.event == "opposed" for event in case.judicial)


def detail(event: e.JudicialEventNoted, name: str) -> Decimal:
    """An amount an event told; nothing when it told none."""
    return exact(event.details.get(name, ZERO))


def rate_granted(text: str | None) -> Decimal | None:
    """The yearly rate of a decision in percent; None: the legal rate. Raises ValueError for anything else."""
    if text is None or text.strip().lower() in {"legal", "légal", *GRANTED}:
        return None
    try:
        rate = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"rate « {text} » is neither legal, contractual nor a percentage such as 12.40") from None
    if not (rate.is_finite() and 0 <= rate <= 100):
        raise ValueError(f"rate {text} is not a yearly percentage between 0 and 100")
    return rate


def judgment_of(case: Case, as_of: date) -> Judgment | None:
    """The decision as the décompte applies it (1231-7 C. civ., L313-3 CMF).

    None before it is enforceable, when it was set aside, and when it granted the interest as claimed. Never raises:
    a rate nobody can read counts as the legal one.
    """
    now = proceedings(case)
    decision = now.decision if now is not None else None
    if now is None or decision is None or decision.on > as_of:
        return None
    enforceable = now.enforceable
    if enforceable is None and now.procedure == Procedure.ORDER:
        return None
    rate = decision.details.get("rate")
    if isinstance(rate, str) and rate.strip().lower() in GRANTED:
        return None
    from_on = decision.details.get("interest_from")
    return Judgment(
        on=decision.on,
        enforceable_on=enforceable.on if enforceable is not None else None,
        rate=rate_granted(rate if isinstance(rate, str) else None),
        interest_from=date.fromisoformat(from_on) if isinstance(from_on, str) else None,
    )


_NATURES = {"filed": "court_fee", "served": "service", "enforceable": "service", "not_opposed": "court_fee"}
_OF_THE_PROCEDURE = frozenset({"court_fee", "service"})
_AFTER_THE_TITLE = frozenset({"service", "enforcement"})


def advanced(case: Case, as_of: date) -> Iterator[tuple[date, str, Decimal]]:
    """What the creditor has paid for acts up to a day: when, of what nature, how much."""
    for cost in case.costs:
        if cost.on <= as_of:
            yield cost.on, cost.nature, cost.amount
    for event in case.judicial:
        amount = detail(event, "costs")
        if amount and event.event != "ordered" and event.on <= as_of:
            yield event.on, _NATURES.get(event.event, "court_fee"), amount


def recoverable(case: Case, as_of: date) -> Decimal:
    """The costs that may be claimed of the debtor on a day.

    Art. L111-8 CPCE: without a title they stay with the creditor, acts prescribed by law apart; a decision grants the
    costs of its procedure, stated or not; of a lawyer only what it states. Checked 2026-11-22.
    """
    now = proceedings(case)
    decision = now.decision if now is not None else None
    if now is None or decision is None or decision.on > as_of:
        return ZERO
    spent = list(advanced(case, as_of))
    granted = detail(decision, "costs")
    if not granted:
        granted = total(amount for on, nature, amount in spent if nature in _OF_THE_PROCEDURE and on <= decision.on)
    later = (amount for on, nature, amount in spent if nature in _AFTER_THE_TITLE and on > decision.on)
    return granted + total(later)


def interruptions(case: Case) -> Iterator[LimitationEvent]:
    """What the procedures did to limitation: service interrupts, a lost claim undoes it (2241, 2243 C. civ.), a title
    opens its own period, a declaration interrupts to the closing (L622-25-1 C. com.)."""
    for event in case.judicial:
        if event.procedure == RELIEF:
            continue
        kind = _LIMITATION.get(event.event)
        if event.procedure == Procedure.DECLARATION:
            kind = "declaration" if event.event == "filed" else None
        elif event.event == "served":
            kind = "order_served" if event.procedure == Procedure.ORDER else "claim_served"
        if kind is not None:
            yield LimitationEvent(on=event.on, kind=kind)


_LIMITATION = {"enforceable": "judgment", "rejected": "claim_lost", "withdrawn": "claim_lost", "lapsed": "claim_lost"}
