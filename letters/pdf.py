"""Letters and statements as PDF pages: the data of the page designs. Pure but for the typesetter."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Any

from letters.typeset import Typesetter, image
from letters.view import View
from letters.words import Words
from rules.letter import Letter
from rules.policy import Channel


@dataclass(frozen=True, slots=True)
class Images:
    """The creditor's logo and the payment code, as PNG, JPEG or SVG."""

    logo: bytes | None = None
    qr: bytes | None = None


def moment_of(letter: Letter) -> datetime:
    """The instant a letter is dated by: its own, else noon UTC of its day."""
    moment = letter.moment or datetime.combine(letter.on, time(12))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def letter_pdf(setter: Typesetter, letter: Letter, view: View, words: Words, images: Images) -> bytes:
    """The letter on paper: A4, address in the right-hand window, page numbers, the calculation annexed."""
    data = _common(view, images) | {
        "words": asdict(words),
        "aside": asdict(view.aside) if view.aside else None,
        "registered": letter.channel is Channel.REGISTERED_LETTER,
        "enclosures": _enclosures(view),
        "reminders": list(view.facts.history) if view.facts.reminders_annexed else [],
    }
    return setter.pdf("letter", data, moment_of(letter))


def statement_pdf(setter: Typesetter, letter: Letter, view: View, images: Images) -> bytes:
    """The statement of account that an e-mail carries, with the calculation when interest is claimed."""
    data = _common(view, images) | {"aside": asdict(view.aside) if view.aside else None}
    return setter.pdf("statement", data, moment_of(letter))


def _common(view: View, images: Images) -> dict[str, Any]:
    parties = asdict(view.parties)
    return parties | {
        "language": view.language,
        "colon": view.colon,
        "label": view.label,
        "on": view.on,
        "as_of": view.as_of,
        "formal": view.formal,
        "asked": view.facts.asked,
        "table": asdict(view.table),
        "claim": asdict(view.claim) if view.claim else None,
        "logo": image(images.logo),
        "qr": image(images.qr),
    }


def _enclosures(view: View) -> list[str]:
    """What accompanies the letter: its own annex first."""
    annexes = [view.label["decompte"]] if view.claim and view.formal else []
    annexes += [view.label["reminders"]] if view.facts.reminders_annexed else []
    return [f"{view.label['annex']} – {title.lower()}" for title in annexes] + list(view.enclosures)
