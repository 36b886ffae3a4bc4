"""Finding cases by words: invoice number, customer number, and the debtor's name, which is never written in clear.

Numbers are indexed as they are. A name is indexed by keyed digests of the beginnings of its words (accents folded):
who holds the database without its keys reads no name there, and « marti » still finds Boulangerie Martin.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    TextClause,
    column,
    delete,
    literal_column,
    select,
    table,
    text,
)

from ledger.console_tables import search_keys
from ledger.dialects import insert_ignoring
from ledger.seal import KeyRing, new_key, unwrap_debtor_key, wrap_debtor_key
from ledger.tables import cases
from rules.invoice import InvoiceIssued

SHORTEST, LONGEST = 2, 10
"""Beginnings of words that are indexed, in letters: the first ten tell names apart."""
_WORDS = 8
_DIGEST = 12

_INSERT = text("INSERT INTO case_search (case_id, words) VALUES (:case, :words)")
_index = table("case_search", column("case_id", String), column("rowid", Integer))
# What FTS5 documents as its content table: half the time of asking the index itself for a column of each match.
_STORED = "c0 FROM case_search CROSS JOIN case_search_content AS stored ON stored.id = case_search.rowid"
# In one pass on both: PostgreSQL goes through a NOT IN of more than its work_mem once for each case.
MISSING = text("SELECT id FROM cases WHERE data_key IS NOT NULL EXCEPT SELECT case_id FROM case_search ORDER BY 1")


def folded(value: str) -> list[str]:
    """The words of a text in small letters, without accents: ``Électricité Guérin & Fils`` is
    electricite, guerin, fils."""
    plain = unicodedata.normalize("NFKD", value.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def enter_words(connection: Connection, invoice: InvoiceIssued, case_id: str, ring: KeyRing | None) -> None:
    """Index a new case, in the transaction that opens it."""
    key = search_key(connection, ring)
    blinded = {blind(key, start) for word in folded(invoice.debtor.name) for start in _beginnings(word)}
    words = [*folded(invoice.number), *folded(invoice.debtor.id), *sorted(blinded)]
    connection.execute(_INSERT, {"case": case_id, "words": " ".join(words)})


def forget_words(connection: Connection, creditor: str, debtor: str) -> None:
    """A debtor that is forgotten is no longer found by name, nor by anything else but the case's own id."""
    its = select(cases.c.id).where(cases.c.creditor == creditor, cases.c.debtor == debtor)
    _forget(connection, _index.c.case_id.in_(its), debtor)


def forget_case(connection: Connection, case_id: str) -> None:
    """One case is no longer found by a word."""
    number = connection.execute(select(cases.c.number).where(cases.c.id == case_id)).scalar_one_or_none()
    _forget(connection, _index.c.case_id == case_id, number or "")


def _forget(connection: Connection, which: ColumnElement[bool], word: str) -> None:
    """SQLite's index is by words alone: without one that the rows have, each row would be looked at."""
    words = folded(word)
    if connection.dialect.name == "sqlite" and words:
        asked = " AND ".join(f'"{one}"' for one in words)
        found = select(_index.c.rowid).where(literal_column("case_search").op("MATCH")(asked), which)
        which = _index.c.rowid.in_(found)
    connection.execute(delete(_index).where(which))


def unindexed(connection: Connection) -> list[str]:
    """The cases of a ledger older than this index."""
    return list(connection.execute(MISSING).scalars())


def search_key(connection: Connection, ring: KeyRing | None) -> bytes:
    """The key that blinds names; made once, kept as the debtors' keys are."""
    stored = connection.execute(select(search_keys.c.data_key)).scalar_one_or_none()
    if stored is None:
        fresh = {"id": 1, "data_key": wrap_debtor_key(new_key(), ring)}
        connection.execute(insert_ignoring(connection, search_keys), fresh)
        stored = connection.execute(select(search_keys.c.data_key)).scalar_one()
    key = unwrap_debtor_key(stored, ring)
    assert key is not None  # this key is never destroyed
    return key


def blind(key: bytes, word: str) -> str:
    """A word's digest; nobody without the key can tell which word it is."""
    return "x" + hmac.new(key, word.encode(), hashlib.sha256).hexdigest()[:_DIGEST]


class Matching(NamedTuple):
    """What is asked of the index: a condition on its rows, and the values in it."""

    where: str
    values: dict[str, str]
    ids: str = "case_id FROM case_search"

    def condition(self, *, apart: bool = False) -> TextClause:
        """A condition on ``cases.id``. ``apart``: cases are read in an order of their own and looked up among what
        matches, not the other way round; on SQLite alone."""
        sign = "+" if apart else ""
        found = f"SELECT {self.ids} WHERE {self.where}"
        return text(f"{sign}cases.id IN ({found})").bindparams(**self.values)

    def count(self, connection: Connection) -> int:
        """How many cases match."""
        whole = text(f"SELECT count(*) FROM case_search WHERE {self.where}")  # noqa: S608 - our own words
        return int(connection.execute(whole, self.values).scalar_one())


def matching(connection: Connection, question: str, ring: KeyRing | None) -> Matching | None:
    """Every word asked for begins a word of the case; None when there is no word. A letter alone begins the words of
    half a book: beside longer words it is looked for only in what these have found."""
    words = folded(question)[:_WORDS]
    if not words:
        return None
    longer = [word for word in words if len(word) > 1] or words
    letters = [word for word in words if word not in longer]
    stored = connection.execute(select(search_keys.c.data_key)).scalar_one_or_none()
    key = None if stored is None else unwrap_debtor_key(stored, ring)
    asked = [(word, None if key is None or len(word) < SHORTEST else blind(key, word[:LONGEST])) for word in longer]
    beside = "".join(f" AND (' ' || words) LIKE :letter{n}" for n in range(len(letters)))
    values = {f"letter{n}": f"% {letter}%" for n, letter in enumerate(letters)}
    if connection.dialect.name == "sqlite":
        of_all = " AND ".join(f'("{word}"*' + (f' OR "{digest}")' if digest else ")") for word, digest in asked)
        return Matching("case_search MATCH :asked" + beside, values | {"asked": of_all}, _STORED)
    of_all = " & ".join(f"({word}:*" + (f" | {digest})" if digest else ")") for word, digest in asked)
    return Matching("to_tsvector('simple', words) @@ to_tsquery('simple', :asked)" + beside, values | {"asked": of_all})


def _beginnings(word: str) -> Iterable[str]:
    return (word[:length] for length in range(SHORTEST, min(len(word), LONGEST) + 1))
