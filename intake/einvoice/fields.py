"""Dates, amounts and codes of XML invoices, each fault naming its business term. Pure."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from intake.einvoice.safe_xml import found, text_of
from intake.lines import Fault
from rules.money import exact
from rules.refusals import Refused

_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DASHED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2})?$")


def must(root: Any, path: str, term: str) -> str:
    """The text at a path; raises Fault naming the business term when there is none."""
    text = text_of(root, path)
    if text is None:
        raise Fault(term, "is missing; EN 16931 requires it")
    return text


def day(text: str, term: str) -> date:
    """``2026-02-04`` or ``20260204``; raises Fault naming the business term."""
    match = _COMPACT.match(text) or _DASHED.match(text)
    if match is None:
        raise Fault(term, f"« {text[:40]} » is not a date such as 2026-02-04 or 20260204")
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise Fault(term, f"« {text} » is not a day of the calendar") from None


def day_at(root: Any, path: str, term: str) -> date | None:
    """The date at a path, None when it is absent."""
    text = text_of(root, path)
    return None if text is None else day(text, term)


def amount(text: str, term: str) -> Decimal:
    """An amount with a point, to the cent; raises Fault naming the business term."""
    try:
        return exact(text.strip(), field=term)
    except Refused as refused:
        raise Fault(term, refused.sentence.removeprefix(f"{term}: ").rstrip(".")) from None


def amount_at(root: Any, path: str, term: str) -> Decimal | None:
    """The amount at a path, None when it is absent."""
    text = text_of(root, path)
    return None if text is None else amount(text, term)


def coded(root: Any, path: str) -> tuple[str, str] | None:
    """An identifier with its scheme (empty when it names none)."""
    element = found(root, path)
    text = text_of(root, path)
    return None if element is None or text is None else (element.get("schemeID") or "", text)
