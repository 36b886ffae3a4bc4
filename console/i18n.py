"""The words of the console. French is written in the code and the templates; English is a catalogue, read at start."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final = ("fr", "en")
LOCALES: Final = {"fr": "fr_FR", "en": "en_GB"}
CATALOGUES = Path(__file__).parent / "locale"


class French(NullTranslations):
    """The words as they are written; in French zero is singular."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """``0 dossier``, ``1 dossier``, ``2 dossiers``."""
        return msgid1 if abs(n) < 2 else msgid2


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, compiled in memory."""
    if language == "fr":
        return French()
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def noted(text: str) -> str:
    """Marks words that are looked up when they are shown."""
    return text


def spoken(accepted: str) -> str:
    """The language of an ``Accept-Language`` header: English when it is asked for before French, else French."""
    for part in accepted.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]
