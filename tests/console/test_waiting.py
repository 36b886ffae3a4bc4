"""A bank statement that is missing is one task, however many cases wait for it."""

from datetime import timedelta

import pytest

from rules.decision import Park, Task
from tests.console.conftest import MARTIN
from tests.console.house import NOW, Console, context_of, settled

DAY = NOW.date() - timedelta(days=2)


@pytest.fixture
async def waiting(console: Console) -> Console:
    """All three cases wait for their creditors' statements, one of them for an answer too."""
    for case_id in (MARTIN, "invoice/acme/F-2026-0043", "invoice/zenith/Z-1"):
        creditor = case_id.split("/")[1]
        summary = "importer le relevé bancaire (dernier : 10/02/2026) : les courriers attendent"
        tasks = [Task(id=f"bank_data/{creditor}/2026-02-10", kind="bank_data", due_on=DAY, summary=summary)]
        if case_id == MARTIN:
            tasks.append(
                Task(
                    id="code_reply/x",
                    kind="code_reply",
                    due_on=NOW.date(),
                    summary="lire la réponse du débiteur et la qualifier",
                )
            )
        async with console.house.ledger.book(case_id) as book:
            assert book.case is not None
            context = await context_of(console.engine.configuration, book.case)
            decision = settled(book, context)
            because = "relance_1 attend : dernier relevé bancaire du 10/02/2026, plus de 7 jours"
            parked = {"step": Park(reason="bank_data", step="relance_1"), "at": None, "because": because}
            book.project(decision.model_copy(update={**parked, "tasks": tuple(tasks)}))
    return console


async def test_a_missing_statement_is_one_task_with_the_cases_that_wait(waiting: Console) -> None:
    async with waiting.browser("nadia") as nadia:
        page = (await nadia.get("/tasks")).text
        assert "3 dossiers attendent une personne" in page
        assert page.count("importer le relevé bancaire") == 2
        assert "acme\u00a0: 2 dossiers" in page
        assert "zenith\u00a0: 1 dossier" in page
        assert 'href="/tasks/bank_data?creditor=acme"' in page
        assert page.count("lire la réponse du débiteur") == 1
        assert '<a href="/tasks/bank_data">Importer le relevé <b>2</b></a>' in page
        board = (await nadia.get("/")).text
        assert '<a href="/tasks?kind=bank_data">Importer le relevé <b>2</b></a>' in board
        bench = (await nadia.get("/tasks/bank_data?creditor=acme")).text
        assert bench.count("importer le relevé bancaire") == 1
        assert 'href="/bank"' in bench
        assert all(f"/cases/{case}" in bench for case in (MARTIN, "invoice/acme/F-2026-0043"))
        assert "Garage du Parc" not in bench
        await nadia.get("/language/en")
        english = (await nadia.get("/tasks/bank_data?creditor=acme")).text
        assert "import the bank statement (the last one: 10/02/2026): letters are waiting" in english
        assert "acme: 2 cases" in english
    async with waiting.browser("zoe") as zoe:
        assert "acme" not in (await zoe.get("/tasks/bank_data")).text
