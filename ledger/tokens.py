"""Tokens of the API: made once, kept as digests, revocable, each for named creditors."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from ledger.api_tables import tokens
from ledger.database import Database
from rules.base import Frozen
from rules.refusals import Refused

EVERY_CREDITOR = "*"
PREFIX = "rlc_"
SCOPES = (
    "invoices:write",
    "events:write",
    "einvoices:write",
    "bank:write",
    "cases:read",
    "tasks:read",
    "letters:read",
    "reports:read",
)


class Token(Frozen):
    """A program that may speak to the API. ``creditors`` None: all of them."""

    id: str
    name: str
    scopes: frozenset[str]
    creditors: frozenset[str] | None
    created_at: datetime
    last_used_on: date | None = None
    revoked_at: datetime | None = None

    def may_see(self, creditor: str) -> bool:
        """Whether a creditor was granted."""
        return self.creditors is None or creditor in self.creditors


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits: no salt or slow hash would make it harder to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Tokens:
    """The tokens of this ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, scopes: Sequence[str], creditors: Sequence[str], at: datetime) -> tuple[Token, str]:
        """A new token and its secret, which nobody can read again. Raises Refused on an unknown scope."""
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown:
            raise Refused(f"« {unknown[0]} » is not a scope; known: {', '.join(SCOPES)}.")
        secret = PREFIX + secrets.token_urlsafe(32)
        row = {
            "id": secrets.token_hex(6),
            "name": name,
            "digest": digest_of(secret),
            "scopes": " ".join(sorted(set(scopes))),
            "creditors": " ".join(sorted(set(creditors))) or EVERY_CREDITOR,
            "created_at": at,
        }

        def adding(connection: Connection) -> None:
            connection.execute(insert(tokens), row)
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(adding)
        return _token({**row, "last_used_on": None, "revoked_at": None}), secret

    async def of_secret(self, secret: str) -> Token | None:
        """The token that a secret opens; None when there is none or it was revoked."""
        query = select(tokens).where(tokens.c.digest == digest_of(secret), tokens.c.revoked_at.is_(None))

        def reading(connection: Connection) -> Token | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _token(dict(row))

        return await self._database.read(reading)

    async def used(self, token: Token, on: date) -> None:
        """Remember the day of use; written once a day."""
        if token.last_used_on == on:
            return

        def marking(connection: Connection) -> None:
            connection.execute(update(tokens).where(tokens.c.id == token.id).values(last_used_on=on))
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(marking)

    async def all(self) -> list[Token]:
        """Every token, revoked ones included, the oldest first."""
        query = select(tokens).order_by(tokens.c.created_at, tokens.c.id)

        def reading(connection: Connection) -> list[Token]:
            return [_token(dict(row)) for row in connection.execute(query).mappings()]

        return await self._database.read(reading)

    async def revoke(self, token_id: str, at: datetime) -> None:
        """It opens nothing from now on. Raises Refused when there is no such token in use."""
        change = update(tokens).where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None)).values(revoked_at=at)

        def revoking(connection: Connection) -> int:
            changed = connection.execute(change).rowcount
            connection.commit()
            return changed

        async with self._database.writing() as writer:
            if not await writer.run(revoking):
                raise Refused(f"« {token_id} » is no token in use; see token list.")


def _token(row: dict[str, object]) -> Token:
    words = str(row["creditors"])
    return Token.model_validate(
        {
            **row,
            "scopes": str(row["scopes"]).split(),
            "creditors": None if words == EVERY_CREDITOR else words.split(),
        }
    )
