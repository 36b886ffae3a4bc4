"""What a case's workflow knows of the ledger: the events and the last decision it was told. Plain state, for views."""

from datetime import UTC, datetime
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate
from temporalio.workflow import Info

from rules import events as e
from rules.case import Case
from rules.decision import Decision, PrepareFile, Send
from rules.fold import fold, open_case
from rules.invoice import InvoiceIssued
from rules.view import CaseView, unborn, view
from workflows import options
from workflows.contracts import Answer, Ending, Order, Said


def known_at_start(info: Info) -> dict[str, Any]:
    """The search attributes that the case was started with, which need not be written again. A run that continues
    another writes them all. The stage is always written at first: a first writing with nothing in it would be a command
    less than the histories of before have, and they could not be replayed."""
    if info.continued_run_id:
        return {}
    known = {pair.key.name: pair.value for pair in info.typed_search_attributes}
    return {name: value for name, value in known.items() if name != options.CASE_STAGE.name}


class Mirror:
    """The case as the history tells it. ``position`` 0: nothing was decided yet."""

    def __init__(self, case_id: str, invoice: InvoiceIssued | None, before: CaseView | None = None) -> None:
        self._id = case_id
        self._invoice = invoice
        self._case: Case | None = None
        self._before = before
        self.position = 0
        self.head: str | None = None
        self.decision: Decision | None = None
        self.wake_at: datetime | None = None
        self.refused: str | None = None
        self._stages_only = False

    def absorb(self, answer: Answer) -> None:
        """Take over the events that are new, and the decision of the highest position."""
        if answer.refused is not None:
            self.refused = answer.refused
            return
        for place, event in enumerate(answer.events, answer.since + 1):
            if place > self.position:
                self._enter(event)
                self.position = place
        if self.decision is None or answer.position >= self.decision.position:
            self.decision = answer.decision
            self.wake_at = answer.wake_at
            self._stages_only = bool(answer.stages_only)
            self.head = answer.head

    def _enter(self, event: e.Event) -> None:
        if self._case is None:
            assert isinstance(event, e.CaseOpened)
            self._case = open_case(self._id, event, self._invoice)
        else:
            self._case = fold(self._case, event)

    @property
    def because(self) -> str:
        """Why the case does what it does next: the summary of its timers and acts."""
        return self.decision.because[:400] if self.decision is not None else "ouverture du dossier"

    def heading(self, said: tuple[Said, ...]) -> str:
        """What an ``advance`` is about, for its summary."""
        return ", ".join(one.name for one in said)[:200] if said else self.because[:200]

    @property
    def prepares(self) -> bool:
        """Whether the next act is the judicial file, and not a letter."""
        return self.decision is not None and isinstance(self.decision.step, PrepareFile)

    def order(self, now: datetime) -> Order | None:
        """What the act of the decision is told; None when its moment asks for no act."""
        decision = self.decision
        if decision is None or self._invoice is None or not decision.acts:
            return None
        assert isinstance(decision.step, Send | PrepareFile)
        return Order(
            case=self._id,
            creditor=self._invoice.creditor,
            debtor=self._invoice.debtor.id,
            step=decision.step.step,
            passage=decision.step.passage,
            known=self.position,
            at=decision.at or now,
            now=now,
        )

    def view(self) -> CaseView:
        """The case as others see it."""
        if self._case is None or self.decision is None:
            return self._before or unborn(self._id, self._invoice.currency if self._invoice else "EUR")
        return view(self._case, self.decision, self.head)

    def attributes(self, known: dict[str, Any]) -> list[SearchAttributeUpdate[Any]]:
        """The search attributes that changed since ``known``, which is brought up to date."""
        if self.decision is None or self._invoice is None:
            return []
        due = self.decision.due_on
        wanted: dict[SearchAttributeKey[Any], Any] = {
            options.CREDITOR: self._invoice.creditor,
            options.DEBTOR: self._invoice.debtor.id,
            options.CASE_STAGE: str(self.decision.stage),
            options.DUE_DATE: datetime(due.year, due.month, due.day, tzinfo=UTC),
            # Left out rather than left behind: a next step of last month would be worse than none.
            options.NEXT_STEP: None if self._stages_only else self.decision.name,
            options.NEXT_STEP_AT: None if self._stages_only else self.decision.at,
            options.OUTSTANDING: None if self._stages_only else float(self.decision.claim.total),
        }
        changed = []
        for key, value in wanted.items():
            if known.get(key.name) != value:
                known[key.name] = value
                changed.append(key.value_unset() if value is None else key.value_set(value))
        return changed

    def details(self) -> str:
        """The case in a few lines of Markdown, as the engine's own console shows it; no name, no address."""
        if self._case is None or self.decision is None:
            return ""
        decision, case = self.decision, self._case
        lines = [
            f"**{decision.stage}** — {decision.because}",
            f"- prochaine étape : {decision.name}" + (f" le {decision.at:%d/%m/%Y %H:%M} UTC" if decision.at else ""),
            f"- dû : {decision.claim.total} {case.invoice.currency} (principal {decision.claim.principal})",
        ]
        if decision.suspended is not None:
            lines.append(f"- suspendu : {decision.suspended.by}")
        lines += [f"- {taken.on:%d/%m/%Y} {taken.step} : {taken.outcome}" for taken in case.steps]
        lines += [f"- à faire : {task.summary}" for task in decision.tasks]
        return "\n".join(lines)

    def ending(self) -> Ending:
        """What the workflow returns."""
        closed = self._case.closed if self._case is not None else None
        return Ending(
            case=self._id,
            outcome=closed.outcome if closed else None,
            position=self.position,
            head=self.head,
            refused=self.refused,
        )
