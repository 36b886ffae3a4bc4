"""Turning the master key: the keys of the ledger wrapped anew, so that a retired master key may go."""

from typing import Any

from sqlalchemy import Connection, Table, select, update

from ledger.api_tables import hooks
from ledger.console_tables import search_keys
from ledger.errors import LedgerError
from ledger.seal import KeyRing, unwrap_debtor_key, wrap_debtor_key
from ledger.tables import debtors


def rewrap(connection: Connection, ring: KeyRing | None) -> int:
    """Wrap every debtor's key under the current master key, the search's, and the secrets of hooks; how many debtors
    there were.

    Raises LedgerError without a ring.
    """
    if ring is None:
        raise LedgerError("there is no master key to wrap under; set RELANCE_PAYLOAD_KEYS")
    turned = 0
    kept = select(debtors.c.creditor, debtors.c.id, debtors.c.data_key).where(debtors.c.data_key.is_not(None))
    for creditor, debtor, stored in connection.execute(kept.with_for_update()).all():
        key = unwrap_debtor_key(stored, ring)
        assert key is not None
        one = update(debtors).where(debtors.c.creditor == creditor, debtors.c.id == debtor)
        connection.execute(one.values(data_key=wrap_debtor_key(key, ring)))
        turned += 1
    _again(connection, search_keys, "data_key", ring)
    _again(connection, hooks, "secret", ring)
    return turned


def _again(connection: Connection, table: Table, name: str, ring: KeyRing) -> None:
    kept: Any = select(table.c.id, table.c[name].label("key")).with_for_update()
    for row in connection.execute(kept).all():
        key = unwrap_debtor_key(row.key, ring)
        assert key is not None
        connection.execute(update(table).where(table.c.id == row.id).values({name: wrap_debtor_key(key, ring)}))
