"""Acts: what leaves, what must not, and what happens when the world says no."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError

from ledger.errors import LedgerBusy
from rules import events as e
from rules.dispatch import NotTaken, OutcomeUnknown, Refusal
from rules.letter import Dispatched, Letter
from rules.outbox import MessageState
from tests.workflow.house import FakePost, House, house
from tests.workflow.test_doors import CASE, ORIGIN, an_invoice, closed, submit


async def kinds(its: House, case_id: str = CASE) -> list[str]:
    return [event.kind for event in await its.ledger.reads.case_events(case_id)]


async def eventually(its: House, kind: str, *, case_id: str = CASE, step: str | None = None) -> Any:
    for _ in range(1500):
        for event in await its.ledger.reads.case_events(case_id):
            if event.kind == kind and (step is None or getattr(event, "step", None) == step):
                return event
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {kind} among {await kinds(its, case_id)}")


async def approve(handle: WorkflowHandle[Any, Any], step: str) -> None:
    """The server skips time while the test waits, so that a request may just have lapsed: ask until it stands."""
    for _ in range(200):
        try:
            await submit(handle, kind="approve", step=step)
        except WorkflowUpdateFailedError:
            await asyncio.sleep(0.01)
        else:
            return
    raise AssertionError(f"{step} was never asked for")


async def test_a_dead_address_is_marked_and_the_letter_goes_by_post(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post.refuse = NotTaken(Refusal.ADDRESS, "550 no such user")
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-10-13"})
        async with its.open():
            await handle.result()
        assert [letter.channel for letter in its.post.letters] == ["letter", "letter"]
        assert (await kinds(its)).count("notice_bounced") == 1
        messages = await its.ledger.reads.messages_of(CASE)
        assert [message.state for message in messages].count(MessageState.SENT) == 2


async def test_without_any_way_to_reach_the_debtor_there_is_a_task(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        debtor = {"id": "C-9", "name": "Sans Adresse", "kind": "business"}
        handle = await its.start(an_invoice(debtor=debtor))
        async with its.open():
            view = await submit(handle, kind="note", note="look")
            assert [task["kind"] for task in view["tasks"]] == ["find_contact"]
            assert view["next"]["at"] is None
            await handle.execute_update("submit", {"kind": "contact_changed", "email": "neuf@martin.example"})
            await eventually(its, "notice_sent")
            assert its.post.letters[0].debtor.email == "neuf@martin.example"
            await handle.terminate()


async def test_a_server_that_is_away_delays_and_nothing_doubles(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post.failures = [ConnectionRefusedError("no server"), TimeoutError("too slow")]
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-10-01"})
        async with its.open():
            await handle.result()
        assert [letter.step for letter in its.post.letters] == ["rappel"]
        assert (await kinds(its)).count("notice_sent") == 1


async def test_a_reminder_in_doubt_goes_again_under_the_same_message_id(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post = Doubtful(repeatable=False)
        its.post.failures = [OutcomeUnknown("the answer to DATA was lost")]
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-10-01"})
        async with its.open():
            await handle.result()
        assert isinstance(its.post, Doubtful)
        assert len(set(its.post.tried)) == 1
        assert len(its.post.tried) == 2
        assert (await kinds(its)).count("notice_sent") == 1


class Doubtful(FakePost):
    """Remembers every attempt."""

    tried: list[str]

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.tried = []

    async def hand_over(self, letter: Any) -> Any:
        self.tried.append(letter.message_id)
        return await super().hand_over(letter)


async def test_a_mise_en_demeure_in_doubt_is_never_sent_twice(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        post = Doubtful(repeatable=False)
        its.post = post
        handle = await its.start(an_invoice())
        async with its.open():
            await eventually(its, "approval_requested")
            post.failures = [OutcomeUnknown("the provider's answer was lost")]
            await approve(handle, "mise_en_demeure")
            doubt = await eventually(its, "notice_in_doubt")
            assert post.tried.count(doubt.message_id) == 1
            view = await handle.query("case")
            assert view["suspended"]["by"] == "hold"
            task = next(task for task in view["tasks"] if task["kind"] == "in_doubt")
            with pytest.raises(WorkflowUpdateFailedError):
                await submit(handle, kind="task_done", task=task["id"], outcome="who knows")
            await submit(handle, kind="task_done", task=task["id"], outcome="not_sent")
            await approve(handle, "mise_en_demeure")
            sent = await eventually(its, "notice_sent", step="mise_en_demeure")
            assert post.tried.count(sent.message_id) == 2


async def test_a_payment_while_the_letter_leaves_marks_it_as_crossed(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        gate = asyncio.Event()
        its.post.gate = gate
        handle = await its.start(an_invoice())
        async with its.open():
            for _ in range(500):
                messages = await its.ledger.reads.messages_of(CASE)
                if messages:
                    break
                await asyncio.sleep(0.02)
            paying = asyncio.create_task(submit(handle, kind="paid", amount="1200.00", on="2025-09-30"))
            await asyncio.sleep(0.3)
            gate.set()
            await paying
            ending = await handle.result()
        assert ending.outcome == "paid"
        sent = [event for event in await its.ledger.reads.case_events(CASE) if isinstance(event, e.NoticeSent)]
        assert [event.step for event in sent] == ["rappel"]


async def test_nothing_is_sent_after_payment(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-09-20"})
        async with its.open():
            await handle.result()
        assert its.post.letters == []


async def test_the_file_is_prepared_only_after_an_unanswered_delivered_letter(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        handle = await its.start(an_invoice())
        async with its.open():
            await eventually(its, "approval_requested", step="mise_en_demeure")
            await approve(handle, "mise_en_demeure")
            await eventually(its, "notice_sent", step="mise_en_demeure")
            view = await submit(handle, kind="note")
            assert view["stage"] == "formal_notice"
            assert [task["kind"] for task in view["tasks"]] == ["post_letter"]
            await submit(handle, kind="letter_delivered", step="mise_en_demeure")
            await eventually(its, "approval_requested", step="dossier_judiciaire")
            assert its.cabinet.briefs == []
            await approve(handle, "dossier_judiciaire")
            await eventually(its, "file_prepared")
            brief = its.cabinet.briefs[0]
            assert [notice.step for notice in brief.notices] == [
                "rappel", "relance_1", "relance_2", "derniere_relance", "mise_en_demeure",
            ]  # fmt: skip
            assert (await handle.query("case"))["stage"] == "pre_judicial"
            await closed(handle)


async def test_a_reversed_payment_reopens_a_closed_case(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-10-15", "reference": "PRLV-1"})
        async with its.open():
            await handle.result()
            again = await its.start(an_invoice())
            ending = await again.result()
            assert ending.outcome == "paid"
            continued = await its.start(an_invoice(), continues=True)
            await continued.signal("payment_reversed", {"reference": "PRLV-1", "on": "2025-10-25"})
            await eventually(its, "notice_sent", step="relance_2")
            assert (await kinds(its)).count("case_opened") == 2
            await continued.terminate()


async def test_a_payment_takes_the_letter_out_of_the_tray(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        handle = await its.start(an_invoice())
        async with its.open():
            await eventually(its, "approval_requested", step="mise_en_demeure")
            await approve(handle, "mise_en_demeure")
            sent = await eventually(its, "notice_sent", step="mise_en_demeure")
            await submit(handle, kind="paid")
            ending = await handle.result()
        assert ending.outcome == "paid"
        assert sent.message_id in its.post.withdrawn
        assert (await kinds(its)).count("letter_withdrawn") == 1


async def test_a_copy_that_must_be_tried_again_does_not_send_the_letter_twice(client: Client, tmp_path: Path) -> None:
    class CopyFails(FakePost):
        failed = False

        async def hand_over(self, letter: Letter) -> Dispatched:
            if letter.copy_of is not None and not self.failed:
                self.failed = True
                raise ConnectionRefusedError("the copy's server is away")
            return await super().hand_over(letter)

    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post = CopyFails(repeatable=False)
        handle = await its.start(an_invoice())
        async with its.open():
            await eventually(its, "approval_requested", step="mise_en_demeure")
            await approve(handle, "mise_en_demeure")
            await eventually(its, "notice_sent", step="mise_en_demeure")
            sent = [letter for letter in its.post.letters if letter.step == "mise_en_demeure"]
            assert [letter.copy_of is None for letter in sent] == [True, False]
            last = [letter.copy_of for letter in its.post.letters if letter.step == "derniere_relance"]
            assert last.count(None) == 1


async def test_a_ledger_away_after_the_letter_left_does_not_send_it_twice(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post = post = Doubtful(repeatable=False)
        opened = its.ledger.book
        away: list[str] = []

        def book(case_id: str, **who: Any) -> Any:
            if post.letters and not away:
                away.append(case_id)
                raise LedgerBusy
            return opened(case_id, **who)

        monkeypatch.setattr(its.ledger, "book", book)
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-10-01"})
        async with its.open():
            await handle.result()
        assert away == [CASE]
        assert len(post.tried) == 1
        assert (await kinds(its)).count("notice_sent") == 1


@pytest.mark.slow
async def test_a_server_away_past_the_closing_hour_sends_the_same_message_the_next_day(
    client: Client, tmp_path: Path
) -> None:
    once = (
        'name = "once"\nlimitation_alerts = []\n[[rung]]\nstep = "relance_1"\nwhen = "due + 5"\nchannel = ["email"]\n'
    )
    async with house(client, tmp_path, origin=None, extra=[once]) as its:
        its.post = post = Doubtful(repeatable=False)
        post.failures = [ConnectionRefusedError("away")] * 21
        due = datetime.now(UTC).date() - timedelta(days=10)
        dates = {"issued_on": f"{due - timedelta(days=30)}", "due_on": f"{due}", "policy": "once"}
        await its.start(an_invoice(**dates))
        async with its.open():
            await eventually(its, "notice_sent", step="relance_1")
        assert len(post.tried) > 15
        assert len(set(post.tried)) == 1
        assert "notice_in_doubt" not in await kinds(its)
        assert len(post.letters) == 1
