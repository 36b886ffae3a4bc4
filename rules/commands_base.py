"""What every signal may carry. Pure."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from rules.base import Frozen
from rules.money import Money

Text = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(max_length=200)]
Positive = Annotated[Money, Field(gt=Decimal(0))]


COMMON = frozenset({"id", "by", "on", "note", "scope", "kind", "actor", "via"})
"""What every signal may carry: no part of what it says."""


class Command(Frozen):
    """Fields every signal may carry. ``id`` is the dedupe key; ``on`` the day it happened (default: today); ``scope``
    extends what concerns a person to all the debtor's cases. ``by`` and ``actor`` are who says so, ``via`` the door
    that knows it: given by Relance's own doors, and not believed of a raw signal."""

    id: Name | None = None
    by: Name | None = None
    on: date | None = None
    note: Text | None = None
    scope: Literal["case", "debtor"] | None = None
    actor: Literal["operator", "manager", "system", "billing", "debtor"] | None = None
    via: Literal["command", "console", "api", "file", "mailbox", "provider"] | None = None
