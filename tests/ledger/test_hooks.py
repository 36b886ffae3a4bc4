"""Outgoing webhooks: owed in the event's own transaction, signed, tried again with the same id, logged, given up."""

import asyncio
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from temporalio.testing import ActivityEnvironment

from activities.hooks import Courier
from intake.hook_post import check_url, post
from ledger.hooks import Hook, new_hook_id
from ledger.store import SqlLedger
from rules.hooks import GIVE_UP_AFTER, Delivery, Outcome, sign, verify
from rules.refusals import Refused
from tests.ledger.samples import MOMENT, invoice, opened, paid

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Receiver:
    """An HTTP server of this machine that remembers what it was told and answers as it is set to."""

    def __init__(self) -> None:
        self.answer = 200
        self.heard: list[tuple[dict[str, str], bytes]] = []
        heard, me = self.heard, self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                heard.append(({name.lower(): value for name, value in self.headers.items()}, self.rfile.read(size)))
                self.send_response(me.answer)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


async def follow(book: SqlLedger, url: str, *kinds: str, creditor: str = "acme") -> tuple[str, bytes]:
    hook = Hook(id=new_hook_id(), incoming=False, creditor=creditor, name="", url=url, kinds=kinds, created_at=MOMENT)
    return hook.id, await book.hooks.add(hook)


async def enter(book: SqlLedger, number: str = "F-1", creditor: str = "acme") -> None:
    async with book.book(f"invoice/{creditor}/{number}") as case:
        case.append(opened(invoice(number, creditor=creditor)))
        case.append(paid("p1", "100.00"))


async def test_each_event_is_owed_once_to_each_hook_that_wants_it(ledger: SqlLedger) -> None:
    await enter(ledger, "F-0")
    everything, _ = await follow(ledger, "https://a.example/")
    payments, _ = await follow(ledger, "https://b.example/", "payment_received")
    await follow(ledger, "https://c.example/", creditor="other")
    await enter(ledger)
    owed = {(one.hook, one.position, one.kind) for one in await ledger.hooks.due(NOW, 100)}
    assert owed == {
        (everything, 1, "case_opened"),
        (everything, 2, "payment_received"),
        (payments, 2, "payment_received"),
    }


async def test_a_transaction_that_fails_owes_nothing(ledger: SqlLedger) -> None:
    await follow(ledger, "https://a.example/")

    async def failing() -> None:
        async with ledger.book("invoice/acme/F-1") as case:
            case.append(opened())
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await failing()
    assert await ledger.hooks.due(NOW, 100) == []


async def test_what_failed_is_due_again_later_with_the_same_id_and_in_the_end_given_up(
    ledger: SqlLedger,
) -> None:
    await follow(ledger, "https://a.example/", "case_opened")
    await enter(ledger)
    (first,) = await ledger.hooks.due(NOW, 100)
    moment = NOW
    await ledger.hooks.tried(first, Outcome(False, 500, "answered 500"), moment)
    assert await ledger.hooks.due(moment + timedelta(seconds=29), 100) == []
    (again,) = await ledger.hooks.due(moment + timedelta(seconds=30), 100)
    assert (again.id, again.attempts) == (first.id, 1)
    for _ in range(GIVE_UP_AFTER - 1):
        moment += timedelta(days=1)
        (again,) = await ledger.hooks.due(moment, 100)
        await ledger.hooks.tried(again, Outcome(False, None, "ConnectionRefusedError"), moment)
    assert await ledger.hooks.due(moment + timedelta(days=9), 100) == []
    (logged,) = await ledger.hooks.log()
    assert (logged.state, logged.attempts, logged.error) == ("gave_up", GIVE_UP_AFTER, "ConnectionRefusedError")


async def test_a_hook_that_was_revoked_is_told_nothing_more(ledger: SqlLedger) -> None:
    hook, _ = await follow(ledger, "https://a.example/")
    await enter(ledger)
    await ledger.hooks.revoke(hook, NOW)
    assert await ledger.hooks.due(NOW, 100) == []
    await enter(ledger, "F-2")
    assert {one.state for one in await ledger.hooks.log()} == {"stopped"}
    with pytest.raises(Refused):
        await ledger.hooks.revoke(hook, NOW)


async def test_the_courier_posts_signed_and_nothing_personal(ledger: SqlLedger, receiver: Receiver) -> None:
    _, secret = await follow(ledger, receiver.url)
    await enter(ledger)
    await ActivityEnvironment().run(Courier(ledger.hooks, post).deliver)
    assert [json.loads(body)["type"] for _headers, body in receiver.heard] == ["case_opened", "payment_received"]
    for headers, body in receiver.heard:
        stamp = headers["webhook-timestamp"]
        verify(secret, headers["webhook-id"], stamp, headers["webhook-signature"], body, int(stamp))
        assert b"Martin" not in body
        assert b"Jeanne" not in body
    assert await ledger.hooks.counts() == {"delivered": 2}


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_any_other_answer_is_a_failure_that_is_logged(
    ledger: SqlLedger,
    receiver: Receiver,
    status: int,
) -> None:
    receiver.answer = status
    await follow(ledger, receiver.url, "case_opened")
    await enter(ledger)
    await ActivityEnvironment().run(Courier(ledger.hooks, post).deliver)
    (logged,) = await ledger.hooks.log()
    assert (logged.state, logged.status, logged.attempts) == ("pending", status, 1)
    assert len(receiver.heard) == 1


async def test_a_receiver_that_is_away_is_a_failure_and_not_an_error() -> None:
    delivery = Delivery(
        hook="h", case_id="invoice/acme/F-1", position=1, kind="paid", attempts=0, url="http://127.0.0.1:9/",
        secret=b"s" * 32, creditor="acme", readable="{}", hash="ab", entered_at=NOW,
    )  # fmt: skip
    outcome = await asyncio.wait_for(post(delivery, 1), 15)
    assert not outcome.ok
    assert outcome.status is None


@pytest.mark.parametrize(
    "address",
    [
        "http://erp.example/",
        "ftp://a/",
        "https://",
        "https://u:p@a.example/",
        "https://a.example/\r\nX: y",
        "x",
        "https://a:x/",
    ],
)
def test_a_url_that_is_not_https_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        check_url(address)


def test_the_signature_is_that_of_the_specification() -> None:
    secret = bytes(range(32))
    assert sign(secret, "msg_1", 1614265330, b'{"test": 1}').startswith("v1,")
    verify(secret, "msg_1", "1614265330", f"v1,AAAA {sign(secret, 'msg_1', 1614265330, b'x')}", b"x", 1614265330)
    with pytest.raises(Refused, match="does not fit"):
        verify(secret, "msg_2", "1614265330", sign(secret, "msg_1", 1614265330, b"x"), b"x", 1614265330)
