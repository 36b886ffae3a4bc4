"""UN/CEFACT Cross Industry Invoice, as EN 16931 and Factur-X use it. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any

from intake.einvoice.document import EInvoice, Part, Party
from intake.einvoice.fields import amount, amount_at, coded, day, day_at, must
from intake.einvoice.safe_xml import all_of, found, text_of
from intake.lines import Fault

NAMESPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_TRADE = "SupplyChainTradeTransaction"
_AGREED = f"{_TRADE}/ApplicableHeaderTradeAgreement"
_DELIVERED = f"{_TRADE}/ApplicableHeaderTradeDelivery"
_SETTLED = f"{_TRADE}/ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLED}/SpecifiedTradeSettlementHeaderMonetarySummation"
_DUE = "BT-9 due date"


def read_cii(root: Any) -> EInvoice:
    """The document of a CII root; raises Fault naming the business term that is missing or wrong."""
    payee = found(root, f"{_SETTLED}/PayeeTradeParty")
    return EInvoice(
        syntax="CII",
        number=must(root, "ExchangedDocument/ID", "BT-1 number"),
        type_code=text_of(root, "ExchangedDocument/TypeCode") or "380",
        issued_on=_issued(root),
        currency=must(root, f"{_SETTLED}/InvoiceCurrencyCode", "BT-5 currency"),
        seller=_party(found(root, f"{_AGREED}/SellerTradeParty")),
        buyer=_party(found(root, f"{_AGREED}/BuyerTradeParty")),
        payee=None if payee is None else _party(payee),
        total=amount(must(root, f"{_SUMS}/GrandTotalAmount", "BT-112 total"), "BT-112 total"),
        payable=amount(must(root, f"{_SUMS}/DuePayableAmount", "BT-115 amount due"), "BT-115 amount due"),
        prepaid=amount_at(root, f"{_SUMS}/TotalPrepaidAmount", "BT-113 paid amount") or Decimal(0),
        parts=_parts(root),
        iban=text_of(
            root, f"{_SETTLED}/SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID"
        ),
        order=text_of(root, f"{_AGREED}/BuyerOrderReferencedDocument/IssuerAssignedID"),
        delivered_on=day_at(
            root, f"{_DELIVERED}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString", "BT-72 delivery"
        )
        or day_at(root, f"{_SETTLED}/BillingSpecifiedPeriod/EndDateTime/DateTimeString", "BT-74 period end"),
        preceding=_preceding(root),
        notes=tuple(
            (text_of(note, "SubjectCode") or "", text)
            for note in all_of(root, "ExchangedDocument/IncludedNote")
            for text in [text_of(note, "Content")]
            if text is not None
        ),
        terms=text_of(root, f"{_SETTLED}/SpecifiedTradePaymentTerms/Description"),
        subject=text_of(root, f"{_TRADE}/IncludedSupplyChainTradeLineItem/SpecifiedTradeProduct/Name"),
    )


def _issued(root: Any) -> date:
    term = "BT-2 issue date"
    return day(must(root, "ExchangedDocument/IssueDateTime/DateTimeString", term), term)


def _preceding(root: Any) -> tuple[str, ...]:
    found_ids = [
        text_of(reference, "IssuerAssignedID") for reference in all_of(root, f"{_SETTLED}/InvoiceReferencedDocument")
    ]
    return tuple(number for number in found_ids if number)


def _parts(root: Any) -> tuple[Part, ...]:
    """The due dates: one in EN 16931, several with their amounts in the EXTENDED profile."""
    parts = []
    for terms in all_of(root, f"{_SETTLED}/SpecifiedTradePaymentTerms"):
        due = day_at(terms, "DueDateDateTime/DateTimeString", _DUE)
        if due is not None:
            parts.append(Part(due, amount_at(terms, "PartialPaymentAmount", "instalment")))
    if len(parts) > 1 and any(part.amount is None for part in parts):
        raise Fault(_DUE, "stands several times without an amount for each; give PartialPaymentAmount")
    return tuple(parts)


def _party(root: Any | None) -> Party:
    if root is None:
        return Party()
    ids = [coded(element, ".") for name in ("ID", "GlobalID") for element in all_of(root, name)]
    vats = [one for one in (coded(e, ".") for e in all_of(root, "SpecifiedTaxRegistration/ID")) if one is not None]
    endpoint = coded(root, "URIUniversalCommunication/URIID")
    by_mail = endpoint[1] if endpoint is not None and endpoint[0] == "EM" else None
    lines = [text_of(root, f"PostalTradeAddress/{name}") for name in ("LineOne", "LineTwo", "LineThree")]
    return Party(
        name=text_of(root, "Name"),
        ids=tuple(one for one in ids if one is not None),
        legal=coded(root, "SpecifiedLegalOrganization/ID"),
        vat=next((value for scheme, value in vats if scheme == "VA"), None),
        email=text_of(root, "DefinedTradeContact/EmailURIUniversalCommunication/URIID") or by_mail,
        phone=text_of(root, "DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber"),
        lines=tuple(line for line in lines if line),
        postal_code=text_of(root, "PostalTradeAddress/PostcodeCode") or "",
        city=text_of(root, "PostalTradeAddress/CityName") or "",
        country=text_of(root, "PostalTradeAddress/CountryID") or "FR",
    )
