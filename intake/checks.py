"""What the door checks beyond the invoice's own rules: accounts, addresses, names that must exist. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from intake.lines import Fault
from intake.values import EARLIEST, LATEST
from rules.creditor import Creditor
from rules.invoice import InvoiceIssued, check_invoice
from rules.policy import Policy
from rules.precedence import policy_of
from rules.refusals import Refused

_EMAIL = re.compile(r"^[^@\s<>,;:\"()\[\]]+@[^@\s<>,;:\"()\[\]]+\.[^@\s<>,;:\"()\[\].]+$")
# The engine takes ids of 1 000 bytes; the rest is room for the ids of what hangs on a case.
_LONGEST_ID = 800
_SUBJECTS = {"the": "instalments", "an": "instalments", "two": "instalments"}


@dataclass(frozen=True)
class Known:
    """What an invoice may refer to. None: not checked here."""

    creditors: Mapping[str, Creditor] | None = None
    policies: Mapping[str, Policy] | None = None


def checked(invoice: InvoiceIssued, known: Known) -> InvoiceIssued:
    """The invoice itself when it can become a case here; raises Fault naming the field, in dotted form."""
    try:
        check_invoice(invoice)
    except Refused as refused:
        raise _fault(invoice, refused) from None
    for field, text in (
        ("creditor", invoice.creditor),
        ("number", invoice.number),
        ("debtor.id", invoice.debtor.id),
    ):
        if text != text.strip():
            raise Fault(field, "begins or ends with a space; it names the case and must be written one way")
    if "/" in invoice.creditor:
        raise Fault("creditor", f"« {invoice.creditor} » holds a slash, which in ids ends the creditor")
    if len(f"{invoice.creditor}{invoice.number}".encode()) > _LONGEST_ID:
        raise Fault("number", f"creditor and number are longer than {_LONGEST_ID} bytes together")
    _check_known(invoice, known)
    for field, day in _days(invoice):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise Fault(field, f"{day} is outside 1990–2099; check the year")
    _check_debtor(invoice)
    if invoice.payee is not None:
        check_iban(invoice.payee.iban, "payee.iban")
    return invoice


def check_iban(text: str, field: str) -> None:
    """Raises Fault when the text is not an IBAN: country, length, bank digits and check digits."""
    # Its table of banks takes 70 ms to load, and most files name no account.
    from schwifty import IBAN  # noqa: PLC0415
    from schwifty.exceptions import SchwiftyException  # noqa: PLC0415

    try:
        IBAN(text)
    except (SchwiftyException, ValueError) as error:
        raise Fault(field, f"« {text} » is not an IBAN: {str(error)[:120].rstrip('.')}") from None


def _check_known(invoice: InvoiceIssued, known: Known) -> None:
    """The creditor must be known, and the policy that its case would follow, which must be for such a debtor."""
    if known.creditors is None:
        return
    creditor = known.creditors.get(invoice.creditor)
    if creditor is None:
        names = ", ".join(sorted(known.creditors))
        raise Fault("creditor", f"« {invoice.creditor} » is not in the creditors file; known: {names}")
    if known.policies is None:
        return
    kind = invoice.debtor.kind
    name = policy_of(invoice, creditor).name
    policy = known.policies.get(name)
    if policy is None:
        raise Fault("policy", f"« {name} » is not a policy; known: {', '.join(sorted(known.policies))}")
    if policy.debtors and kind not in policy.debtors:
        raise Fault("policy", f"« {name} » is not for a debtor of kind {kind}; name another one")


def _days(invoice: InvoiceIssued) -> Iterator[tuple[str, date | None]]:
    yield "issued_on", invoice.issued_on
    yield "due_on", invoice.due_on
    yield "performed_on", invoice.performed_on
    yield "received_on", invoice.received_on
    for part in invoice.instalments:
        yield "instalments", part.due_on


def _check_debtor(invoice: InvoiceIssued) -> None:
    debtor = invoice.debtor
    addresses = [("debtor.email", debtor.email)]
    addresses += [("debtor.contacts", contact.email) for contact in debtor.contacts]
    for field, email in addresses:
        if email is not None and not _EMAIL.match(email):
            raise Fault(field, f"« {email} » is not one e-mail address such as compta@martin.example")
    if debtor.siren is not None and not re.fullmatch(r"\d{9}", debtor.siren):
        raise Fault("debtor.siren", f"« {debtor.siren} » is not a SIREN of nine digits")
    if not re.fullmatch(r"[a-z]{2}", debtor.language):
        raise Fault("debtor.language", f"« {debtor.language} » is not a language code such as fr or en")
    country = debtor.address.country if debtor.address else "FR"
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise Fault("debtor.address.country", f"« {country} » is not a country code such as FR")


def _fault(invoice: InvoiceIssued, refused: Refused) -> Fault:
    """The rules' sentence is « invoice N: field … »: the field is its first word, said once."""
    text = refused.sentence.removeprefix(f"invoice {invoice.number or '(no number)'}: ").rstrip(".")
    word = text.split(" ", 1)[0]
    field = _SUBJECTS.get(word, word)
    return Fault(field, text.removeprefix(f"{field} "))
