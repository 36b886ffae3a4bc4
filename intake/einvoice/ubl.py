"""UBL 2.1 Invoice and CreditNote, the elements that EN 16931 names. Pure."""

from decimal import Decimal
from typing import Any

from intake.einvoice.document import EInvoice, Part, Party
from intake.einvoice.fields import amount, amount_at, coded, day, day_at, must
from intake.einvoice.safe_xml import all_of, found, local_name, text_of

NAMESPACES = (
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
)
_EMAIL = "EM"


def read_ubl(root: Any) -> EInvoice:
    """The document of a UBL root; raises Fault naming the business term that is missing or wrong."""
    credit = local_name(root) == "CreditNote"
    totals = "LegalMonetaryTotal"
    return EInvoice(
        syntax="UBL",
        number=must(root, "ID", "BT-1 number"),
        type_code=text_of(root, "CreditNoteTypeCode" if credit else "InvoiceTypeCode") or ("381" if credit else "380"),
        issued_on=day(must(root, "IssueDate", "BT-2 issue date"), "BT-2 issue date"),
        currency=must(root, "DocumentCurrencyCode", "BT-5 currency"),
        seller=_party(found(root, "AccountingSupplierParty/Party")),
        buyer=_party(found(root, "AccountingCustomerParty/Party")),
        payee=_party(found(root, "PayeeParty")) if found(root, "PayeeParty") is not None else None,
        total=amount(must(root, f"{totals}/TaxInclusiveAmount", "BT-112 total"), "BT-112 total"),
        payable=amount(must(root, f"{totals}/PayableAmount", "BT-115 amount due"), "BT-115 amount due"),
        prepaid=amount_at(root, f"{totals}/PrepaidAmount", "BT-113 paid amount") or Decimal(0),
        parts=_parts(root),
        iban=text_of(root, "PaymentMeans/PayeeFinancialAccount/ID"),
        order=text_of(root, "OrderReference/ID"),
        delivered_on=day_at(root, "Delivery/ActualDeliveryDate", "BT-72 delivery date")
        or day_at(root, "InvoicePeriod/EndDate", "BT-74 period end"),
        preceding=_texts(root, "BillingReference/InvoiceDocumentReference/ID"),
        notes=tuple(_note(text) for text in _texts(root, "Note")),
        terms=text_of(root, "PaymentTerms/Note"),
        subject=text_of(root, "InvoiceLine/Item/Name"),
    )


def _parts(root: Any) -> tuple[Part, ...]:
    """The due dates. In EN 16931 there is one; a credit note has it in its payment means."""
    due = day_at(root, "DueDate", "BT-9 due date") or day_at(root, "PaymentMeans/PaymentDueDate", "BT-9 due date")
    several = [
        Part(day(text, "BT-9 due date"), amount_at(terms, "Amount", "instalment"))
        for terms in all_of(root, "PaymentTerms")
        for text in [text_of(terms, "PaymentDueDate") or text_of(terms, "InstallmentDueDate")]
        if text is not None
    ]
    if several:
        return tuple(several)
    return () if due is None else (Part(due),)


def _party(root: Any | None) -> Party:
    if root is None:
        return Party()
    endpoint = coded(root, "EndpointID")
    by_mail = endpoint[1] if endpoint is not None and endpoint[0] == _EMAIL else None
    lines = [text_of(root, f"PostalAddress/{name}") for name in ("StreetName", "AdditionalStreetName")]
    lines.append(text_of(root, "PostalAddress/AddressLine/Line"))
    ids = [coded(element, ".") for element in all_of(root, "PartyIdentification/ID")]
    return Party(
        name=text_of(root, "PartyLegalEntity/RegistrationName") or text_of(root, "PartyName/Name"),
        ids=tuple(one for one in ids if one is not None),
        legal=coded(root, "PartyLegalEntity/CompanyID"),
        vat=_vat(root),
        email=text_of(root, "Contact/ElectronicMail") or by_mail,
        phone=text_of(root, "Contact/Telephone"),
        lines=tuple(line for line in lines if line),
        postal_code=text_of(root, "PostalAddress/PostalZone") or "",
        city=text_of(root, "PostalAddress/CityName") or "",
        country=text_of(root, "PostalAddress/Country/IdentificationCode") or "FR",
    )


def _vat(root: Any) -> str | None:
    for scheme in all_of(root, "PartyTaxScheme"):
        if text_of(scheme, "TaxScheme/ID") == "VAT":
            return text_of(scheme, "CompanyID")
    return None


def _texts(root: Any, path: str) -> tuple[str, ...]:
    return tuple(element.text.strip() for element in all_of(root, path) if element.text and element.text.strip())


def _note(text: str) -> tuple[str, str]:
    """``#PMD#Pénalités…``: the subject code stands between two hashes; without one it is empty."""
    if text.startswith("#") and text.count("#") >= 2:
        _, code, said = text.split("#", 2)
        if len(code) == 3:
            return code, said.strip()
    return "", text
