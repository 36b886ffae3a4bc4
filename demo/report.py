"""What a demonstration ends with: stages and outcomes, letters by step, judicial files, where to look."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from demo.live import in_ladder_order
from demo.picture import CHANNELS, OUTCOMES, STAGES, Picture, amount
from demo.services import shown
from ledger.reads import CaseRow, Reads
from rules.case import Stage
from rules.money import ZERO, total


def cases_table(picture: Picture) -> Table:
    """Cases by stage, the closed ones by outcome."""
    table = Table(title="Dossiers", title_justify="left")
    table.add_column("stade ou issue")
    for column in ("nombre", "facturé", "recouvré", "reste dû"):
        table.add_column(column, justify="right")
    groups = [(STAGES[stage], [r for r in picture.rows if r.stage is stage]) for stage in STAGES]
    groups = [group for group in groups if group[0] != STAGES[Stage.CLOSED]]
    groups += [(words, [r for r in picture.rows if r.outcome == outcome]) for outcome, words in OUTCOMES.items()]
    for words, rows in [*((w, r) for w, r in groups if r), ("total", list(picture.rows))]:
        owed = total(row.outstanding for row in rows if row.stage is not Stage.CLOSED)
        table.add_row(
            words,
            str(len(rows)),
            amount(total(row.total for row in rows)),
            amount(total(row.recovered for row in rows)),
            amount(owed) if owed > ZERO else "–",
            style="bold" if words == "total" else "",
        )
    return table


def letters_table(picture: Picture) -> Table:
    """Letters by step and channel."""
    table = Table(title="Courriers par étape", title_justify="left")
    table.add_column("étape")
    table.add_column("canal")
    table.add_column("nombre", justify="right")
    for (step, channel), number in in_ladder_order(picture):
        table.add_row(step, CHANNELS[channel], str(number))
    table.add_row("total", "", str(picture.letters.total()), style="bold")
    return table


async def file_lines(reads: Reads, picture: Picture) -> list[str]:
    """The judicial files prepared, a line each with where it lies: unbroken, so that a path can be copied."""
    lines = []
    for row in sorted(picture.rows, key=lambda row: row.number):
        recorded = await reads.case(row.id)
        if recorded is not None and recorded.case.file is not None:
            lines.append(f"{row.number}  {state_of(row):<20}  {place(recorded.case.file.path)}  {row.name}")
    return lines


def state_of(row: CaseRow) -> str:
    """The stage, or the outcome of a closed case."""
    return STAGES[row.stage] if row.outcome is None else OUTCOMES[row.outcome]


def place(path: str) -> str:
    """A file's path as people read it."""
    return shown(Path(path.removeprefix("file://")))


async def report(console: Console, reads: Reads, picture: Picture) -> None:
    """Print the tables."""
    console.print()
    console.print(cases_table(picture))
    console.print(letters_table(picture))
    console.print("[italic]Dossiers judiciaires préparés[/italic]")
    for line in await file_lines(reads, picture):
        console.print(f"  {line}", markup=False, soft_wrap=True)
