"""Hooks: whose posts are believed, to whom events are posted, and what became of each delivery."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update

from ledger.api_tables import deliveries, hooks
from ledger.database import Database
from ledger.seal import KeyRing, new_key, unwrap_debtor_key, wrap_debtor_key
from ledger.tables import events
from rules.base import Frozen
from rules.hooks import GIVE_UP_AFTER, PAUSES, Delivery, DeliveryState, Outcome
from rules.refusals import Refused


class Hook(Frozen):
    """A hook of a creditor. ``url`` and ``kinds`` (empty: all) are those of an outgoing one."""

    id: str
    incoming: bool
    creditor: str
    name: str
    url: str = ""
    kinds: tuple[str, ...] = ()
    created_at: datetime
    revoked_at: datetime | None = None


class Logged(Frozen):
    """A line of the delivery log."""

    hook: str
    case_id: str
    position: int
    kind: str
    state: str
    attempts: int
    tried_at: datetime | None
    status: int | None
    error: str | None


class Hooks:
    """The hooks of this ledger."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def add(self, hook: Hook) -> bytes:
        """A new hook; its secret, thirty-two bytes."""
        secret = new_key()
        kinds = f",{','.join(hook.kinds)}," if hook.kinds else ""
        row = {**hook.model_dump(), "kinds": kinds, "secret": wrap_debtor_key(secret, self._ring)}

        def adding(connection: Connection) -> None:
            connection.execute(insert(hooks), row)
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(adding)
        return secret

    async def incoming(self, hook_id: str) -> tuple[Hook, bytes] | None:
        """An incoming hook in use, and its secret; None when there is none of that id."""
        query = select(hooks).where(hooks.c.id == hook_id, hooks.c.incoming, hooks.c.revoked_at.is_(None))

        def reading(connection: Connection) -> tuple[Hook, bytes] | None:
            row = connection.execute(query).mappings().one_or_none()
            secret = None if row is None else unwrap_debtor_key(row["secret"], self._ring)
            return None if row is None or secret is None else (_hook(row), secret)

        return await self._database.read(reading)

    async def all(self) -> list[Hook]:
        """Every hook, revoked ones included, the oldest first."""
        query = select(hooks).order_by(hooks.c.created_at, hooks.c.id)

        def reading(connection: Connection) -> list[Hook]:
            return [_hook(row) for row in connection.execute(query).mappings()]

        return await self._database.read(reading)

    async def revoke(self, hook_id: str, at: datetime) -> None:
        """Nothing is believed from it and nothing posted to it any more. Raises Refused when none is in use."""
        change = update(hooks).where(hooks.c.id == hook_id, hooks.c.revoked_at.is_(None)).values(revoked_at=at)
        stop = update(deliveries).where(deliveries.c.hook == hook_id, deliveries.c.state == DeliveryState.PENDING)

        def revoking(connection: Connection) -> int:
            changed = connection.execute(change).rowcount
            connection.execute(stop.values(state=DeliveryState.STOPPED.value))
            connection.commit()
            return changed

        async with self._database.writing() as writer:
            if not await writer.run(revoking):
                raise Refused(f"« {hook_id} » is no hook in use; see webhook list.")

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Deliveries to be tried now, those of the earliest events first within a case."""
        table = deliveries.c
        longest = len(PAUSES) - 1
        waited = [
            and_(
                table.attempts == number if number < longest else table.attempts >= number,
                table.tried_at <= now - timedelta(seconds=pause),
            )
            for number, pause in enumerate(PAUSES)
        ]
        query: Select[Any] = (
            select(
                deliveries, hooks.c.url, hooks.c.secret, hooks.c.creditor,
                events.c.readable, events.c.hash, events.c.entered_at,
            )
            .join_from(deliveries, hooks, table.hook == hooks.c.id)
            .join(events, and_(events.c.case_id == table.case_id, events.c.position == table.position))
            .where(table.state == DeliveryState.PENDING, or_(table.tried_at.is_(None), *waited))
            .order_by(table.case_id, table.position)
            .limit(limit)
        )  # fmt: skip

        def reading(connection: Connection) -> list[Delivery]:
            return [self._delivery(row) for row in connection.execute(query).mappings()]

        return await self._database.read(reading)

    def _delivery(self, row: Any) -> Delivery:
        secret = unwrap_debtor_key(row["secret"], self._ring)
        assert secret is not None
        names = ("hook", "case_id", "position", "kind", "attempts", "url", "creditor", "readable", "hash", "entered_at")
        return Delivery(secret=secret, **{name: row[name] for name in names})

    async def tried(self, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
        """Log an attempt; after the last one the delivery is given up."""
        attempts = delivery.attempts + 1
        state = DeliveryState.DELIVERED if outcome.ok else DeliveryState.PENDING
        if not outcome.ok and attempts >= GIVE_UP_AFTER:
            state = DeliveryState.GAVE_UP
        table = deliveries.c
        change = (
            update(deliveries)
            .where(table.hook == delivery.hook, table.case_id == delivery.case_id, table.position == delivery.position)
            .values(
                state=state.value, attempts=attempts, tried_at=at, status=outcome.status,
                error=None if outcome.ok else (outcome.error or "")[:200],
            )
        )  # fmt: skip

        def trying(connection: Connection) -> None:
            connection.execute(change)
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(trying)

    async def log(self, hook_id: str | None = None, limit: int = 100) -> Sequence[Logged]:
        """The deliveries, those tried last first, those never tried before them."""
        query = select(deliveries).order_by(deliveries.c.tried_at.is_not(None), deliveries.c.tried_at.desc())
        if hook_id is not None:
            query = query.where(deliveries.c.hook == hook_id)

        def reading(connection: Connection) -> list[Logged]:
            return [Logged(**row) for row in connection.execute(query.limit(limit)).mappings()]

        return await self._database.read(reading)

    async def counts(self) -> dict[str, int]:
        """How many deliveries stand in each state."""
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state).order_by(deliveries.c.state)
        return await self._database.read(lambda connection: {row[0]: row[1] for row in connection.execute(query)})


def new_hook_id() -> str:
    """An id that cannot be guessed: an incoming hook's address contains it."""
    return secrets.token_hex(12)


def _hook(row: Any) -> Hook:
    kinds = tuple(kind for kind in row["kinds"].split(",") if kind)
    return Hook.model_validate({**{name: row[name] for name in Hook.model_fields if name != "kinds"}, "kinds": kinds})
