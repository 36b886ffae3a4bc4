"""What could spoil a page in the data it shows: signs that no font of the house holds (PDF/A refuses a page that shows
one, and a name must stop no letter), and words that are longer than a line. Pure."""

import re
from typing import Any

# Latin, Greek and Cyrillic; extended Latin and Greek, spaces, dashes, quotation marks; superscripts and currencies;
# letter-like signs; arrows and mathematics. Found by trying every sign.
_UNSHOWN = re.compile("[^\n\u0020-\u047f\u1e00-\u2040\u2070-\u20bf\u2100-\u211e\u2122\u2190-\u22ff]")
# The pages break words of 45 signs and more; a colon or a label may stand right beside a datum.
_LONG = re.compile(r"\S{36}")


def legible(value: Any) -> Any:
    """JSON data with every sign that the fonts lack shown as « ? »."""
    if isinstance(value, str):
        return _UNSHOWN.sub("?", value)
    if isinstance(value, dict):
        return {name: legible(inside) for name, inside in value.items()}
    return [legible(inside) for inside in value] if isinstance(value, list | tuple) else value


def has_long_words(value: Any) -> bool:
    """Whether a page that shows this JSON data may hold a word that is too long for a line; pictures show none."""
    if isinstance(value, str):
        return _LONG.search(value) is not None
    if isinstance(value, dict):
        return "format" not in value and any(has_long_words(inside) for inside in value.values())
    return isinstance(value, list | tuple) and any(has_long_words(inside) for inside in value)
