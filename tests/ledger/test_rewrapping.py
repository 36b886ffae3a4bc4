"""A master key is retired: whatever the ledger holds under it opens with the new one alone."""

from ledger.hooks import Hook, new_hook_id
from ledger.store import SqlLedger
from sealing.keys import new_entry, parse_ring
from tests.ledger.samples import MOMENT, case_id, decision, invoice, opened

OLD, NEW = new_entry("2025"), new_entry("2026")
CASE = case_id("F-1")


async def test_after_a_rewrap_the_retired_key_may_go(url: str) -> None:
    before = await SqlLedger.open(url, parse_ring(OLD))
    both = await SqlLedger.open(url, parse_ring(f"{NEW},{OLD}"))
    after = await SqlLedger.open(url, parse_ring(NEW))
    try:
        issued = invoice("F-1")
        async with before.book(CASE, debtor=(issued.creditor, issued.debtor.id)) as book:
            book.append(opened(issued))
            book.project(decision(1))
        hook = Hook(id=new_hook_id(), incoming=True, creditor="acme", name="poste", created_at=MOMENT)
        secret = await before.hooks.add(hook)
        await before.intake_queue.put("t", [("invoice/acme/F-9", invoice("F-9"))], MOMENT)
        await before.kept_answers.begin("t", "k", "f", MOMENT)
        await before.kept_answers.keep("t", "k", 200, '{"payer": "MARTIN"}')
        assert await both.rewrap_keys() == 1
        row = await after.reads.row(CASE)
        assert row is not None
        assert row.name == issued.debtor.name
        assert await after.hooks.incoming(hook.id) == (hook, secret)
        assert await after.intake_queue.waiting("invoice/acme/F-9") == invoice("F-9")
        kept = await after.kept_answers.begin("t", "k", "f", MOMENT)
        assert kept is not None
        assert kept.body == '{"payer": "MARTIN"}'
    finally:
        for one in (before, both, after):
            await one.close()
