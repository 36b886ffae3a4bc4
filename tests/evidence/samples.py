"""A claim on its way to court: invoice, pieces on disk, letters as the house really makes them, events, décompte."""

import hashlib
from base64 import b64decode
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfWriter

from letters.message import message_of
from letters.render import Renderer
from rules import events as e
from rules.brief import Brief, NoticeCopy
from rules.creditor import Creditor, Representative
from rules.invoice import Address, Debtor, Document, InvoiceIssued
from rules.law import DebtorKind, Decompte, DecompteFacts, Owed, Paid, builtin_tables, decompte
from rules.letter import Letter, LetterItem
from rules.policy import Channel, Claims

TABLES = builtin_tables()
AS_OF = date(2026, 4, 20)
NUMBER = "F-2026-0042"
CASE = f"invoice/acme/{NUMBER}"


def pdf(title: str) -> bytes:
    """A blank page as a scanner makes it."""
    writer, written = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": title})
    writer.write(written)
    return written.getvalue()


PDF = pdf("")
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==")
"""One white pixel."""

ACME = Creditor(
    key="acme",
    name="Acme SAS",
    sender="Acme Comptabilité <compta@acme.example>",
    legal_form="SAS",
    capital="50000.00",
    siren="732829320",
    rcs="Lyon",
    address=Address(lines=("3 place Bellecour",), postal_code="69002", city="Lyon"),
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    phone="+33400000000",
    representative=Representative(name="Jeanne Martel", capacity="Présidente"),
)

MARTIN = Debtor(
    id="C-104",
    name="Boulangerie Martin SARL",
    kind=DebtorKind.BUSINESS,
    siren="552100554",
    rcs="Lyon",
    legal_form="SARL",
    email="compta@martin.example",
    address=Address(lines=("12 rue des Lilas",), postal_code="69003", city="Lyon"),
)


def moment(day: date, hour: int = 8, minute: int = 30) -> datetime:
    """That day in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def scanned(folder: Path, name: str, content: bytes = b"") -> str:
    """A file as a scanner leaves it, each of its own content; answers with its address."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content or pdf(name))
    return path.as_uri()


def piece(folder: Path, kind: str, name: str, content: bytes = b"", **more: Any) -> Document:
    """A document of the invoice, on disk."""
    return Document(kind=kind, uri=scanned(folder, name, content), **more)


def pieces(folder: Path) -> tuple[Document, ...]:
    """All that a court may want of the creditor."""
    return (
        piece(folder, "invoice", "F-2026-0042.pdf"),
        piece(folder, "terms", "cgv.pdf"),
        piece(folder, "quote", "devis signé.pdf"),
        piece(folder, "order", "PO-77.pdf"),
        piece(folder, "delivery", "BL-9.PDF"),
        piece(folder, "identity", "kbis.pdf"),
        piece(folder, "bodacc", "bodacc.pdf"),
        piece(folder, "power", "pouvoir.pdf"),
    )


def invoice(documents: tuple[Document, ...] = (), **more: Any) -> InvoiceIssued:
    """1 200 € owed since 4 February 2026."""
    values: dict[str, Any] = {
        "creditor": "acme",
        "number": NUMBER,
        "issued_on": date(2026, 1, 5),
        "due_on": date(2026, 2, 4),
        "performed_on": date(2025, 12, 22),
        "total": Decimal("1200.00"),
        "debtor": MARTIN,
        "documents": documents,
    }
    return InvoiceIssued(**(values | more))


def counted(kind: DebtorKind = DebtorKind.BUSINESS, as_of: date = AS_OF) -> Decompte:
    """What is owed: one part payment of 300 € on 20 February."""
    facts = DecompteFacts(
        owed=(Owed(invoice=NUMBER, due_on=date(2026, 2, 4), amount=Decimal("1200.00")),),
        payments=(Paid(on=date(2026, 2, 20), amount=Decimal("300.00"), reference="VIR 0214", invoice=NUMBER),),
        debtor_kind=kind,
        as_of=as_of,
        formal_notice_on=date(2026, 3, 31),
    )
    return decompte(facts, TABLES, strict=False)


LADDER = (
    ("relance_1", date(2026, 2, 9), Channel.EMAIL, "courtois"),
    ("relance_2", date(2026, 2, 27), Channel.EMAIL, "ferme"),
    ("mise_en_demeure", date(2026, 3, 26), Channel.REGISTERED_LETTER, "formel"),
)


def letter(step: str, on: date, channel: Channel, tone: str) -> Letter:
    """A letter of the ladder as it left."""
    formal = channel is Channel.REGISTERED_LETTER
    claims = Claims.ALL if formal else Claims.PRINCIPAL
    account = counted(as_of=on) if formal else None
    open_ = Decimal("1200.00") if on < date(2026, 2, 20) else account.principal if account else Decimal("900.00")
    item = LetterItem(
        case=CASE,
        step=step,
        passage=1,
        number=NUMBER,
        issued_on=date(2026, 1, 5),
        due_on=date(2026, 2, 4),
        total=Decimal("1200.00"),
        paid=Decimal("1200.00") - open_,
        balance=open_,
        asked=account.total if account else open_,
        days_late=(on - date(2026, 2, 4)).days,
    )
    return Letter(
        message_id=f"<{step}.c-104@acme.example>",
        on=on,
        as_of=on,
        language="fr",
        step=step,
        passage=1,
        tone=tone,
        channel=channel,
        claims=claims,
        formal=formal,
        creditor=ACME,
        debtor=MARTIN,
        currency="EUR",
        items=(item,),
        decompte=account,
        answer_within=8 if formal else None,
        moment=moment(on),
    )


def notices(store: Path, renderer: Renderer) -> tuple[NoticeCopy, ...]:
    """The copies of the ladder's letters, kept in the store byte for byte."""
    kept = []
    for step, on, channel, tone in LADDER:
        paper = channel is Channel.REGISTERED_LETTER
        content = _as_sent(renderer, step, on, channel, tone)
        path = store / "acme" / f"{on}" / f"{step}.{'pdf' if paper else 'eml'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        kept.append(
            NoticeCopy(
                step=step,
                passage=1,
                at=moment(on),
                channel=channel,
                message_id=f"<{step}.c-104@acme.example>",
                document=str(path),
                sha256=hashlib.sha256(content).hexdigest(),
                posted_on=on + timedelta(days=1) if paper else None,
                delivered_on=date(2026, 3, 31) if paper else None,
            )
        )
    return tuple(kept)


@cache
def _as_sent(renderer: Renderer, step: str, on: date, channel: Channel, tone: str) -> bytes:
    """The bytes of a letter: rendered once for all tests."""
    sent = letter(step, on, channel, tone)
    rendered = renderer.render(sent)
    content = rendered.pdf if channel is Channel.REGISTERED_LETTER else message_of(sent, rendered)
    assert content is not None
    return content


def overwrite(notice: NoticeCopy) -> None:
    """Somebody changes the copy of a letter."""
    Path(str(notice.document)).write_bytes(PDF)


CLAIRE: dict[str, Any] = {"by": "Claire Dubois", "door": "console"}


def happened(kind: Any, name: str, on: date, **fields: Any) -> Any:
    """An event of that day."""
    return kind(**({"id": name, "on": on, "at": moment(on)} | fields))


def went(step: str, on: date, channel: str, principal: str, claim: str) -> e.NoticeSent:
    """A letter that left."""
    amounts = {"principal": Decimal(principal), "claim": Decimal(claim)}
    said = {"step": step, "passage": 1, "channel": channel, "message_id": f"<{step}.c-104@acme.example>"}
    sent: e.NoticeSent = happened(e.NoticeSent, f"sent/{step}", on, **amounts, **said)
    return sent


def events(folder: Path, first: InvoiceIssued) -> tuple[e.Event, ...]:
    """What happened, in the order it was entered."""
    paid = {"amount": Decimal("300.00"), "received_on": date(2026, 2, 20), "reference": "VIR 0214"}
    told = moment(date(2026, 2, 23), 13, 5)
    replied = {"channel": "email", "summary": "Trésorerie tendue ; paiera."}
    promised = {"pay_on": date(2026, 3, 12)}
    return (
        happened(e.CaseOpened, "open", date(2026, 1, 5), invoice=first, policy="standard", version="a1b2", door="api"),
        went("relance_1", date(2026, 2, 9), "email", "1200.00", "1200.00"),
        happened(e.PaymentReceived, "pay", date(2026, 2, 20), at=told, method="virement", **paid, **CLAIRE),
        went("relance_2", date(2026, 2, 27), "email", "900.00", "900.00"),
        happened(e.DebtorReplied, "reply", date(2026, 3, 2), **replied, **CLAIRE),
        happened(e.PromiseMade, "promise", date(2026, 3, 2), **promised, **CLAIRE),
        happened(e.PromiseBroken, "broken", date(2026, 3, 13), **promised),
        went("mise_en_demeure", date(2026, 3, 26), "registered_letter", "906.21", "958.22"),
        *_delivery(folder),
    )


def _delivery(folder: Path) -> tuple[e.Event, ...]:
    """The mise en demeure posted and received, the file approved."""
    posted, delivered = scanned(folder, "depot.pdf"), scanned(folder, "avis.png", PNG)
    formal: dict[str, Any] = {"step": "mise_en_demeure", "passage": 1, "tracking": "1A 123 456 7890 1"} | CLAIRE
    left, came, told = date(2026, 3, 27), date(2026, 3, 31), moment(date(2026, 4, 2), 7, 4)
    approved = {"step": "dossier_judiciaire", "passage": 1, "letter": "9f", "by": "Paul Roche", "door": "console"}
    return (
        happened(e.LetterPosted, "posted", left, posted_on=left, proof=posted, **formal),
        happened(e.LetterDelivered, "delivered", came, at=told, delivered_on=came, proof=delivered, **formal),
        happened(e.StepApproved, "approved", date(2026, 4, 17), **approved),
    )


def brief(
    folder: Path,
    store: Path,
    renderer: Renderer,
    *,
    documents: tuple[Document, ...] | None = None,
    invoiced: dict[str, Any] | None = None,
    **more: Any,
) -> Brief:
    """The whole brief; ``invoiced`` changes the invoice, ``more`` the brief itself."""
    announced = invoice(pieces(folder) if documents is None else documents, **(invoiced or {}))
    told = events(folder, announced)
    values: dict[str, Any] = {
        "case": f"invoice/acme/{announced.number}",
        "step": "dossier_judiciaire",
        "passage": 1,
        "as_of": AS_OF,
        "invoice": announced,
        "debtor": announced.debtor,
        "creditor": ACME,
        "decompte": counted(),
        "events": told,
        "notices": more["notices"] if "notices" in more else notices(store, renderer),
        "position": len(told),
        "head": "c0ffee" + "0" * 58,
        "rules": "1",
        "tables": TABLES.version,
        "policy": "a1b2",
    }
    return Brief(**(values | more))
