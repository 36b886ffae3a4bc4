"""An audit as a person reads it: the verdict, what was found, the timeline."""

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from audit.findings import Check, Difference, Finding
from audit.report import Report
from commands.output import counted, day, moment, table

CHECKS = {
    Check.REPLAY: "history replayed with today's code",
    Check.CHAIN: "chain of hashes, and all that repeats it",
    Check.EVENTS: "history and ledger, event by event",
    Check.DECISIONS: "decisions asked again from their facts",
    Check.PROMISES: "letters: order, hours, distance, payment",
}


def report_view(report: Report) -> RenderableType:
    """The whole report."""
    parts: list[RenderableType] = [_head(report)]
    parts += [_finding(one) for one in report.findings]
    parts += [_difference(one) for one in report.differences]
    parts += [Text(f"Note: {remark.en}", "yellow") for remark in report.remarks]
    if report.timeline:
        parts.append(_timeline(report))
    return Group(*parts)


def _head(report: Report) -> Panel:
    lines = Text()
    wrong = {check: sum(one.check is check for one in report.findings) for check in Check}
    for check, what in CHECKS.items():
        lines.append("✗ " if wrong[check] else "✓ ", "bold red" if wrong[check] else "bold green")
        lines.append(what)
        lines.append(f"  {counted(wrong[check], 'mismatch', 'mismatches')}\n" if wrong[check] else "\n", "red")
    for run in report.runs:
        told = f"{run.events} events, {run.decisions} decisions" if run.problem is None else run.problem
        lines.append(f"run {run.run}  {run.status}, from the {run.source}: {told}\n", "dim")
    lines.append(f"head of the chain  {report.position}  {report.head}", "dim")
    verdict = "everything agrees" if report.ok else counted(len(report.findings), "mismatch", "mismatches")
    title = Text.assemble((report.case, "bold"), "  ", (verdict, "green" if report.ok else "bold red"))
    colour = "green" if report.ok else "red"
    return Panel(lines, title=title, title_align="left", border_style=colour, box=box.ROUNDED, width=100)


def _finding(one: Finding) -> Text:
    where = f"position {one.position}" if one.position else "the case"
    text = Text.assemble(("✗ ", "bold red"), (f"{one.check}, {where}, {one.field}: ", "red"), one.said)
    if one.here is not None or one.there is not None:
        text.append(f"\n    here     {one.here}\n    against  {one.there}", "dim")
    return text


def _difference(one: Difference) -> Text:
    return Text.assemble(
        ("≠ ", "bold yellow"),
        (f"position {one.position}, decided {one.at[:16]}: today's rules would differ in ", "yellow"),
        ", ".join(one.fields),
        (f"\n    then   {one.recorded}: {one.because_recorded}", "dim"),
        (f"\n    today  {one.today}: {one.because_today}", "dim"),
        (f"\n    since  {'; '.join(one.facts)}", "dim"),
    )


def _timeline(report: Report) -> RenderableType:
    rows = table("n°", "when", "who", "what, and why", "owed", title="Timeline", right=("owed",), whole=("when",))
    wrong = {one.position for one in report.findings}
    for line in report.timeline:
        entered = moment(line.at)
        when = entered if entered.startswith(day(line.on)) else f"{day(line.on)}\nentered {entered}"
        who = line.who + (f"\n{line.door}" if line.door else "")
        what = Text(line.what)
        if line.why:
            what.append(f"\n{line.why}", "italic dim")
        if line.articles:
            what.append(f"\n{', '.join(line.articles)}", "dim")
        place = Text(str(line.position)) if line.position not in wrong else Text(f"✗ {line.position}", "bold red")
        rows.add_row(place, when, who, what, line.owed or "")
    return rows
