"""Intake by the API: a thousand invoices a request into the ledger's door, then the rate at which the engine starts
them. The request passes through the whole application in this process; no network stands between."""

import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

import devserver
from benchmarks.kept import Row
from benchmarks.machine import Meter, Spent
from benchmarks.shape import invoice
from commands.office import Shelf
from intake.answers import NotNow
from intake.api.app import api_app
from intake.api.desk import ApiDesk, Doors
from intake.api.drain import Drain
from intake.api.invoices import BATCH
from intake.api.limit import RateLimit
from intake.caller import Caller
from intake.checks import Known
from intake.debtor_door import DebtorDoor
from intake.door import Door
from ledger.migrate import migrate
from ledger.store import SqlLedger
from settings import read_settings

AIM = 1000
"""Invoices a second into the ledger's door."""


@dataclass(frozen=True)
class ApiIntake:
    """What was measured. ``taken``: the requests; ``drained``: the starts that followed."""

    rows: int
    taken: Spent
    drained: Spent

    @property
    def judged(self) -> bool:
        """Whether nothing disturbed it."""
        return self.taken.judged and self.drained.judged


async def measure(rows: int) -> ApiIntake:
    """``rows`` invoices in batches, then started. Raises AssertionError when one was not taken or did not start."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        url = f"sqlite:///{folder / 'relance.db'}"
        await migrate(url)
        ledger = await SqlLedger.open(url)
        try:
            async with devserver.running(folder) as server:
                client = await Client.connect(server.address, data_converter=pydantic_data_converter)
                pids = {"server": server.pid, "client": os.getpid()}
                meter = Meter({"client": os.getpid()}, idle=(server.pid,))
                await _post(ledger, _bodies(rows))
                taken = meter.read()
                print(f"  {rows} taken in {taken.wall:.2f} s, others {taken.foreign:.0%}", flush=True)
                meter = Meter(pids)
                await _drain(ledger, client, rows)
                drained = meter.read()
                print(f"  {rows} started in {drained.wall:.1f} s, others {drained.foreign:.0%}", flush=True)
        finally:
            await ledger.close()
    return ApiIntake(rows, taken, drained)


def _bodies(rows: int) -> list[bytes]:
    """The requests, written beforehand: that is the sender's work."""
    return [
        json.dumps(
            [invoice(f"F-{n:06d}").model_dump(mode="json") for n in range(start, min(start + BATCH, rows))]
        ).encode()
        for start in range(0, rows, BATCH)
    ]


async def _post(ledger: SqlLedger, bodies: Sequence[bytes]) -> None:
    settings = read_settings({})
    policies = {name: policy for name, (policy, _) in settings.policies().items()}
    desk = ApiDesk(
        ledger=ledger, doors=_away, known=Known(settings.creditors(), policies), now=_now, real_now=_now,
        limit=RateLimit("1000000/minute"),
    )  # fmt: skip
    _token, secret = await ledger.tokens.add("bench", ("invoices:write",), ("acme",), _now())
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    transport = httpx.ASGITransport(api_app(desk))
    async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers) as client:
        for body in bodies:
            answer = await client.post("/v1/invoices", content=body)
            found = answer.json()
            if answer.status_code != 202 or found["refused"] or found["already_known"]:
                raise AssertionError(f"{answer.status_code}: {str(found)[:300]}")


async def _drain(ledger: SqlLedger, client: Client, rows: int) -> None:
    async def doors(caller: Caller) -> Doors:
        door = Door(client, Shelf(ledger), caller)
        settings = read_settings({})
        return Doors(case=door, debtor=DebtorDoor(door, Shelf(ledger), settings.creditors(), settings.tables()))

    drain = Drain(ledger.intake_queue, doors, _now)
    started, until = 0, time.monotonic() + 600
    while started < rows and time.monotonic() < until:
        started += await drain.once()
    if started != rows or await ledger.intake_queue.count(None):
        raise AssertionError(f"{started} of {rows} were started")


async def _away(_caller: Caller) -> Doors:
    raise NotNow("The engine is not part of this measure.")


def _now() -> datetime:
    return datetime.now(UTC)


def rows(found: ApiIntake) -> list[Row]:
    """What the page says."""
    taken, drained = found.rows / found.taken.wall, found.rows / found.drained.wall
    per_start = sum(found.drained.by.values()) / found.rows * 1e3
    return [
        (f"**API: invoices taken in a second**, {BATCH:,} a request", f"{taken:,.0f}", "–", f"aim {AIM:,}"),
        ("API: CPU-ms an invoice", f"{found.taken.by['client'] / found.rows * 1e3:.2f}", "–", "–"),
        ("API: starts a second from the queue, engine on the same machine", f"{drained:,.0f}", "–", "–"),
        ("API: CPU-ms a start, server and client", f"{per_start:.1f}", "–", "–"),
    ]
