"""Small pieces that stand in many rows, written by Python: a template's macro costs ten times as much a row."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from console.formats import DASH, Formats
from console.naming import kind_of

Word = Callable[[str, str | None], str]
_STATE: Final = Markup('<span class="state s-{}"><i></i>{}</span>')
_DATED: Final = Markup('<b class="when">{}</b> {}')


class Cells:
    """What one language writes into rows. ``word``: the name of a code of a group."""

    def __init__(self, formats: Formats, word: Word) -> None:
        self._formats = formats
        self._word = word
        self.state = lru_cache(500)(self._state)

    def next_of(self, row: Any) -> Markup | str:
        """What a case awaits: the day and the step, a dash for nothing."""
        if row.suspended_by and row.suspended_until:
            return self._dated(row.suspended_until, row.suspended_by)
        if row.next_at:
            return self._dated(self._formats.local_day(row.next_at), row.next_step)
        return self._word("next", row.next_step) if row.next_step else DASH

    def _dated(self, day: date, code: str | None) -> Markup:
        return _DATED.format(self._formats.day(day), self._word("next", code))

    def _state(self, code: str) -> Markup:
        """The square and the name of a state."""
        return _STATE.format(kind_of(code), self._word("state", code))
