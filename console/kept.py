"""Pages of cases that were drawn a moment ago, for as long as all that they say is the same.

Nothing is kept by time alone: a page is shown again only when everything it was drawn from is equal (the case's head
row with its last decision, its messages, what was asked of it, the day, the reader's role and language). What differs
at each view, the forms' tokens and numbers, stands in it as marks.
"""

import secrets
import time
from collections.abc import Hashable
from typing import Final, NamedTuple

from markupsafe import Markup

MOST: Final = 200
KEPT_FOR: Final = 600.0
"""Seconds after which a page that nobody asks for is dropped: it names people."""


class Marks(NamedTuple):
    """What stands in a kept page where a form's token and its number go."""

    token: str
    number: str


MARKS: Final = Marks(secrets.token_hex(16), secrets.token_hex(16))
"""Unknown to anybody who could write them into a case."""


class Kept(NamedTuple):
    """A drawn page: its title, what it says, and when it was last asked for."""

    stamp: Hashable
    title: str
    body: str
    at: float


class KeptPages:
    """The last pages of cases that were drawn in this process."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, Kept] = {}

    def find(self, name: Hashable, stamp: Hashable) -> Kept | None:
        """The page of that name when it was drawn from just that."""
        found = self._pages.pop(name, None)
        if found is None or found.stamp != stamp:
            return None
        self._pages[name] = found._replace(at=time.monotonic())
        return found

    def keep(self, name: Hashable, stamp: Hashable, title: str, body: str) -> None:
        """Keep a page; the one that was asked for longest ago gives way."""
        while len(self._pages) >= MOST:
            self._pages.pop(next(iter(self._pages)))
        self._pages[name] = Kept(stamp, title, body, time.monotonic())

    def sweep(self) -> None:
        """Drop what nobody asked for in KEPT_FOR seconds."""
        oldest = time.monotonic() - KEPT_FOR
        for name in [name for name, kept in self._pages.items() if kept.at < oldest]:
            del self._pages[name]


def with_marks_filled(body: str, token: str, number: str) -> Markup:
    """A kept page with the token and the number of this view."""
    return Markup(body.replace(MARKS.token, token).replace(MARKS.number, number))  # noqa: S704 - drawn by our templates
