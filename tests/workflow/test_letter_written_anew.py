"""A letter that nobody posts: withdrawn, written anew under its name, and in order for an audit."""

import asyncio
from pathlib import Path

from temporalio.client import Client

from audit.findings import Check
from settings import Settings
from tests.audit.book import audited, settings_of
from tests.workflow.house import POLICIES, house
from tests.workflow.test_acts import approve, eventually
from tests.workflow.test_doors import CASE, ORIGIN, an_invoice


def of_the_house(folder: Path) -> Settings:
    """What an auditor needs of the house's ledger."""
    return settings_of(folder, f"sqlite:///{next(folder.glob('*.db'))}")


async def test_a_letter_nobody_posts_is_drawn_up_anew(client: Client, tmp_path: Path) -> None:
    standard = (POLICIES / "standard.toml").read_text(encoding="utf-8").replace('"standard"', '"hurried"')
    async with house(client, tmp_path, origin=ORIGIN, extra=[f"limitation_alerts = []\n{standard}"]) as its:
        handle = await its.start(an_invoice(policy="hurried"))
        async with its.open():
            await eventually(its, "approval_requested", step="mise_en_demeure")
            await approve(handle, "mise_en_demeure")
            gone = await eventually(its, "letter_withdrawn")
            await approve(handle, "mise_en_demeure")
            for _ in range(500):
                letters = [letter for letter in its.post.letters if letter.message_id == gone.message_id]
                if len(letters) > 1:
                    break
                await asyncio.sleep(0.02)
            assert letters[1].on > letters[0].on
        report = await audited(of_the_house(tmp_path), CASE)
        assert [one for one in report.findings if one.check is Check.PROMISES] == [], "the outbox tells of the second"
