"""A door that knows who speaks says so with whatever passes through it."""

from intake.caller import Caller
from intake.door import Door
from tests.intake.test_door import CASE, FakeClient, FakeShelf, issued
from workflows import options


async def test_a_door_that_knows_who_speaks_says_so() -> None:
    client = FakeClient()
    caller = Caller("marie", "operator", "console")
    speaking = Door(client, FakeShelf({}), caller)  # type: ignore[arg-type]
    await speaking.start(issued())
    await speaking.submit(CASE, {"kind": "paid", "by": "Paul"}, "e1")
    (_, (_, carried), _), (_, body, _) = client.calls
    assert (carried.by, carried.actor, carried.door) == ("marie", "operator", "console")
    assert body == {"kind": "paid", "by": "Paul (marie)", "actor": "operator", "via": "console"}


async def test_a_book_from_a_file_waits_behind_what_is_announced_one_by_one() -> None:
    keys = []
    for via in ("file", "api"):
        client = FakeClient()
        await Door(client, FakeShelf(), Caller("ana", "billing", via)).start(issued())  # type: ignore[arg-type]
        given = client.calls[0][2]["priority"]
        keys.append((given.priority_key, given.fairness_key))
    assert keys == [(4, "acme"), (3, "acme")]


def test_a_creditor_s_long_name_still_shares_the_engine() -> None:
    given = options.fair(options.PRIORITY_BATCH, "é" * 40)
    assert given.fairness_key == "é" * 32
