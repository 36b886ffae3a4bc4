"""Where the histories of runs that ended are kept, and the keys that open them: each case's own, so that a person who
is forgotten is forgotten there too.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Row, bindparam, select

from ledger.database import Database
from ledger.dialects import insert_ignoring
from ledger.errors import NoKeyRing
from ledger.seal import KeyRing, case_seal, decrypt, encrypt, unwrap_debtor_key
from ledger.tables import cases, debtors, runs
from rules.runs import KeptRun, Run

BY_CASE, BY_RING, UNSEALED = "case", "ring", "none"
_KEYS = select(cases.c.data_key, debtors.c.data_key.label("debtor_key")).join_from(cases, debtors)


class Altered(Exception):
    """Raised when a kept history does not open under its case's key."""


class Forgotten(Exception):
    """Raised when the key of a case was destroyed: its histories cannot be read, nor kept any more."""


class Archive:
    """The ledger's part of the archive; the bytes are in the store."""

    def __init__(self, database: Database, ring: KeyRing | None) -> None:
        self._database = database
        self._ring = ring

    async def missing(self, found: Sequence[Run]) -> list[Run]:
        """Those of these runs that are not kept yet, in their order."""
        names = [run.run for run in found]
        query = select(runs.c.case_id, runs.c.run_id).where(runs.c.run_id.in_(names))
        known = await self._database.read(lambda connection: {tuple(row) for row in connection.execute(query)})
        return [run for run in found if (run.case, run.run) not in known]

    async def keep(self, run: KeptRun) -> None:
        """Write down where a run is kept; a no-op when it is written already."""
        values = run.model_dump()
        row = {"case_id": values.pop("case"), "run_id": values.pop("run"), **values}

        def keeping(connection: Connection) -> None:
            connection.execute(insert_ignoring(connection, runs), row)
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(keeping)

    async def kept(self, case_id: str) -> list[KeptRun]:
        """The runs of a case that are kept, the first first."""
        return await self._database.read(lambda connection: kept_of(connection, [case_id]))

    async def all_kept(self) -> list[KeptRun]:
        """Every run that is kept, by case."""
        query = select(runs).order_by(runs.c.case_id, runs.c.started_at)
        return _kept(await self._database.read(lambda connection: connection.execute(query).all()))

    async def seal(self, run: Run, packed: bytes) -> tuple[str, bytes] | None:
        """By whose key, and a packed history as it is kept; a run of no case (a start that was refused) is sealed
        under the master keys alone. None when the debtor was forgotten."""
        try:
            key = await self._key(run.case)
        except Forgotten:
            return None
        if key is not None:
            return BY_CASE, encrypt(key, packed, _place(run))
        return (UNSEALED, packed) if self._ring is None else (BY_RING, self._ring.wrap(packed))

    async def open(self, run: KeptRun, content: bytes) -> bytes:
        """The packed history of kept bytes; raises Forgotten, or Altered on bytes that do not open."""
        return opened(run, content, await self._key(run.case) if run.sealed_by == BY_CASE else None, self._ring)

    async def _key(self, case_id: str) -> bytes | None:
        query = _KEYS.where(cases.c.id == case_id)
        found = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        if found is None:
            return None
        try:
            key = case_seal(case_id, found.data_key, unwrap_debtor_key(found.debtor_key, self._ring)).key
        except InvalidTag:
            raise Altered(f"{case_id}: the case's key does not open under its debtor's") from None
        if key is None:
            raise Forgotten(case_id)
        return key


def kept_of(connection: Connection, case_ids: Sequence[str]) -> list[KeptRun]:
    """The runs of these cases that are kept, the first first."""
    return _kept(connection.execute(_RUNS, {"cases": list(case_ids)}).all())


_RUNS = (
    select(runs)
    .where(runs.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(runs.c.started_at, runs.c.run_id)
)


def opened(run: KeptRun, content: bytes, key: bytes | None, ring: KeyRing | None) -> bytes:
    """The packed history of kept bytes; ``key``: the case's own. Raises Altered on bytes that do not open."""
    if run.sealed_by == UNSEALED:
        return content
    if run.sealed_by == BY_RING:
        if ring is None:
            raise NoKeyRing
        return ring.unwrap(content)
    if run.sealed_by != BY_CASE:
        raise Altered(f"« {run.sealed_by} » is no way to seal a history")
    try:
        return decrypt(key or b"", content, _place(run))
    except (InvalidTag, ValueError):
        raise Altered(f"the history of run {run.run} does not open under its case's key") from None


def _place(run: Run) -> str:
    return f"{run.case}#history/{run.run}"


def _kept(rows: Iterable[Row[Any]]) -> list[KeptRun]:
    return [
        KeptRun(case=row.case_id, run=row.run_id, **{n: v for n, v in row._mapping.items() if n not in _IDS})
        for row in rows
    ]


_IDS = ("case_id", "run_id")
