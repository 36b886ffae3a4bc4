"""Column types that read back the same value from SQLite and from PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect
from sqlalchemy.types import TypeDecorator

_CENT = Decimal("0.01")


class Cents(TypeDecorator[Decimal]):
    """An amount of two decimals kept as an integer number of cents: exact, and summed and sorted by SQL
    alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """The cents; raises ValueError on an amount finer than a cent."""
        if value is None:
            return None
        cents = int(value.scaleb(2))
        if Decimal(cents).scaleb(-2) != value:
            raise ValueError(f"{value} is finer than a cent")
        return cents

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """The amount, with its two decimals. PostgreSQL answers a sum of integers with a Decimal of its
        own."""
        return None if value is None else int(value) * _CENT


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite keeps no zone, so it is taken off and put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; raises ValueError on a naive one, whose zone could only be guessed."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
