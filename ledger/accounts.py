"""Accounts of people, their sessions, their saved views, and the passwords that were wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from ledger.console_tables import accounts, login_failures, saved_views, sessions
from ledger.database import Database, write
from ledger.dialects import insert_into
from rules.base import Frozen
from rules.refusals import Refused

EVERY_CREDITOR = "*"


class Role(StrEnum):
    """What a person may do: an operator acts, a manager decides, an auditor reads all and acts on nothing, an
    admin looks after accounts."""

    OPERATOR = "operator"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Account(Frozen):
    """A person who may log in. ``creditors``: the keys granted, None for all; ``local``: with a password, else at the
    provider of identities, whose name for the person is ``subject`` (None: not yet seen)."""

    login: str
    role: Role
    creditors: frozenset[str] | None
    language: str
    active: bool
    created_at: datetime
    local: bool = True
    subject: str | None = None


class Session(Frozen):
    """An open session and whose it is."""

    id: str
    account: Account
    created_at: datetime
    seen_at: datetime
    address: str


_SESSIONS = select(
    sessions.c.id,
    sessions.c.created_at.label("since"),
    sessions.c.seen_at,
    sessions.c.address,
    accounts,
).join_from(sessions, accounts)
_SESSION = _SESSIONS.where(sessions.c.id == bindparam("id"), accounts.c.active)
_KEPT_VIEWS = (
    select(saved_views.c.name, saved_views.c.query)
    .where(saved_views.c.login == bindparam("login"))
    .order_by(saved_views.c.name)
)


def views_of(connection: Connection, login: str) -> list[tuple[str, str]]:
    """The views a person keeps: name and query string."""
    return [(row.name, row.query) for row in connection.execute(_KEPT_VIEWS, {"login": login})]


class Accounts:
    """The people of the console."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, account: Account, password: str) -> None:
        """A new account; ``password`` is its hash, empty for who logs in at the provider. Raises Refused when the login
        is taken."""
        row = {
            "login": account.login,
            "password": password,
            "role": account.role.value,
            "creditors": granted_text(account.creditors),
            "language": account.language,
            "active": account.active,
            "created_at": account.created_at,
            "subject": account.subject,
        }

        def adding(connection: Connection) -> None:
            if connection.execute(select(accounts.c.login).where(accounts.c.login == account.login)).first():
                raise Refused(f"« {account.login} » already has an account; see starter.py user list.")
            connection.execute(insert(accounts), row)

        await write(self._database, adding)

    async def all(self) -> list[Account]:
        """Every account, by login."""
        rows = await self._database.read(
            lambda connection: connection.execute(select(accounts).order_by(accounts.c.login)).all()
        )
        return [_account(row) for row in rows]

    async def get(self, login: str) -> tuple[Account, str] | None:
        """The account of a login with the hash of its password; None when there is none."""
        query = select(accounts).where(accounts.c.login == login)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else (_account(row), row.password)

    async def of_subject(self, subject: str) -> Account | None:
        """The account of the person whom the provider calls so."""
        query = select(accounts).where(accounts.c.subject == subject)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else _account(row)

    async def change(self, login: str, **values: object) -> None:
        """Change columns of an account; it takes effect at the next page. An account that is disabled, or whose
        password changes, is logged out. Raises Refused on an unknown login."""
        if "creditors" in values:
            values["creditors"] = granted_text(values["creditors"])  # type: ignore[arg-type]

        def changing(connection: Connection) -> None:
            found = connection.execute(update(accounts).where(accounts.c.login == login).values(**values))
            if not found.rowcount:
                raise Refused(f"« {login} » has no account; see starter.py user list.")
            if values.get("active") is False or "password" in values:
                connection.execute(delete(sessions).where(sessions.c.login == login))

        await write(self._database, changing)

    async def rehash(self, login: str, password: str) -> None:
        """Keep the same password under today's parameters; sessions stay."""
        again = update(accounts).where(accounts.c.login == login).values(password=password)
        await write(self._database, lambda connection: connection.execute(again))

    async def open_session(self, session_id: str, login: str, address: str, now: datetime, oldest: datetime) -> None:
        """Begin a session; those begun before ``oldest`` are swept away."""
        row = {"id": session_id, "login": login, "created_at": now, "seen_at": now, "address": address}

        def opening(connection: Connection) -> None:
            connection.execute(delete(sessions).where(sessions.c.created_at < oldest))
            connection.execute(insert(sessions), row)

        await write(self._database, opening)

    async def session(self, session_id: str) -> Session | None:
        """The session of that id, its account being active; None when there is none."""
        asked = {"id": session_id}
        row = await self._database.read(lambda connection: connection.execute(_SESSION, asked).one_or_none())
        return None if row is None else _session(row)

    async def sessions(self) -> list[Session]:
        """Every open session, the last seen first."""
        query = _SESSIONS.where(accounts.c.active).order_by(sessions.c.seen_at.desc())
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_session(row) for row in rows]

    async def seen(self, session_id: str, now: datetime) -> None:
        """The session was used."""
        again = update(sessions).where(sessions.c.id == session_id).values(seen_at=now)
        await write(self._database, lambda connection: connection.execute(again))

    async def end_session(self, session_id: str) -> None:
        """End a session; a no-op when it has ended."""
        gone = delete(sessions).where(sessions.c.id == session_id)
        await write(self._database, lambda connection: connection.execute(gone))

    async def failures(self, what: Sequence[str], since: datetime) -> int:
        """How many passwords were wrong since then for the one of these (login, address) that failed most."""
        query = (
            select(func.count().label("count"))
            .where(login_failures.c.what.in_(what), login_failures.c.at >= since)
            .group_by(login_failures.c.what)
        )
        counts = await self._database.read(lambda connection: list(connection.execute(query).scalars()))
        return max(counts, default=0)

    async def failed(self, what: Sequence[str], now: datetime, memory: timedelta) -> None:
        """A password was wrong; what is older than ``memory`` is forgotten."""

        def noting(connection: Connection) -> None:
            connection.execute(delete(login_failures).where(login_failures.c.at < now - memory))
            connection.execute(insert(login_failures), [{"what": one, "at": now} for one in what])

        await write(self._database, noting)

    async def views(self, login: str) -> list[tuple[str, str]]:
        """The views a person keeps: name and query string."""
        return await self._database.read(lambda connection: views_of(connection, login))

    async def keep_view(self, login: str, name: str, query: str) -> None:
        """Keep a view under a name; an empty query removes it."""

        def keeping(connection: Connection) -> None:
            mine = (saved_views.c.login == login) & (saved_views.c.name == name)
            connection.execute(delete(saved_views).where(mine))
            if query:
                row = {"login": login, "name": name, "query": query}
                connection.execute(insert_into(connection, saved_views), row)

        await write(self._database, keeping)


def granted_text(creditors: frozenset[str] | None) -> str:
    """Creditors granted, as the column keeps them."""
    return EVERY_CREDITOR if creditors is None else " ".join(sorted(creditors))


def _account(row: Any) -> Account:
    text = row.creditors
    return Account(
        login=row.login,
        role=Role(row.role),
        creditors=None if text == EVERY_CREDITOR else frozenset(text.split()),
        language=row.language,
        active=row.active,
        created_at=row.created_at,
        local=bool(row.password),
        subject=row.subject,
    )


def _session(row: Any) -> Session:
    return Session(
        id=row.id,
        account=_account(row),
        created_at=row.since,
        seen_at=row.seen_at,
        address=row.address,
    )
