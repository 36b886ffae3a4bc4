"""The chain holds, and every alteration of it is found where it was made."""

import hashlib
import json
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Executable, delete, update

from ledger.chain import ChainRow, Head, canonical, link, verify
from ledger.store import SqlLedger
from ledger.tables import contacts, events
from tests.ledger.samples import MARTIN, by_hand, case_id, long_history

F1 = case_id("F-1")


@pytest.fixture
async def rows(ledger: SqlLedger) -> list[ChainRow]:
    async with ledger.book(F1, debtor=MARTIN) as book:
        for event in long_history():
            book.append(event)
    return await ledger.reads.chain_rows(F1)


def flipped(text: str, at: int) -> str:
    return text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]


def test_the_hash_is_that_of_one_line_of_canonical_json() -> None:
    line = canonical(
        {
            "case": F1,
            "position": 2,
            "previous": "ab",
            "readable": {"é": 1, "a": [True, None]},
            "sealed": hashlib.sha256(b"ciphertext").hexdigest(),
        }
    )
    readable = canonical({"é": 1, "a": [True, None]})
    assert link(F1, 2, "ab", readable, b"ciphertext") == hashlib.sha256(line.encode()).hexdigest()
    assert " " not in line
    assert "é" in line


async def test_an_untouched_chain_verifies(ledger: SqlLedger, rows: list[ChainRow]) -> None:
    head = await ledger.reads.chain_head(F1)
    assert head == Head(15, rows[-1].hash)
    assert verify(rows, head) is None
    assert verify([]) is None
    assert await ledger.reads.broken_at(F1) is None
    with pytest.raises(KeyError):
        await ledger.reads.broken_at("invoice/acme/none")


async def test_every_flipped_byte_is_found_at_its_position(rows: list[ChainRow]) -> None:
    for index, row in enumerate(rows):
        altered = [row._replace(readable=flipped(row.readable, at)) for at in range(len(row.readable))]
        altered += [row._replace(hash=flipped(row.hash, at)) for at in range(len(row.hash))]
        sealed = row.sealed or b""
        altered += [
            row._replace(sealed=sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) for at in range(len(sealed))
        ]
        for changed in altered:
            assert verify([*rows[:index], changed, *rows[index + 1 :]]) == row.position


async def test_a_row_moved_removed_or_added_is_found(rows: list[ChainRow]) -> None:
    head = Head(15, rows[-1].hash)
    for index, row in enumerate(rows):
        assert verify([*rows[:index], *rows[index + 1 :]], head) == row.position
        assert verify([*rows[:index], row._replace(position=99), *rows[index + 1 :]], head) == row.position
        assert verify([*rows[:index], row._replace(case_id="invoice/acme/F-2"), *rows[index + 1 :]]) == row.position
    assert verify(rows[:-1]) is None, "without the head a chain cut short cannot be told"
    assert verify([], head) == 1
    assert verify(rows, Head(14, rows[13].hash)) == 15
    assert verify(rows, Head(15, rows[13].hash)) == 15
    assert verify([rows[1], rows[0], *rows[2:]]) == 1


async def test_a_sealed_part_taken_away_or_put_in_is_found(rows: list[ChainRow]) -> None:
    personal = next(index for index, row in enumerate(rows) if row.sealed is not None)
    plain = next(index for index, row in enumerate(rows) if row.sealed is None)
    assert verify([*rows[:personal], rows[personal]._replace(sealed=None), *rows[personal + 1 :]]) == personal + 1
    assert verify([*rows[:plain], rows[plain]._replace(sealed=b""), *rows[plain + 1 :]]) == plain + 1


async def test_nothing_personal_is_readable(rows: list[ChainRow]) -> None:
    stored = "".join(row.readable for row in rows)
    for personal in ("Boulangerie", "compta@", "552100554", "Lilas", "Jeanne", "humide", "nouveau@", "payd", "Mme"):
        assert personal not in stored
        assert personal.encode() not in b"".join(row.sealed or b"" for row in rows)
    assert json.loads(rows[0].readable)["invoice"]["total"] == "1200.00"


@pytest.mark.parametrize("tamper", [
    lambda: update(events).where(events.c.position == 4).values(readable=events.c.readable + " "),
    lambda: update(events).where(events.c.position == 4).values(sealed=b"other"),
    lambda: update(events).where(events.c.position == 4).values(hash="0" * 64),
    lambda: delete(events).where(events.c.position == 4),
])  # fmt: skip
async def test_tampering_in_the_database_is_found(
    ledger: SqlLedger, url: str, rows: list[ChainRow], tamper: Callable[[], Executable]
) -> None:
    await by_hand(url, lambda connection: connection.execute(tamper()))
    assert verify(await ledger.reads.chain_rows(F1), await ledger.reads.chain_head(F1)) == 4
    assert await ledger.reads.broken_at(F1) == 4


async def test_a_chain_of_which_nothing_is_left_is_broken_at_its_beginning(
    ledger: SqlLedger, url: str, rows: list[ChainRow]
) -> None:
    def burn(connection: Connection) -> None:
        connection.execute(delete(contacts))
        connection.execute(delete(events))

    await by_hand(url, burn)
    assert rows
    assert await ledger.reads.broken_at(F1) == 1
