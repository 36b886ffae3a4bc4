"""A door that knows who speaks says so with whatever passes through it."""

from intake.caller import Caller
from intake.door import Door
from tests.intake.test_door import CASE, FakeClient, FakeShelf, issued


async def test_a_door_that_knows_who_speaks_says_so() -> None:
    client = FakeClient()
    caller = Caller("marie", "operator", "console")
    speaking = Door(client, FakeShelf({}), caller)  # type: ignore[arg-type]
    await speaking.start(issued())
    await speaking.submit(CASE, {"kind": "paid", "by": "Paul"}, "e1")
    (_, (_, carried), _), (_, body, _) = client.calls
    assert (carried.by, carried.actor, carried.door) == ("marie", "operator", "console")
    assert body == {"kind": "paid", "by": "Paul (marie)", "actor": "operator", "via": "console"}
