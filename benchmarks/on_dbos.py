"""The alternative inside a library: DBOS, its system database in SQLite. ``python -m benchmarks.on_dbos FOLDER CASES``.

What it lacks: a server that several programs and languages share, waiting that costs no worker memory, replay as a
check of changed code, search attributes and a console without its hosted service.
"""

import asyncio
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID

from benchmarks.acts import PAUSE, Acts, acts_on
from benchmarks.shape import RUNGS, invoice
from rules.invoice import InvoiceIssued
from workflows.contracts import Answer

_ACTS: ContextVar[Acts] = ContextVar("acts")
_TOPIC = "said"
_PATIENCE = 300.0  # seconds


@DBOS.step()
async def opening(announced: dict[str, Any]) -> str:
    """The first decision."""
    return (await _ACTS.get().open(InvoiceIssued.model_validate(announced))).model_dump_json()


@DBOS.step()
async def rung(announced: dict[str, Any], last: str) -> str:
    """One rung."""
    answer = await _ACTS.get().rung(InvoiceIssued.model_validate(announced), Answer.model_validate_json(last))
    return answer.model_dump_json()


@DBOS.step()
async def payment(announced: dict[str, Any], known: int) -> int:
    """The payment."""
    return (await _ACTS.get().pay(InvoiceIssued.model_validate(announced), known)).position


@DBOS.workflow()
async def recovery(announced: dict[str, Any]) -> int:
    """One case: it waits, takes its rungs, is paid."""
    last = await opening(announced)
    for _ in range(RUNGS):
        await DBOS.sleep_async(PAUSE.total_seconds())
        last = await rung(announced, last)
    await DBOS.recv_async(_TOPIC, timeout_seconds=_PATIENCE)
    return await payment(announced, Answer.model_validate_json(last).position)


async def run(folder: Path, cases: int) -> None:
    """Open so many cases, let each climb its rungs, pay it."""
    config: DBOSConfig = {
        "name": "relance-benchmark",
        "system_database_url": f"sqlite:///{folder / 'dbos.db'}",
        "log_level": "ERROR",
    }
    async with acts_on(folder) as acts:
        _ACTS.set(acts)
        DBOS(config=config)
        DBOS.launch()
        handles = []
        for number in range(cases):
            with SetWorkflowID(f"D-{number}"):
                announced = invoice(f"D-{number}").model_dump(mode="json")
                handles.append(await DBOS.start_workflow_async(recovery, announced))
        for handle in handles:
            await DBOS.send_async(handle.workflow_id, "VIR-1", topic=_TOPIC)
        for handle in handles:
            await handle.get_result()
        DBOS.destroy()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2])))
