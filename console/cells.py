"""Small pieces that stand in many rows, written by Python: a template's macro costs ten times as much a row."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup, escape

from console.formats import DASH, Formats
from console.naming import awaited, kind_of

Word = Callable[[str, str | None], str]
_STATE: Final = Markup('<span class="state s-{}"><i></i>{}</span>')


class Cells:
    """What one language writes into rows. ``word``: the name of a code of a group."""

    def __init__(self, formats: Formats, word: Word) -> None:
        self._formats = formats
        self._word = word
        self.state = lru_cache(500)(self._state)
        self._day = lru_cache(2000)(formats.day)
        self._dated = lru_cache(2000)(self._day_and_step)

    def rows(self, found: Iterable[Any]) -> Markup:
        """The rows of the list of cases, as they stand in its table."""
        return Markup("\n".join(map(self._row, found)))  # noqa: S704 - escaped below, value by value

    def _row(self, row: Any) -> str:
        money = self._formats.money(row.outstanding, row.currency)
        return (
            f'<tr><th scope="row"><a href="/cases/{quote(row.id)}">{escape(row.number)}</a></th>'
            f'<td class="name"><span>{escape(row.name)}</span></td><td>{self.state(row.state)}</td>'
            f'<td class="num">{self._day(row.due_on)}</td><td class="num strong">{escape(money)}</td>'
            f'<td class="next">{escape(self.next_of(row))}</td></tr>'
        )

    def next_of(self, row: Any) -> Markup | str:
        """What a case awaits: the day and the step, a dash for nothing."""
        code, day = self.awaited(row)
        if day is not None:
            return self._dated(day, code)
        return self._word("next", code) if code else DASH

    def awaited(self, row: Any) -> tuple[str | None, date | None]:
        """The code of what a case awaits, and its day in Paris; None where no clock leads there."""
        code, when = awaited(row)
        return code, self._formats.local_day(when) if isinstance(when, datetime) else when

    def _day_and_step(self, day: date, code: str | None) -> Markup:
        return Markup(f'<b class="when">{self._formats.day(day)}</b> {escape(self._word("next", code))}')  # noqa: S704

    def _state(self, code: str) -> Markup:
        """The square and the name of a state."""
        return _STATE.format(kind_of(code), self._word("state", code))
