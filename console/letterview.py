"""Letters as pages show them: as one would go out today, and as they left."""

from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from commands.letters import letter_of
from console.casefile import configuration_of
from console.guard import NotFound
from console.house import House
from console.middleware import LETTER_POLICY, PDF_POLICY
from letters.store import safe_name
from rules.case import Case
from rules.claim import Context
from rules.letter import Letter
from rules.outbox import Message
from rules.policy import BY_TELEPHONE
from rules.refusals import Refused
from sealing.keys import Altered, UnknownKey

EMAIL: Final = ".eml"


@dataclass(frozen=True)
class Draft:
    """A letter as it would go out today. ``script``: the words of a call or a text message, in place of the rest."""

    letter: Letter
    subject: str = ""
    html: str = ""
    pdf: bytes | None = None
    script: str = ""


@dataclass(frozen=True)
class Kept:
    """A letter as it left. ``html`` None: it is paper alone; ``pdf`` None: it had no page."""

    subject: str
    html: str | None
    text: str
    pdf: bytes | None


async def context_of(house: House, case: Case) -> Context:
    """What the rules need of the house; raises NotFound when this installation no longer knows creditor or policy."""
    creditor, policy_ = await configuration_of(house, case)
    if creditor is None or policy_ is None:
        raise NotFound
    return Context(creditor=creditor, policy=policy_, tables=house.configuration.tables())


async def draft(house: House, case: Case, step: str) -> Draft:
    """The letter of a step as it would go out now; raises Refused when it has none, or cannot be written."""
    letter = letter_of(case, await context_of(house, case), step, max(house.now(), case.last_at))
    if letter.channel in BY_TELEPHONE:
        return Draft(letter, script=await run_in_threadpool(house.renderer.script, letter))
    rendered = await run_in_threadpool(house.renderer.render, letter)
    return Draft(letter, rendered.subject, rendered.html, rendered.pdf)


async def kept(house: House, message: Message) -> Kept:
    """The copy that was kept of a letter; raises NotFound when there is none, or it cannot be opened here."""
    if message.document is None:
        raise NotFound
    try:
        content = await run_in_threadpool(house.documents.get, message.document)
    except (OSError, Altered, UnknownKey, Refused):
        raise NotFound from None
    if not message.document.endswith(EMAIL):
        return Kept("", None, "", content)
    return await run_in_threadpool(_of_mail, content)


def _of_mail(content: bytes) -> Kept:
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(content)
    page, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    pages = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    return Kept(
        subject=str(mail["Subject"] or ""),
        html=None if page is None else page.get_content(),
        text="" if plain is None else plain.get_content(),
        pdf=pages[0].get_content() if pages else None,
    )


def as_page(html: str) -> Response:
    """A letter's page for a sandboxed frame: nothing in it runs, nothing is fetched."""
    return HTMLResponse(html, headers={"content-security-policy": LETTER_POLICY})


def as_pdf(content: bytes | None, name: str) -> Response:
    """A PDF that opens in the browser; raises NotFound when there is none."""
    if content is None:
        raise NotFound
    headers = {
        "content-security-policy": PDF_POLICY,
        "content-disposition": f'inline; filename="{safe_name(name)}.pdf"',
    }
    return Response(content, media_type="application/pdf", headers=headers)
