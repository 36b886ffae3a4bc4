"""What the rules say to people, in the reader's language. Pure.

Their sentences are recorded in decisions and histories, in French, and never change there: they are recognised when
they are shown. ``locale/rules/en.po`` holds each of them with named places for its values, and its English; ``fr.po``
the few that a console words otherwise. The name of a place, digits apart, says what may stand there (``PLACES``):
another sentence of the rules (``because``), a day, an amount, a code, or anybody's words (``name``), which are shown
as they are.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import Any, Final

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from console.formats import NBSP, Formats, french_spaces, french_values
from console.i18n import CATALOGUES

PLACES: Final[Mapping[str, str]] = {
    "because": ".+?",
    "name": ".+",
    "text": ".+",
    "refusal": ".+",
    "day": r"\d\d/\d\d/\d{4}",
    "days": r"\d+ jours?",
    "months": r"\d+ mois",
    "semester": r"\d{4}-S[12]",
    "count": r"\d+",
    "money": r"-?\d+(?:\.\d+)? [A-Z]{3}",
    "sum": r"-?\d+(?:\.\d+)?",
    "euros": r"-?\d[\d ]*(?:,\d\d €|\.\d\d)",
    "step": r"\w+",
    "act": r"\w+",
    "court": r"\w+",
    "cause": r"\w+",
    "role": "operator|manager",
    "channels": r"\w+(?:, \w+)*",
}
PLACE: Final = re.compile(r"%\((?P<name>(?P<kind>[a-z]+)\d*)\)s")
_SPACES: Final = str.maketrans("\u00a0\u202f", "  ")
"""Spaces that do not break are print's, not the sentence's."""
Word = Callable[[str, str | None], str]
Write = Callable[[str], Any]


class Sentences:
    """The sentences of one language. ``word``: the name of a code of a group; ``refused``: a refusal, told."""

    def __init__(self, formats: Formats, word: Word, refused: Write) -> None:
        self._french = formats.language == "fr"
        self._write = {"because": self.told, "days": self.told, "months": self.told} | _writers(formats, word, refused)
        known = catalogue(formats.language)
        self._whole = {said: shown for said, shown in known.items() if not PLACE.search(said)}
        self._open = [(_matcher(said), shown) for said, shown in known.items() if PLACE.search(said)]
        self.said = lru_cache(5000)(self._said)

    def _said(self, sentence: str) -> Markup:
        """The sentence as the reader is told it; one that the rules never said, of a person or an older version,
        stands as it is, and is marked as French."""
        told = self.told(sentence)
        if told is not None:
            return told
        return escape(french_values(sentence)) if self._french else Markup('<span lang="fr">{}</span>').format(sentence)

    def worded(self, text: str) -> str:
        """Words of a person or of the rules: what a person wrote stands as it is, and is of no known language."""
        return self.told(text) or text

    def told(self, sentence: str) -> Markup | None:
        """The sentence in the reader's language; None when it is none of the rules'."""
        sentence = sentence.translate(_SPACES)
        whole = self._whole.get(sentence)
        if whole is not None:
            return Markup(whole)  # noqa: S704 - our own words
        for matcher, shown in self._open:
            found = matcher.fullmatch(sentence)
            values = self._values(found.groupdict()) if found is not None else None
            if values is not None:
                return Markup(shown) % values  # noqa: S704 - our own words; the values are escaped
        return None

    def _values(self, said: Mapping[str, str]) -> dict[str, Any] | None:
        """What stands in the places, as it is shown; None when a sentence within is none of the rules'."""
        shown = {name: self._write.get(name.rstrip("0123456789"), str)(part) for name, part in said.items()}
        return None if None in shown.values() else shown


def _writers(formats: Formats, word: Word, refused: Write) -> dict[str, Write]:
    """How a language writes what stands in a place, by its kind; what is not here is shown as it was said."""
    quoted = f"«{NBSP}{{}}{NBSP}»" if formats.language == "fr" else "“{}”"
    return {
        "refusal": refused,
        "day": lambda said: formats.day(date(int(said[6:]), int(said[3:5]), int(said[:2]))),
        "money": lambda said: formats.money(Decimal(said[:-4]), said[-3:]),
        "euros": lambda said: formats.money(Decimal(re.sub("[ €]", "", said).replace(",", "."))),
        "sum": lambda said: formats.decimal(Decimal(said), 2),
        "semester": lambda said: said if formats.language == "fr" else f"H{said[-1]} {said[:4]}",
        "step": lambda said: quoted.format(word("step", said).lower()),
        "channels": lambda said: ", ".join(word("channel", code).lower() for code in said.split(", ")),
        **{group: partial(_named, word, group) for group in ("act", "court", "cause", "role")},
    }


def _named(word: Word, group: str, code: str) -> str:
    return word(group, code).lower()


def _matcher(said: str) -> re.Pattern[str]:
    """The sentence as a pattern, its places as groups."""
    literal = PLACE.split(said)[::3]
    places = [f"(?P<{name}>{PLACES[kind]})" for name, kind in PLACE.findall(said)]
    parts = [part for pair in zip(map(re.escape, literal), [*places, ""], strict=True) for part in pair]
    return re.compile("".join(parts), re.DOTALL)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """What the rules say, and how a language says it, in the order in which they are tried."""
    english = _read("en")
    if language != "fr":
        return english
    spoken = {said: said for said in english} | _read("fr")
    return {said: french_spaces(shown.replace("'", "’")) for said, shown in spoken.items()}


def _read(language: str) -> dict[str, str]:
    with (CATALOGUES / "rules" / f"{language}.po").open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source, locale=language) if one.id}
