"""From the bytes of an .xml or a .pdf to an invoice of ours, or to a credit note that finds its invoice. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from intake.checks import Known, checked
from intake.einvoice.cii import NAMESPACE, read_cii
from intake.einvoice.document import CORRECTIVE, EInvoice, Party
from intake.einvoice.facturx import xml_of
from intake.einvoice.safe_xml import local_name, namespace, parse_xml
from intake.einvoice.stated import differences, stated_terms
from intake.einvoice.ubl import NAMESPACES, read_ubl
from intake.lines import WHOLE_FILE, Fault
from rules.creditor import Creditor
from rules.invoice import InvoiceIssued
from rules.law.kinds import DebtorKind

_LARGEST_ROUNDING = Decimal(1)


@dataclass(frozen=True)
class CreditRead:
    """A credit note: which invoice of whom it lowers, and by how much."""

    creditor: str
    invoice: str
    number: str
    amount: Decimal
    issued_on: date


def read_document(data: bytes, *, pdf: bool) -> EInvoice:
    """The document in the bytes of a file; raises Fault with the reason it is none."""
    root = parse_xml(xml_of(data) if pdf else data)
    where, name = namespace(root), local_name(root)
    if where in NAMESPACES:
        return read_ubl(root)
    if where == NAMESPACE:
        return read_cii(root)
    raise Fault(WHOLE_FILE, f"<{name[:80]}> is neither a UBL invoice or credit note nor a CrossIndustryInvoice")


def read_einvoice(
    data: bytes, known: Known, *, pdf: bool, uri: str | None = None, sha256: str | None = None
) -> tuple[InvoiceIssued | CreditRead, tuple[str, ...]]:
    """What the document means here, and what a person should look at. Raises Fault naming the business term."""
    document = read_document(data, pdf=pdf)
    creditor = _creditor(document.seller, known.creditors)
    if document.is_credit:
        return _credit(document, creditor), ()
    if document.type_code == CORRECTIVE:
        replaced = ", ".join(document.preceding) or "another one"
        raise Fault("BT-3 type", f"384 corrects {replaced}: cancel that case first, then import this as 380")
    invoice = _invoice(document, creditor, uri, sha256)
    try:
        issued = checked(InvoiceIssued.model_validate(invoice, extra="forbid"), known)
    except ValidationError as error:
        first = error.errors()[0]
        raise Fault(".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ").rstrip(".")) from None
    config = (known.creditors or {}).get(creditor)
    return issued, () if config is None else tuple(differences(stated_terms(document.notes), config))


def _creditor(seller: Party, creditors: Mapping[str, Creditor] | None) -> str:
    """The creditor that the seller is: by SIREN, by VAT number, else by name."""
    siren, vat, name = seller.siren, _plain(seller.vat), _plain(seller.name)
    for key, creditor in (creditors or {}).items():
        if siren is not None and siren == creditor.siren:
            return key
        if vat and vat == _plain(creditor.vat):
            return key
    for key, creditor in (creditors or {}).items():
        if creditor.siren is None and name and name == _plain(creditor.name):
            return key
    who = f"« {seller.name or 'the seller'} » (SIREN {siren or 'not given'})"
    raise Fault("BT-27 seller", f"{who} is none of the creditors; known: {', '.join(sorted(creditors or {}))}")


def _plain(text: str | None) -> str:
    return "".join((text or "").split()).casefold()


def _credit(document: EInvoice, creditor: str) -> CreditRead:
    if not document.preceding:
        raise Fault(
            "BT-25 preceding invoice",
            f"credit note {document.number} names no invoice; say which: signal CASE credit_note",
        )
    if len(document.preceding) > 1:
        named = ", ".join(document.preceding[:5])
        raise Fault("BT-25 preceding invoice", f"credit note {document.number} speaks of {named}; share it by hand")
    amount = abs(document.total)
    if amount == 0:
        raise Fault("BT-112 total", f"credit note {document.number} gives nothing back")
    return CreditRead(creditor, document.preceding[0], document.number, amount, document.issued_on)


def _invoice(document: EInvoice, creditor: str, uri: str | None, sha256: str | None) -> dict[str, Any]:
    rounding = document.payable + document.prepaid - document.total
    if abs(rounding) > _LARGEST_ROUNDING:
        raise Fault(
            "BT-115 amount due",
            f"{document.payable} is not total {document.total} less paid {document.prepaid}; the invoice contradicts "
            "itself",
        )
    data: dict[str, Any] = {
        "creditor": creditor,
        "number": document.number,
        "issued_on": document.issued_on,
        "currency": document.currency,
        "total": document.total + rounding,
        "already_paid": document.prepaid,
        "order_reference": document.order,
        "performed_on": document.delivered_on,
        "subject": document.subject,
        "debtor": _debtor(document.buyer),
        **_due(document, document.total + rounding),
    }
    if document.payee is not None and document.iban is not None:
        data["payee"] = {"name": document.payee.name or "", "iban": document.iban}
    if uri is not None:
        data["documents"] = [{"kind": "invoice", "uri": uri, "sha256": sha256}]
    return {key: value for key, value in data.items() if value is not None}


def _due(document: EInvoice, total: Decimal) -> dict[str, Any]:
    parts = document.parts
    if len(parts) > 1 and all(part.amount is not None for part in parts):
        shares = [{"due_on": part.due_on, "amount": part.amount} for part in parts]
        if sum((part.amount or Decimal(0) for part in parts), Decimal(0)) != total:
            raise Fault("BT-9 due date", "the instalments do not add up to the total")
        return {"instalments": shares}
    return {"due_on": max(part.due_on for part in parts)} if parts else {}


def _debtor(buyer: Party) -> dict[str, Any]:
    """The debtor; its id is the creditor's own for it (BT-46), else its SIREN, else its VAT number."""
    siren = buyer.siren
    own = next((value for scheme, value in buyer.ids if scheme in ("", "91", "92")), None)
    any_id = next((value for _scheme, value in buyer.ids), None)
    legal = buyer.legal[1] if buyer.legal else None
    chosen = own or siren or legal or buyer.vat or any_id
    if chosen is None:
        raise Fault("BT-46 buyer", "has no identifier, SIREN or VAT number; import it as .csv with a debtor_id")
    if buyer.name is None:
        raise Fault("BT-44 buyer name", "is missing; EN 16931 requires it")
    return {
        "id": chosen,
        "name": buyer.name,
        "kind": _kind(siren, legal, buyer.vat),
        "siren": siren,
        "email": buyer.email,
        "phone": buyer.phone,
        "address": {
            "lines": list(buyer.lines),
            "postal_code": buyer.postal_code,
            "city": buyer.city,
            "country": buyer.country,
        },
    }


def _kind(siren: str | None, legal: str | None, vat: str | None) -> str:
    """SIREN numbers that begin with 1 or 2 are those of public bodies; one without any registration is unknown: a
    person says whether it is a consumer."""
    if siren is not None and siren[0] in "12":
        return DebtorKind.PUBLIC_BODY
    return DebtorKind.BUSINESS if siren or legal or vat else DebtorKind.UNKNOWN
