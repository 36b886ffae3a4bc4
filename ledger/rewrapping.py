"""Turning the master key: the debtors' keys wrapped anew, so that a retired master key may go."""

from sqlalchemy import Connection, select, update

from ledger.console_tables import search_keys
from ledger.errors import LedgerError
from ledger.seal import KeyRing, unwrap_debtor_key, wrap_debtor_key
from ledger.tables import debtors


def rewrap(connection: Connection, ring: KeyRing | None) -> int:
    """Wrap every debtor's key under the current master key, and the search's; how many debtors there were.

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
    for row in connection.execute(select(search_keys)).all():
        key = unwrap_debtor_key(row.data_key, ring)
        assert key is not None
        again = update(search_keys).where(search_keys.c.id == row.id)
        connection.execute(again.values(data_key=wrap_debtor_key(key, ring)))
    return turned
