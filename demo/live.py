"""The live view of a demonstration: redrawn on a terminal, a line a week and the news where there is none."""

from collections import deque
from datetime import date
from types import TracebackType
from typing import Self

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from demo.picture import CHANNELS, STAGES, Picture, amount, place_of
from rules.case import Stage

_NEWS = 12
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_COLOURS = {
    Stage.NOT_DUE: "cyan",
    Stage.AMICABLE: "green",
    Stage.FORMAL_NOTICE: "yellow",
    Stage.PRE_JUDICIAL: "magenta",
    Stage.JUDICIAL: "red",
    Stage.CLOSED: "dim",
}


class View:
    """Where the demonstration shows itself. Used as a context; ``show`` is called again and again."""

    def __init__(self, console: Console, first: date, last: date, footer: str) -> None:
        self._console = console
        self._first, self._last, self._footer = first, last, footer
        self._news: deque[str] = deque(maxlen=_NEWS)
        self._week: int | None = None
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, today: date, picture: Picture, news: list[str]) -> None:
        """Draw the portfolio as it stands, with what is new."""
        self._news.extend(news)
        if self._live is not None:
            self._live.update(self._drawing(today, picture), refresh=True)
            return
        week = (today - self._first).days // 7
        if week != self._week:
            self._week = week
            self._console.print(_line(today, picture), style="bold", soft_wrap=True)
        for line in news:
            self._console.print(f"    {line}", markup=False, soft_wrap=True)

    def _drawing(self, today: date, picture: Picture) -> RenderableType:
        done, whole = (today - self._first).days, (self._last - self._first).days
        head = Table.grid(expand=True, padding=(0, 2))
        head.add_column()
        head.add_column(ratio=1)
        head.add_column(justify="right")
        head.add_row(
            Text(f"{_DAYS[today.weekday()]} {today:%d/%m/%Y}", style="bold"),
            ProgressBar(total=whole, completed=min(done, whole)),
            Text(f"{amount(picture.recovered)} recouvrés", style="bold green"),
        )
        news = Group(*(Text(line, overflow="ellipsis", no_wrap=True) for line in self._news))
        return Group(
            Panel(head, title="Relance, un jour par seconde", border_style="blue"),
            Columns([_stages(picture), _letters(picture)], padding=(0, 3)),
            Panel(news, title="Derniers faits", border_style="dim", height=_NEWS + 2),
            Text(self._footer, style="dim"),
        )


def _stages(picture: Picture) -> Table:
    table = Table(title="Dossiers", title_justify="left", box=None, padding=(0, 1))
    table.add_column("stade")
    table.add_column("nombre", justify="right")
    table.add_column("", min_width=30)
    for stage, words in STAGES.items():
        number = picture.stages[stage]
        table.add_row(words, str(number), Text("█" * (number // 2 + number % 2), style=_COLOURS[stage]))
    table.add_row("[bold]reste dû[/bold]", "", f"[bold]{amount(picture.outstanding)}[/bold]")
    table.add_row("tâches", str(picture.tasks), "")
    return table


def _letters(picture: Picture) -> Table:
    table = Table(title="Courriers partis", title_justify="left", box=None, padding=(0, 1))
    table.add_column("étape")
    table.add_column("canal")
    table.add_column("nombre", justify="right")
    for (step, channel), number in in_ladder_order(picture):
        table.add_row(step, CHANNELS[channel], str(number))
    return table


def in_ladder_order(picture: Picture) -> list[tuple[tuple[str, str], int]]:
    """The letters as the ladder climbs."""
    return sorted(picture.letters.items(), key=lambda item: (place_of(item[0][0]), item[0]))


def _line(today: date, picture: Picture) -> str:
    stages = ", ".join(f"{picture.stages[stage]} {words}" for stage, words in STAGES.items() if picture.stages[stage])
    letters = picture.letters.total()
    return (
        f"{today:%d/%m/%Y}  {stages or 'aucun dossier'} ; {letters} courriers ; {amount(picture.recovered)} recouvrés"
    )
