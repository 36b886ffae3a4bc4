"""The columns of a case's head row, from its fold and its last decision. Pure."""

from typing import Any

from rules.case import Case, Stage
from rules.decision import Decision
from rules.money import total


def fold_columns(case: Case) -> dict[str, Any]:
    """What the events alone say."""
    return {
        "outcome": case.closed.outcome if case.closed else None,
        "closed_on": case.closed.on if case.closed else None,
        "settled_on": case.settled_on,
        "promises_broken": case.promises_broken,
        "total": case.invoice.total,
        "principal": case.open_principal,
        "recovered": total(p.amount for p in case.payments) - total(case.reversed.values()),
        "due_on": case.anchor_on,
        "passage": case.passage,
        "policy": case.policy,
        "version": case.version,
        "position": case.position,
    }


def opening_columns(case: Case) -> dict[str, Any]:
    """What never changes, and what stands until a first decision is kept."""
    return {
        "id": case.id,
        "creditor": case.invoice.creditor,
        "debtor": case.invoice.debtor.id,
        "number": case.invoice.number,
        "currency": case.invoice.currency,
        "opened_on": case.opened_on,
        "stage": Stage.NOT_DUE.value,
        "state": Stage.NOT_DUE.value,
        "outstanding": case.open_principal,
        "tasks": 0,
        "decision_position": 0,
    }


def state_of(case: Case, decision: Decision) -> str:
    """Where a case stands in lists' words: its outcome, why it is paused, the last letter of the amicable ladder, else
    its stage."""
    if case.closed is not None:
        return case.closed.outcome
    if decision.suspended is not None:
        return decision.suspended.by.value
    written = case.last_written
    if decision.stage is Stage.AMICABLE and written is not None and written.passage == case.passage:
        return written.step
    return decision.stage.value


def decision_columns(decision: Decision) -> dict[str, Any]:
    """What the rules said last."""
    suspended = decision.suspended
    return {
        "stage": decision.stage.value,
        "suspended_by": suspended.by.value if suspended else None,
        "suspended_until": suspended.until if suspended else None,
        "next_kind": decision.step.kind,
        "next_step": decision.name,
        "next_at": decision.at,
        "because": decision.because,
        "outstanding": decision.claim.total,
        "limitation_on": decision.limitation_on,
        "due_on": decision.due_on,
        "tasks": len(decision.tasks),
        "task_due_on": min((task.due_on for task in decision.tasks), default=None),
        "task_kinds": ",".join(sorted({task.kind for task in decision.tasks})) or None,
        "decision": decision.model_dump_json(),
        "decision_position": decision.position,
    }


def closing_columns(outcome: str) -> dict[str, Any]:
    """A closed case shows as closed even before the rules were asked again: nothing comes next."""
    return {
        "stage": Stage.CLOSED.value,
        "state": outcome,
        "suspended_by": None,
        "suspended_until": None,
        "next_kind": None,
        "next_step": None,
        "next_at": None,
    }
