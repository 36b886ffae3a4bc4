"""A case as a person reads it: stage, amounts, what comes next and why, what was done, what is to be done."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rich import box
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from commands.output import STAGES, day, moment, money, stage, table
from rules.case import Case
from rules.events import Event
from rules.view import CaseView

WIDTH = 100
"""Columns of the head: a wide terminal must not stretch a frame around short lines."""

_OUTCOMES = {
    "sent": "green",
    "delivered": "green",
    "posted": "green",
    "prepared": "green",
    "in_tray": "yellow",
    "call": "yellow",
    "skipped": "bright_black",
    "lapsed": "bright_black",
    "returned": "red",
    "failed": "red",
    "in_doubt": "red",
}
# Long or repeated elsewhere: a chronology is for reading.
_HIDDEN = ("id", "on", "at", "by", "door", "note", "kind", "invoice", "message_id", "letter", "version", "manifest")


def case_file(view: CaseView, case: Case | None, events: Sequence[Event]) -> RenderableType:
    """The whole file: head, amounts, next step, steps taken, tasks, chronology."""
    parts: list[RenderableType] = [
        _head(view, case),
        Columns([_amounts(view), _next(view)], expand=False, padding=(0, 1)),
    ]
    if view.tasks:
        parts.append(_tasks(view))
    if view.steps:
        parts.append(_steps(view))
    if events:
        parts.append(_chronology(events))
    return Group(*parts)


def one_line(view: CaseView) -> Text:
    """The case in one line, after a signal."""
    text = Text.assemble((view.id, "bold"), "  ", stage(view.stage, view.outcome))
    if view.suspended is not None:
        text.append(f"  paused: {view.suspended.by}", "yellow")
    if view.claim is not None:
        text.append(f"  {money(view.claim.principal, view.currency)} of principal due")
    if view.next is not None:
        text.append(f"  next: {view.next.step} {moment(view.next.at) if view.next.at else ''}".rstrip())
    return text


def _head(view: CaseView, case: Case | None) -> Constrain:
    lines = Text.assemble(("stage  ", "dim"), stage(view.stage, view.outcome))
    if view.suspended is not None:
        until = f" until {day(view.suspended.until)}" if view.suspended.until else ""
        lines.append(f"   paused by {view.suspended.by}{until}", "yellow")
    title = Text(view.id, "bold")
    if case is not None:
        invoice = case.invoice
        debtor = case.debtor
        title = Text.assemble((invoice.number, "bold"), ("  ", ""), (money(invoice.total, view.currency), ""))
        lines.append("\n")
        lines.append_text(
            Text.assemble(("debtor ", "dim"), f"{debtor.name}", (f"  {debtor.id} · {debtor.kind}", "dim"))
        )
        reach = " · ".join(part for part in (case.email, case.debtor.phone, _address(case)) if part)
        lines.append(f"\n       {reach or 'no way to reach it'}", "dim")
        lines.append_text(
            Text.assemble(
                ("\ndates  ", "dim"),
                f"issued {day(invoice.issued_on)}, due {day(case.anchor_on)}",
                (f"  policy {case.policy}", "dim"),
            )
        )
    if view.limitation_on is not None:
        lines.append_text(Text.assemble(("\nlimit  ", "dim"), f"time-barred after {day(view.limitation_on)}"))
    lines.append_text(Text.assemble(("\nid     ", "dim"), (view.id, "dim")))
    colour = STAGES.get(view.stage, "")
    return Constrain(Panel(lines, title=title, title_align="left", border_style=colour, box=box.ROUNDED), WIDTH)


def _address(case: Case) -> str | None:
    postal = case.postal
    return None if postal is None else ", ".join([*postal.lines, f"{postal.postal_code} {postal.city}".strip()])


def _amounts(view: CaseView) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right", no_wrap=True)
    if view.claim is not None:
        claim = view.claim
        for name in ("principal", "interest", "indemnity", "costs"):
            amount: Decimal = getattr(claim, name)
            grid.add_row(name, money(amount, view.currency) if amount else "–")
        grid.add_row(Text("total", "bold not dim"), Text(money(claim.total, view.currency), "bold"))
    grid.add_row("paid", money(view.paid, view.currency) if view.paid else "–")
    title = f"owed on {day(view.as_of)}" if view.as_of else "owed"
    return Panel(grid, title=title, title_align="left", box=box.ROUNDED, border_style="dim")


def _next(view: CaseView) -> Panel:
    if view.next is None:
        text = Text("nothing more to come" if view.stage == "closed" else "not decided yet", "dim")
    else:
        when = moment(view.next.at) if view.next.at else "no date: a person or the debtor moves next"
        text = Text.assemble((view.next.step, "bold"), f"\n{when}\n", (view.next.because, "italic"))
    return Panel(text, title="next", title_align="left", box=box.ROUNDED, border_style="dim", width=60)


def _tasks(view: CaseView) -> Table:
    rows = table("due", "task", "what", "who", title="To do")
    for task in view.tasks:
        rows.add_row(day(task.due_on), task.kind, task.summary, task.owner)
    return rows


def _steps(view: CaseView) -> Table:
    several = any(step.passage > 1 for step in view.steps)
    rows = table(*(["passage"] if several else []), "at", "step", "channel", "outcome", title="Steps taken")
    for step in view.steps:
        outcome = Text(step.outcome, _OUTCOMES.get(step.outcome, ""))
        first = [str(step.passage)] if several else []
        rows.add_row(*first, moment(step.at), step.step, step.channel or "–", outcome)
    return rows


def _chronology(events: Sequence[Event]) -> Table:
    rows = table("on", "event", "what", title="Chronology")
    for event in events:
        rows.add_row(day(event.on), getattr(event, "kind", "?"), _said(event))
    return rows


def _said(event: Event) -> str:
    """What an event says, in a line: its fields that a reader wants."""
    shown = event.model_dump(exclude=set(_HIDDEN))
    parts = [f"{name} {_value(value)}" for name, value in shown.items() if value not in (None, False, "", (), [], {})]
    if event.by:
        parts.append(f"by {event.by}")
    return ", ".join(parts + ([f"« {event.note} »"] if event.note else []))


def _value(value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ", ".join(_value(part) for part in value)
    if isinstance(value, dict):
        return " ".join(_value(part) for part in value.values())
    return str(value)
