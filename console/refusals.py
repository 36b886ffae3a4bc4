"""What the rules and the doors refuse, in the reader's language. They say it in English, for programs and terminals; a
sentence that has no words here is shown as they say it, and marked as English."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from console.formats import Formats, french_values
from console.words import STEPS
from console.words_judicial import COURT, PROCEDURES
from console.words_refused import KNOWN

_NAMED = {**PROCEDURES, **COURT, **STEPS}


def told(formats: Formats, translate: Callable[..., Any], sentence: str) -> Markup:
    """The refusal as a piece of the page."""
    for pattern, words in KNOWN:
        found = pattern.search(sentence)
        if found is not None:
            values = {name: _shown(formats, translate, said) for name, said in found.groupdict().items()}
            return escape(translate(words, **values))
    return Markup('<span lang="en">{}</span>').format(sentence)


def _shown(formats: Formats, translate: Callable[..., Any], said: str) -> Any:
    """A value of the sentence as the language writes it."""
    if said in _NAMED:
        return translate(_NAMED[said])
    return french_values(said) if formats.language == "fr" else said
