"""Small invoices of our own in the three shapes of EN 16931, with what a test changes in them."""

import io
from typing import Any, cast

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject

from intake.checks import Known
from rules.creditor import Creditor

ACME = Creditor(
    key="acme", name="Acme SAS", sender="compta@acme.example", siren="732829320", vat="FR44732829320", late_rate="12.5"
)
KNOWN = Known(creditors={"acme": ACME})

_UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-01-05</cbc:IssueDate>{due}
  <cbc:{root}TypeCode>{type_code}</cbc:{root}TypeCode>{notes}
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference>{preceding}
  <cac:AccountingSupplierParty><cac:Party>
    <cac:PartyName><cbc:Name>Acme</cbc:Name></cac:PartyName>
    <cac:PartyTaxScheme><cbc:CompanyID>{seller_vat}</cbc:CompanyID>
      <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Acme SAS</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party>
    <cbc:EndpointID schemeID="EM">factures@martin.example</cbc:EndpointID>
    <cac:PartyIdentification><cbc:ID>C-104</cbc:ID></cac:PartyIdentification>
    <cac:PostalAddress><cbc:StreetName>12 rue des Lilas</cbc:StreetName><cbc:CityName>Lyon</cbc:CityName>
      <cbc:PostalZone>69003</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>{buyer}</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0002">{buyer_siren}</cbc:CompanyID></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:Delivery><cbc:ActualDeliveryDate>2026-01-03</cbc:ActualDeliveryDate></cac:Delivery>
  <cac:LegalMonetaryTotal>
    <cbc:TaxExclusiveAmount currencyID="EUR">1000.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>
    <cbc:PrepaidAmount currencyID="EUR">{prepaid}</cbc:PrepaidAmount>
    <cbc:PayableAmount currencyID="EUR">{payable}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
  <cac:{root}Line><cac:Item><cbc:Name>Fours à pain</cbc:Name></cac:Item></cac:{root}Line>
</{root}>
"""
_UBL_GOOD = {
    "root": "Invoice",
    "number": "F-2026-0042",
    "due": "<cbc:DueDate>2026-02-04</cbc:DueDate>",
    "type_code": "380",
    "notes": "",
    "preceding": "",
    "seller_vat": "FR44732829320",
    "buyer": "Boulangerie Martin SARL",
    "buyer_siren": "552100554",
    "total": "1200.00",
    "prepaid": "200.00",
    "payable": "1000.00",
}


def ubl(**changes: str) -> bytes:
    """A UBL invoice with some parts changed."""
    return _UBL.format(**{**_UBL_GOOD, **changes}).encode()


def ubl_credit(invoice: str | None = "F-2026-0042", **changes: str) -> bytes:
    """A UBL credit note on an invoice, or on none."""
    reference = (
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{invoice}</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    credit = {"root": "CreditNote", "number": "A-7", "due": "", "type_code": "381", "total": "300.00"}
    amounts = {"prepaid": "0.00", "payable": "300.00"}
    return ubl(**{**credit, **amounts, "preceding": reference if invoice else "", **changes})


_CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{type_code}</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20260105</udt:DateTimeString></ram:IssueDateTime>{notes}
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:Name>Fours à pain</ram:Name>
  </ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement>
    <ram:SellerTradeParty><ram:Name>Acme SAS</ram:Name>
      <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">732829320</ram:ID></ram:SpecifiedLegalOrganization>
    </ram:SellerTradeParty>
    <ram:BuyerTradeParty><ram:ID>C-104</ram:ID><ram:Name>Boulangerie Martin SARL</ram:Name>
      <ram:SpecifiedLegalOrganization><ram:ID schemeID="0009">55210055400013</ram:ID>
      </ram:SpecifiedLegalOrganization>
      <ram:DefinedTradeContact><ram:EmailURIUniversalCommunication><ram:URIID>compta@martin.example</ram:URIID>
      </ram:EmailURIUniversalCommunication></ram:DefinedTradeContact>
      <ram:PostalTradeAddress><ram:PostcodeCode>69003</ram:PostcodeCode><ram:LineOne>12 rue des Lilas</ram:LineOne>
        <ram:CityName>Lyon</ram:CityName><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
    </ram:BuyerTradeParty>
    <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-77</ram:IssuerAssignedID>
    </ram:BuyerOrderReferencedDocument>
  </ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>
    <udt:DateTimeString format="102">20260103</udt:DateTimeString></ram:OccurrenceDateTime>
  </ram:ActualDeliverySupplyChainEvent></ram:ApplicableHeaderTradeDelivery>
  <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
    {terms}
    <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
      <ram:GrandTotalAmount>1200.00</ram:GrandTotalAmount><ram:TotalPrepaidAmount>200.00</ram:TotalPrepaidAmount>
      <ram:DuePayableAmount>1000.00</ram:DuePayableAmount>
    </ram:SpecifiedTradeSettlementHeaderMonetarySummation>{preceding}
  </ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""


def cii_terms(day: str, amount: str = "") -> str:
    """A due date of a CII invoice, with its part of the sum or without."""
    part = f"<ram:PartialPaymentAmount>{amount}</ram:PartialPaymentAmount>" if amount else ""
    return (
        "<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>"
        f'<udt:DateTimeString format="102">{day}</udt:DateTimeString></ram:DueDateDateTime>{part}'
        "</ram:SpecifiedTradePaymentTerms>"
    )


def cii(**changes: str) -> bytes:
    """A CII invoice with some parts changed."""
    good = {"number": "F-2026-0042", "type_code": "380", "notes": "", "preceding": "", "terms": cii_terms("20260204")}
    return _CII.format(**{**good, **changes}).encode()


def cii_note(code: str, text: str) -> str:
    """A coded note of a CII invoice."""
    return (
        f"<ram:IncludedNote><ram:Content>{text}</ram:Content><ram:SubjectCode>{code}</ram:SubjectCode>"
        "</ram:IncludedNote>"
    )


def facturx(xml: bytes, name: str = "factur-x.xml", password: str | None = None) -> bytes:
    """A PDF of one page that holds the XML, deflated."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment(name, xml)
    objects: list[Any] = writer._objects
    for place, one in enumerate(objects):
        if isinstance(one, DictionaryObject) and one.get("/Type") == "/EmbeddedFile":
            objects[place] = cast(Any, one).flate_encode()
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
