"""Letters: those that left, the tray to post, those on their way; each as it left."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pypdf import PdfReader, PdfWriter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response, StreamingResponse

from console import words
from console.guard import Actor, NotFound, Person, Posted, Reader, Unopened, house_of, looked
from console.letterview import Kept, as_page, as_pdf, kept
from console.rendering import page
from console.saying import End, id_of, new_id, say, with_word
from console.tray import Envelope, check_opens, days_of_the_tray, folder_of, lying, on_their_way, packed, to_post
from ledger.letterbook import ROWS, STATES, LetterFilter, Sent
from rules.outbox import Covered
from rules.refusals import Refused
from sealing.keys import Altered, UnknownKey

router = APIRouter()
_DELIVERED: Final = "delivered"


@router.get("/letters")
async def sent(request: Request, person: Reader) -> Response:
    """The letters that left, the newest first."""
    asked = request.query_params
    number = asked.get("page", "1")
    wanted = LetterFilter(
        creditors=person.creditors,
        creditor=asked.get("creditor", "")[:60],
        channel=asked["channel"] if asked.get("channel") in words.CHANNELS else "",
        state=asked["state"] if asked.get("state") in STATES else "",
        step=asked.get("step", "")[:60],
        page=int(number) if number.isascii() and number.isdigit() and 0 < int(number) < 10_000 else 1,
    )
    found, count = await house_of(request).ledger.letterbook.page(wanted)
    return await page(
        request, "letters.html", wanted_letters=wanted, found=found, count=count, pages=max(1, -(-count // ROWS)),
        channels=[name for name in words.CHANNELS if name not in ("call", "sms")], states=STATES, steps=words.STEPS,
    )  # fmt: skip


@router.get("/letters/tray")
async def tray(request: Request, person: Reader) -> Response:
    """The letters to post."""
    house = house_of(request)
    found, days = await to_post(house, person), await days_of_the_tray(house)
    return await page(request, "tray.html", found=found, days=days, request_id=new_id(), refusals=())


@router.get("/letters/tray.pdf")
async def print_tray(request: Request, person: Reader) -> Response:
    """Every letter to post in one file, to be printed at once."""
    house = house_of(request)
    pages = []
    for envelope in await to_post(house, person):
        await looked(request, person, "letter", envelope.sent.case.creditor, envelope.sent.message.id)
        try:
            pages.append((await kept(house, envelope.sent.message)).pdf)
        except NotFound:
            continue  # the copy is elsewhere: the list shows the letter all the same
    if not any(pages):
        raise NotFound
    return as_pdf(await run_in_threadpool(_together, [one for one in pages if one]), f"courriers-{house.today}")


@router.get("/letters/tray.zip")
async def take_tray(request: Request, person: Reader) -> Response:
    """What lies in the tray of a day, simple letters too, each by itself with the sheet of addresses."""
    house = house_of(request)
    try:
        day = date.fromisoformat(request.query_params.get("day", ""))
        found = await lying(house, person, day)
        for _, message in found:
            await looked(request, person, "letter", message.creditor, message.id)
        letters = [one for one, _ in found]
        await run_in_threadpool(check_opens, folder_of(house), letters)
    except (Altered, UnknownKey, Refused):
        raise Unopened from None
    except (ValueError, OSError):
        raise NotFound from None
    if not found:
        raise NotFound
    named = {"content-disposition": f'attachment; filename="bac-{day}.zip"'}
    return StreamingResponse(packed(folder_of(house), letters), media_type="application/zip", headers=named)


def _together(documents: list[bytes]) -> bytes:
    """One PDF of several; each begins on a front page when they are printed on both sides."""
    whole = PdfWriter()
    for document in documents:
        reader = PdfReader(io.BytesIO(document))
        for sheet in reader.pages:
            whole.add_page(sheet)
        if len(reader.pages) % 2:
            whole.add_blank_page()
    out = io.BytesIO()
    whole.write(out)
    return out.getvalue()


@router.post("/letters/posted")
async def posted_letters(request: Request, person: Actor, form: Posted) -> Response:
    """The letters that are ticked were taken to the post office."""
    chosen = form.getlist("letter")
    envelopes = [one for one in await to_post(house_of(request), person) if one.sent.message.id in chosen]

    def body(one: Envelope, of: Covered) -> dict[str, Any]:
        tracking = str(form.get(f"tracking {one.sent.message.id}", "")).strip()[:60]
        return {
            "kind": "letter_posted", "step": of.step, "passage": of.passage, "posted_on": _day(request, form),
            **({"tracking": tracking} if tracking else {}),
        }  # fmt: skip

    return await _told(request, person, form, envelopes, body, "tray.html", "/letters/tray")


@router.get("/letters/underway")
async def underway(request: Request, person: Reader) -> Response:
    """The registered letters on their way: what became of each."""
    found = await on_their_way(house_of(request), person)
    return await page(request, "underway.html", found=found, request_id=new_id(), causes=words.CAUSES, refusals=())


@router.post("/letters/news")
async def news(request: Request, person: Actor, form: Posted) -> Response:
    """What the post says became of letters: distributed, or returned and why."""
    house = house_of(request)
    envelopes = [one for one in await on_their_way(house, person) if _fate(form, one) is not None]

    def body(one: Envelope, of: Covered) -> dict[str, Any]:
        fate, day = _fate(form, one), _day(request, form)
        if fate == _DELIVERED:
            return {"kind": "letter_delivered", "step": of.step, "passage": of.passage, "delivered_on": day}
        return {"kind": "letter_returned", "step": of.step, "passage": of.passage, "cause": fate, "presented_on": day}

    return await _told(request, person, form, envelopes, body, "underway.html", "/letters/underway")


def _fate(form: FormData, one: Envelope) -> str | None:
    said = str(form.get(f"fate {one.sent.message.id}", ""))
    return said if said == _DELIVERED or said in words.CAUSES else None


def _day(request: Request, form: FormData) -> str:
    given = str(form.get("on", ""))
    return given if len(given) == 10 else house_of(request).today.isoformat()


async def _told(
    request: Request, person: Person, form: FormData, envelopes: list[Envelope], body: Any, template: str, back: str
) -> Response:
    """Say it to every case that each envelope speaks for; what was refused is shown."""
    house, refusals, ended = house_of(request), [], End.DONE
    base = id_of(form)
    common: Mapping[str, str] = {"by": person.login, "actor": person.actor, "via": "console"}
    for envelope in envelopes:
        for covered in envelope.waiting:
            what = body(envelope, covered)
            end, sentence = await say(house, person, covered.case, {**what, **common}, f"{base}/{covered.case}"[:200])
            if end is End.REFUSED:
                refusals.append((covered.case, sentence))
            elif end is not End.DONE:
                ended = end
    if ended is End.DOWN or refusals:
        found = await (to_post(house, person) if template == "tray.html" else on_their_way(house, person))
        return await page(
            request, template, 503 if ended is End.DOWN else 422, found=found, request_id=new_id(),
            causes=words.CAUSES, refusals=refusals, not_sent=ended is End.DOWN, days=(),
        )  # fmt: skip
    return RedirectResponse(with_word(back, str(ended)) if envelopes else back, 303)


async def _letter(request: Request, person: Person) -> tuple[Sent, Kept | None]:
    """The letter of the address, if its creditor was granted, with its copy."""
    house = house_of(request)
    found = await house.ledger.letterbook.one(request.query_params.get("id", "")[:300])
    if found is None or not person.sees(found.message.creditor):
        raise NotFound
    try:
        return found, await kept(house, found.message)
    except NotFound:
        return found, None


@router.get("/letter")
async def show(request: Request, person: Reader) -> Response:
    """A letter as it left, and what it speaks for."""
    found, copy = await _letter(request, person)
    await looked(request, person, "letter", found.message.creditor, found.message.id)
    return await page(request, "letter.html", letter=found, message=found.message, copy=copy)


@router.get("/letter/page")
async def show_page(request: Request, person: Reader) -> Response:
    """The e-mail itself, for a sandboxed frame."""
    _, copy = await _letter(request, person)
    if copy is None or copy.html is None:
        raise NotFound
    return as_page(copy.html)


@router.get("/letter/pdf")
async def show_paper(request: Request, person: Reader) -> Response:
    """The page itself, or what the e-mail carried."""
    found, copy = await _letter(request, person)
    return as_pdf(None if copy is None else copy.pdf, f"{found.case.number}-{found.step}")
