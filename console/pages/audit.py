"""Audit: the chains of the ledger, a case replayed and verified, who asked what and who looked at what."""

import time
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from audit.findings import Check
from audit.office import auditor
from audit.page import report_pdf
from audit.report import Report
from audit.wording import wrong_in_french
from console.casefile import case_row
from console.guard import NotFound, Person, Reader, house_of, looked
from console.house import House
from console.letterview import as_pdf
from console.rendering import language_of, page
from console.timeline import Item, timeline
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
        request, "audit_case.html", row=row, report=report, wrong=wrong_in_french,
        told=await _told(request, person, report),
        looks=await house.ledger.asked.looks(person.creditors, case_id, None, RECENT),
    )  # fmt: skip


async def _told(request: Request, person: Person, report: Report) -> dict[int, Item]:
    """In English the events as the case's page tells them, by position; French readers have the words of the report. A
    ledger whose chain is broken may be unreadable: its report is shown as it is."""
    broken = any(finding.check is Check.CHAIN for finding in report.findings)
    if language_of(request, person) == "fr" or broken:
        return {}
    recorded = await house_of(request).ledger.reads.case(report.case)
    return {} if recorded is None else {item.position: item for item in timeline(recorded.case, recorded.events)}


async def _report(house: House, case_id: str) -> Report:
    """The five checks: from the archive, and from the running engine when it answers."""
    client = getattr(house.engine, "client", None) if house.engine.up else None
    async with auditor(house.settings, client) as one:
        return (await one.audit([case_id]))[0]
