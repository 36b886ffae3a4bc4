"""Signs that no font of the house holds: PDF/A refuses a page that shows one, and a name must stop no letter. Pure."""

import re
from typing import Any

# Latin, Greek and Cyrillic; extended Latin and Greek, spaces, dashes, quotation marks; superscripts and currencies;
# letter-like signs; arrows and mathematics. Found by trying every sign.
_UNSHOWN = re.compile("[^\n\u0020-\u047f\u1e00-\u2040\u2070-\u20bf\u2100-\u211e\u2122\u2190-\u22ff]")


def legible(value: Any) -> Any:
    """JSON data with every sign that the fonts lack shown as « ? »."""
    if isinstance(value, str):
        return _UNSHOWN.sub("?", value)
    if isinstance(value, dict):
        return {name: legible(inside) for name, inside in value.items()}
    return [legible(inside) for inside in value] if isinstance(value, list | tuple) else value
