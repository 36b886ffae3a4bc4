"""What letters bring: counted once each, when old enough, and never credited with what they did not do."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.letter_figures import FACETS, LettersWanted
from ledger.store import SqlLedger
from rules import events as e
from rules.outbox import MessageState
from rules.proportion import difference, share
from tests.ledger.samples import DAY, MARTIN, MOMENT, case_id, invoice, message, opened, paid

TODAY = DAY + timedelta(days=20)
WANTED = LettersWanted(today=TODAY, since=DAY - timedelta(days=30))


async def letter(
    ledger: SqlLedger,
    number: str,
    paid_after: tuple[int | None, ...],
    *,
    on: date = DAY,
    state: MessageState = MessageState.SENT,
    cancelled: bool = False,
    **more: object,
) -> None:
    """A letter about as many invoices, each paid so many days after it, or not."""
    ids = [case_id(f"{number}-{rank}") for rank in range(len(paid_after))]
    for rank, (its_id, after) in enumerate(zip(ids, paid_after, strict=True)):
        async with ledger.book(its_id, debtor=MARTIN) as book:
            book.append(opened(invoice(f"{number}-{rank}")))
            if after is not None:
                book.append(paid("p", "1200.00", on + timedelta(days=after)))
            if cancelled:
                book.append(e.CaseClosed(id="closed", on=on, at=MOMENT, outcome="cancelled"))
            if rank == len(ids) - 1:
                fields: dict[str, Any] = {"rung": "relance_1", "profile": "standard", "day": on, **more}
                book.begin(message(f"<{number}>", *ids, **fields))
                book.conclude(f"<{number}>", state, MOMENT, None, None)


async def test_letters_are_counted_once_when_they_are_old_enough(ledger: SqlLedger) -> None:
    await letter(ledger, "A", (3,))
    await letter(ledger, "B", (3, 10))  # one letter, paid when its last invoice is
    await letter(ledger, "C", (2, None))
    await letter(ledger, "D", (30,))
    await letter(ledger, "E", (1,), on=TODAY - timedelta(days=8))  # too young for fourteen days
    await letter(ledger, "F", (1,), on=TODAY - timedelta(days=7))  # its seventh day is not over
    (line,) = await ledger.letter_figures.lines(WANTED)
    assert (line.rung, line.variant, line.channel, line.profile) == ("relance_1", None, "email", "standard")
    assert line.sent == 6
    assert (line.within_7.hits, line.within_7.of) == (2, 5)
    assert (line.within_14.hits, line.within_14.of) == (2, 4)


async def test_what_a_letter_did_not_bring_is_not_counted_for_or_against_it(ledger: SqlLedger) -> None:
    await letter(ledger, "crossed", (-1,))
    await letter(ledger, "same-day", (0,))
    await letter(ledger, "cancelled", (None,), cancelled=True)
    await letter(ledger, "refused", (None,), state=MessageState.FAILED)
    await letter(ledger, "long-ago", (1,), on=DAY - timedelta(days=40))
    assert await ledger.letter_figures.lines(WANTED) == []


async def test_wordings_are_compared_over_all_channels_and_profiles(ledger: SqlLedger) -> None:
    for rank in range(4):
        await letter(ledger, f"A{rank}", (None,), variant="usuel", channel="email" if rank % 2 else "letter")
        await letter(ledger, f"B{rank}", (5,), variant="bref", profile="fidele")
    lines = await ledger.letter_figures.lines(WANTED)
    assert [(line.variant, line.channel, line.profile, line.within_7.hits) for line in lines] == [
        ("bref", "email", "fidele", 4),
        ("usuel", "email", "standard", 0),
        ("usuel", "letter", "standard", 0),
    ]
    (compared,) = await ledger.letter_figures.compared(WANTED)
    assert (compared.rung, compared.first, compared.second) == ("relance_1", "bref", "usuel")
    assert compared.within_7 is not None
    assert (compared.within_7.rate, compared.within_7.shown) == (Decimal("-1.0000"), True)
    (together,) = await ledger.letter_figures.lines(WANTED.model_copy(update={"by": ("rung",)}))
    assert (together.sent, together.within_7.hits) == (8, 4)


async def test_another_creditors_letters_are_not_seen(ledger: SqlLedger) -> None:
    await letter(ledger, "A", (3,))
    of_zenith = WANTED.model_copy(update={"creditors": frozenset({"zenith"}), "by": FACETS})
    assert await ledger.letter_figures.lines(of_zenith) == []


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),  # the first example of Newcombe 1998, table I, method 3
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_wilsons_interval_is_that_of_the_published_examples(hits: int, of: int, low: str, high: str) -> None:
    found = share(hits, of)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))
    assert share(0, 0).rate is None


def test_newcombes_interval_is_that_of_his_example() -> None:
    found = difference(share(48, 80), share(56, 70))  # 1998, table II (a), method 10: 0.0524 to 0.3339
    assert found is not None
    assert (found.rate, found.low, found.high) == (Decimal("0.2000"), Decimal("0.0524"), Decimal("0.3339"))
    assert difference(share(1, 2), share(0, 0)) is None
