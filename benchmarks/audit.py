"""Audits: whole ones a second from the archive, and the chain and the fold alone, in as many processes as there are
cores; and what a case takes in the archive.

The cases are real: five letters and a payment through the real workflow, kept by the real archivist.
"""

import asyncio
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select, update
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import ActivityEnvironment

import devserver
from activities.archive import Archivist
from audit.live import LiveHistories
from audit.office import BLOCK, audit_all
from audit.report import Report
from audit.shelf import HistoryShelf
from benchmarks.lifecycles import play, side_of
from benchmarks.machine import FOREIGN_LIMIT, cores, others
from ledger.chain import ChainRow, Head, verify
from ledger.database import Database
from ledger.history import StoredEvent, read_history
from ledger.opening import open_database
from ledger.seal import case_seal, unwrap_debtor_key
from ledger.store import SqlLedger
from ledger.tables import cases, debtors, events, messages, runs
from rules.fold import fold_all
from settings import Settings

AIM_WHOLE, AIM_CHAIN, AIM_BYTES = 60, 1000, 6000
_CHAINS = 4000
_CREDITORS = """[acme]
name = "Acme SAS"
sender = "Acme Comptabilité <compta@acme.example>"
iban = "FR7630006000011234567890189"
address = { lines = ["3 place Bellecour"], postal_code = "69002", city = "Lyon" }
"""


@dataclass(frozen=True)
class Audits:
    """``whole``: audits a second once the processes have loaded; ``chain``: cases a second, in as many; ``size``:
    bytes a case in the archive; ``judged``: nobody else took much of the machine before, between and after."""

    cases: int
    whole: float
    chain: float
    size: float
    judged: bool


async def measure(cases: int, audits: int) -> Audits:
    """Play so many cases, keep them, audit them again and again. Raises AssertionError when an audit finds a fault: a
    benchmark of something broken says nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ids = await _played(folder, cases)
        settings = _settings(folder)
        engine = create_engine(settings.database_url)
        with engine.begin() as connection:  # the hand-over is stubbed: there are no copies to look at
            connection.execute(update(messages).values(document=None, sha256=None))
            size = float(connection.execute(select(func.avg(runs.c.size))).scalar_one())
        engine.dispose()
        wanted = (ids * (audits // len(ids) + 1))[:audits]
        taken = [await asyncio.to_thread(others)]
        whole = await asyncio.to_thread(_whole, settings, wanted)
        taken.append(await asyncio.to_thread(others))
        chain = await asyncio.to_thread(_chain, settings, ids)
        taken.append(await asyncio.to_thread(others))
        return Audits(cases, whole, chain, size, max(taken) <= FOREIGN_LIMIT)


async def _played(folder: Path, cases: int) -> list[str]:
    async with devserver.running(folder) as server, side_of("relance", server.address, folder) as side:
        client = await Client.connect(server.address, data_converter=pydantic_data_converter)
        ids = await play(side, "audit", cases)
        ledger = await SqlLedger.open(f"sqlite:///{folder / 'relance.db'}")
        archivist = Archivist(LiveHistories(client), ledger.archive, HistoryShelf(folder / "store"))
        kept = await ActivityEnvironment().run(archivist.keep_histories)
        await ledger.close()
    if kept != cases:
        raise AssertionError(f"{kept} histories were kept of {cases} cases")
    return ids


def _settings(folder: Path) -> Settings:
    creditors = folder / "creditors.toml"
    creditors.write_text(_CREDITORS, encoding="utf-8")
    return Settings(
        database_url=f"sqlite:///{folder / 'relance.db'}",
        smtp_url="smtp://127.0.0.1:9",
        creditors_file=creditors,
        policies_folder=None,
        rates_folder=None,
        store=folder / "store",
        payload_keys=None,
        clock=None,
    )


def _whole(settings: Settings, wanted: list[str]) -> float:
    """From the first report to the last: a book of thousands pays once for loading the programs."""
    heard: list[float] = []

    def each(report: Report) -> None:
        if not report.ok:
            raise AssertionError(f"{report.case}: {report.findings[0].said}")
        heard.append(time.perf_counter())

    audit_all(settings, wanted, each)
    first = BLOCK * cores()
    return (len(heard) - first) / (heard[-1] - heard[first - 1])


def _chain(settings: Settings, ids: list[str]) -> float:
    """Cases a second in as many processes as there are cores, once they have loaded: read the events of cases, block by
    block, and nothing else; open them, verify the chains, fold them."""
    blocks = [ids[place : place + BLOCK] for place in range(0, len(ids), BLOCK)] * (_CHAINS // len(ids) + 1)
    wanted = sum(len(block) for block in blocks)
    with ProcessPoolExecutor(cores(), mp_context=get_context("forkserver")) as pool:
        for _ in pool.map(_verify_block, [settings.database_url] * cores() * 4, blocks[: cores() * 4]):
            pass
        start = time.perf_counter()
        assert sum(pool.map(_verify_block, [settings.database_url] * len(blocks), blocks)) == wanted
        return wanted / (time.perf_counter() - start)


@lru_cache(maxsize=1)
def _opened(url: str) -> tuple[asyncio.Runner, Database]:
    return asyncio.Runner(), open_database(url)


def _verify_block(url: str, these: list[str]) -> int:
    runner, database = _opened(url)
    return runner.run(database.read(partial(_verified, these=these)))


def _verified(connection: Connection, these: list[str]) -> int:
    """How many of those cases hold."""
    query = select(events).where(events.c.case_id.in_(these)).order_by(events.c.case_id, events.c.position)
    heads = select(cases, debtors.c.data_key.label("of_debtor")).join_from(cases, debtors).where(cases.c.id.in_(these))
    by_id = {head["id"]: head for head in connection.execute(heads).mappings()}
    held = 0
    for case_id, rows in groupby(connection.execute(query), lambda row: row.case_id):
        head, kept = by_id[case_id], list(rows)
        chain = [ChainRow(row.case_id, row.position, row.readable, row.sealed, row.hash) for row in kept]
        assert verify(chain, Head(head["position"], head["head"])) is None
        seal = case_seal(case_id, head["data_key"], unwrap_debtor_key(head["of_debtor"], None))
        stored = [StoredEvent(row.position, row.readable, row.sealed) for row in kept]
        held += fold_all(case_id, read_history(case_id, stored, seal)).closed is not None
    return held


def rows(found: Audits) -> list[tuple[str, str, str, str]]:
    """For the table."""
    note = "" if found.judged else " (not judged)"
    return [
        (
            f"whole audits a second from the archive, {cores()} cores{note}",
            f"{found.whole:.0f}",
            "–",
            f"aim {AIM_WHOLE}",
        ),
        (
            f"chain verified and events folded, cases a second, {cores()} cores",
            f"{found.chain:,.0f}",
            "–",
            f"aim {AIM_CHAIN:,}",
        ),
        ("bytes of archive, a case of five letters and a payment", f"{found.size:,.0f}", "–", f"at most {AIM_BYTES:,}"),
    ]
