"""A mise en demeure through a provider: not now is no doubt, a lost answer is, and what it took nobody has to post."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client

from rules.dispatch import NotNow, OutcomeUnknown
from rules.letter import Dispatched, Letter
from tests.workflow.house import house
from tests.workflow.test_acts import Doubtful, approve, eventually, kinds
from tests.workflow.test_doors import ORIGIN, an_invoice


class Provider(Doubtful):
    """Takes registered letters to deliver them."""

    async def hand_over(self, letter: Letter) -> Dispatched:
        done: Dispatched = await super().hand_over(letter)
        return done.model_copy(update={"carrier": "provider.example"} if letter.channel == "registered_letter" else {})


def posted(steps: list[dict[str, Any]]) -> str:
    return str(next(step["outcome"] for step in steps if step["step"] == "mise_en_demeure"))


async def test_a_provider_that_is_away_or_busy_is_asked_again_without_a_doubt(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post = provider = Provider(repeatable=False)
        handle = await its.start(an_invoice())
        async with its.open():
            await eventually(its, "approval_requested")
            busy = NotNow("busy", timedelta(seconds=5))
            provider.failures = [ConnectionRefusedError("away"), busy, ConnectionRefusedError("away")]
            await approve(handle, "mise_en_demeure")
            sent = await eventually(its, "notice_sent", step="mise_en_demeure")
            assert sent.carrier == "provider.example"
            assert provider.tried.count(sent.message_id) == 4
            assert "notice_in_doubt" not in await kinds(its)
            view = await handle.query("case")
            assert "post_letter" not in [task["kind"] for task in view["tasks"]]
            assert posted(view["steps"]) == "posted"
            assert (await its.ledger.message(sent.message_id)).carrier == "provider.example"  # type: ignore[union-attr]
            await handle.terminate()


async def test_a_lost_answer_after_a_not_now_is_still_a_doubt(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.post = provider = Provider(repeatable=False)
        handle = await its.start(an_invoice())
        async with its.open():
            await eventually(its, "approval_requested")
            provider.failures = [ConnectionRefusedError("away"), OutcomeUnknown("the answer was lost")]
            await approve(handle, "mise_en_demeure")
            doubt = await eventually(its, "notice_in_doubt")
            assert provider.tried.count(doubt.message_id) == 2
            await handle.terminate()
