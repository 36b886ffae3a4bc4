"""Audit: the chains of the ledger, a case replayed and verified, who asked what and who looked at what."""

import time
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from audit.office import auditor
from audit.page import report_pdf
from audit.report import Report
from console.casefile import case_row
from console.guard import NotFound, Reader, house_of, looked
from console.house import House
from console.letterview import as_pdf
from console.rendering import page
from ledger.lists import Wanted

router = APIRouter()
MOST: Final = 1000
"""Chains verified at one go; the next page goes on."""
RECENT: Final = 60


@router.get("/audit")
async def overview(request: Request, person: Reader) -> Response:
    """What was verified last, what people asked of cases and what they looked at."""
    house, asked = house_of(request), request.query_params
    login, subject = asked.get("login", "")[:80] or None, asked.get("subject", "")[:200] or None
    seen = await house.ledger.asked.looks(person.creditors, subject, login, RECENT)
    chains = [look for look in await house.ledger.asked.looks(None, None, None, 2000) if look.what == "chains"]
    return await page(
        request, "audit.html", looks=seen, login=login or "", subject=subject or "", chains=chains[:1],
        last=await house.ledger.audits.last(),
        requests=await house.ledger.asked.latest(person.creditors, login, RECENT), **await _extent(house),
    )  # fmt: skip


async def _extent(house: House) -> dict[str, Any]:
    """How large the ledger is."""
    counts = await house.ledger.reads.counts_by_stage()
    return {"cases": sum(counts.values())}


@router.get("/audit/chains")
async def chains(request: Request, person: Reader) -> Response:
    """Verify the chains of the cases granted, a thousand at a time, and write down that it was done."""
    house = house_of(request)
    number = request.query_params.get("page", "1")
    wanted = Wanted(
        today=house.today, creditors=person.creditors, view="all", sort="number", rows=MOST,
        page=int(number) if number.isascii() and number.isdigit() and 0 < int(number) < 10_000 else 1,
    )  # fmt: skip
    found = await house.ledger.lists.page(wanted)
    began = time.monotonic()
    broken = []
    for row in found.rows:
        position = await house.ledger.reads.broken_at(row.id)
        if position is not None:
            broken.append((row, position))
    told = f"{len(found.rows)} / {found.count}, {len(broken)} ✕"
    await looked(request, person, "chains", "", told)
    return await page(
        request, "chains.html", verified=len(found.rows), whole=found.count, broken=broken, number=wanted.page,
        pages=max(1, -(-found.count // MOST)), seconds=time.monotonic() - began,
    )  # fmt: skip


@router.get("/audit/{case_id:path}/pdf")
async def paper(request: Request, case_id: str, person: Reader) -> Response:
    """The report on a case, for a court."""
    house = house_of(request)
    row = await case_row(house, person, case_id)
    report = await _report(house, case_id)
    await looked(request, person, "audit", row.creditor, case_id)
    if row.creditor not in house.creditors:
        raise NotFound
    return as_pdf(await run_in_threadpool(report_pdf, report, house.creditors[row.creditor]), f"audit-{row.number}")


@router.get("/audit/{case_id:path}")
async def of_case(request: Request, case_id: str, person: Reader) -> Response:
    """A case replayed, verified and told."""
    house = house_of(request)
    row = await case_row(house, person, case_id)
    await looked(request, person, "audit", row.creditor, case_id)
    report = await _report(house, case_id)
    return await page(
        request, "audit_case.html", row=row, report=report,
        looks=await house.ledger.asked.looks(person.creditors, case_id, None, RECENT),
    )  # fmt: skip


async def _report(house: House, case_id: str) -> Report:
    """The five checks: from the archive, and from the running engine when it answers."""
    client = getattr(house.engine, "client", None) if house.engine.up else None
    async with auditor(house.settings, client) as one:
        return (await one.audit([case_id]))[0]
