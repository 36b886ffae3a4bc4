"""Who may see what: a person or a token granted some creditors sees no row of another."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement


def granted(creditor: ColumnElement[Any], creditors: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The condition that keeps to the creditors granted, for `where(*…)`; none when None, which sees every creditor.
    An empty collection sees nothing."""
    return [] if creditors is None else [creditor.in_(sorted(creditors))]
