"""What the API says of bank statements and their lines."""

from datetime import date
from typing import Any

from intake.api.shapes import Shape
from rules.money import Money


class LinePart(Shape):
    case: str
    amount: Money


class BankLineItem(Shape):
    """A line of a statement. ``state``: received, posted, proposed, open (for a person) or ignored; ``payer`` and
    ``text`` are gone once it was dealt with; ``because``: a sentence, in French."""

    id: str
    creditor: str
    booked_on: date
    amount: Money
    currency: str
    reversal: bool
    reference: str | None
    payer: str | None
    text: str | None
    state: str
    parts: tuple[LinePart, ...]
    because: str


class StatementResult(Shape):
    """What became of a creditor's statements. ``others``: lines of money that went out; ``woken``: cases whose letters
    waited for the bank's word; ``lines``: those that were new."""

    creditor: str
    posted: int
    proposed: int
    open: int
    already_known: int
    others: int
    woken: int
    lines: tuple[BankLineItem, ...]


ASSIGN_EXAMPLE = {"parts": [{"case": "F-2026-0042", "amount": "1200.00"}]}
CAMT_EXAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
  <Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Ccy>EUR</Ccy></Acct>
  <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Dt><Dt>2026-03-02</Dt></Dt></Bal>
  <Ntry><Amt Ccy="EUR">1200.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-03-02</Dt></BookgDt><NtryDtls><TxDtls>
      <Refs><EndToEndId>VIR-17</EndToEndId></Refs>
      <RmtInf><Ustrd>FACTURE F-2026-0042</Ustrd></RmtInf>
    </TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
CSV_EXAMPLE = "Date;Libellé;Crédit;Compte\n02/03/2026;VIR F-2026-0042;1 200,00;FR7630006000011234567890189\n"


def statement_body() -> dict[str, Any]:
    """The body of ``/bank-statements``: the file as it is."""
    text = {"type": "string"}
    content = {
        "application/xml": {"schema": text, "example": CAMT_EXAMPLE},
        "text/csv": {"schema": text, "example": CSV_EXAMPLE},
    }
    return {"requestBody": {"required": True, "content": content}}
