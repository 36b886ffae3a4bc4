"""Reports: what came in after which letter, how late, who did what; which letters are paid, in which wording."""

import itertools
from datetime import timedelta
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.guard import Reader, house_of
from console.rendering import page
from console.words import RAMP
from ledger.letter_figures import FACETS, LettersWanted, facets_of
from ledger.reports import LATE, DelayFigure

router = APIRouter()
RECENT = timedelta(days=30)
SPANS = (90, 365, 730)
"""Days back that letters may be counted from."""
WAYS = ("rung variant", "rung variant channel", "rung variant profile", "rung variant channel profile", "rung")
"""How letters may be told apart."""


@router.get("/reports")
async def reports(request: Request, person: Reader) -> Response:
    """Every report, of one currency."""
    house = house_of(request)
    book = house.ledger.reports
    currencies = await book.currencies(person.creditors) or ["EUR"]
    currency = request.query_params.get("currency", "")
    currency = currency if currency in currencies else ("EUR" if "EUR" in currencies else currencies[0])
    rungs = await book.by_rung(person.creditors, currency, house.today)
    delays = await book.delays(person.creditors, currency, house.today)
    since = house.now() - RECENT
    return await page(
        request,
        "reports.html",
        currency=currency,
        currencies=currencies,
        rungs=sorted(rungs, key=lambda one: RAMP.index(one.step) if one.step in RAMP else len(RAMP)),
        delays=delays,
        slices=_slices(delays),
        months=[(one.month, float(one.received), 0) for one in delays],
        received=sum((one.received for one in delays), Decimal(0)),
        done=await book.done(person.creditors, since),
        looked=await book.looked(person.creditors, since),
    )


def _slices(delays: list[DelayFigure]) -> list[tuple[str, Decimal]]:
    """What came in over the year, by how late it was."""
    names = ["0", *(f"{first + 1}–{last}" for first, last in itertools.pairwise(LATE)), f"> {LATE[-1]}"]
    whole = [sum((one.slices[n] for one in delays), Decimal(0)) for n in range(len(names))]
    return list(zip(names, whole, strict=True))


@router.get("/reports/letters")
async def letters(request: Request, person: Reader) -> Response:
    """Which letters had brought all they asked for, seven and fourteen days later, and whether the wording counts."""
    house, asked = house_of(request), request.query_params
    days, way, creditor = asked.get("days", "365"), asked.get("by", WAYS[0]), asked.get("creditor", "")
    span = int(days) if days in map(str, SPANS) else 365
    granted = frozenset({creditor}) if creditor and person.sees(creditor) else person.creditors
    wanted = LettersWanted(
        today=house.today,
        since=house.today - timedelta(days=span),
        creditors=granted,
        by=facets_of((way if way in WAYS else WAYS[0]).split()),
    )
    figures = house.ledger.letter_figures
    lines = await figures.lines(wanted)
    return await page(
        request,
        "letter_report.html",
        since=wanted.since,
        lines=sorted(lines, key=lambda one: RAMP.index(one.rung) if one.rung in RAMP else len(RAMP)),
        compared=await figures.compared(wanted),
        facets=[facet for facet in FACETS if facet in wanted.by],
        span=span,
        spans=SPANS,
        ways=WAYS,
        way=" ".join(wanted.by),
        creditor=creditor,
        creditors=sorted(key for key in house.creditors if person.sees(key)),
    )
