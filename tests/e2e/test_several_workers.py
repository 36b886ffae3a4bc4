"""Several worker processes on several queues: what one leaves behind the others do, and nothing twice."""

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

import devserver
from tests.e2e.premises import Premises, kill, premises, server_at, until
from tests.e2e.test_house import HEADER, MONDAY

CASES = 8
BOTH = ("recovery", "correspondence")
OF_TWO, OF_FOUR = (BOTH,), (("recovery",), ("correspondence", "judiciary"))


def book(folder: Path) -> Path:
    """Invoices of as many debtors, five days late."""
    file = folder / "clients.csv"
    rows = [
        f"acme;F-{n};2025-08-25;2025-09-24;1200,00;C-{n};Débiteur {n};business;compta@d{n}.example\n"
        for n in range(CASES)
    ]
    file.write_text(HEADER + "".join(rows), encoding="utf-8")
    return file


def told(its: Premises, times: int) -> bool:
    """Whether every debtor has been written to so many times."""
    to = [message["To"] for message in its.messages()]
    return all(sum(f"@d{n}.example" in address for address in to) >= times for n in range(CASES))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "killed", [(BOTH,), (("recovery",), ("correspondence", "judiciary"))], ids=["of_two", "of_four"]
)
async def test_the_work_of_a_killed_worker_moves_to_the_others(
    tmp_path: Path, killed: tuple[tuple[str, ...], ...]
) -> None:
    """One of two that serve both queues; two of four, each for queues of its own."""
    staying = len(killed)
    with devserver.claimed_port() as port:
        address = f"127.0.0.1:{port}"
    async with (
        premises(tmp_path, address, origin=MONDAY, speed=43200, ahead=timedelta(seconds=20)) as its,
        server_at(tmp_path, address),
        AsyncExitStack() as working,
    ):
        leaving = [await working.enter_async_context(its.worker(*queues)) for queues in killed]
        left = [await working.enter_async_context(its.worker(*BOTH)) for _ in range(staying)]
        await until(lambda: its.log.count("serving ") == 2 * staying, "all workers serve", seconds=90)
        await its.starter("import", str(book(tmp_path)))
        await until(lambda: told(its, 1), "every debtor has its first letter", seconds=90)
        for number in range(CASES):
            await its.view_when(f"invoice/acme/F-{number}", lambda view: view["steps"])
        for one in leaving:
            await kill(one)
        await until(lambda: told(its, 2), "every debtor has its second letter, from the workers left", seconds=90)
        assert [one.returncode for one in left] == [None] * staying
        sent = [message["Message-ID"] for message in its.messages()]
        assert len(set(sent)) == len(sent)
