"""ISO 20022 camt.053 (bank to customer statement), versions 001.02 to 001.13: only what a payment is known by. Pure.

Entries that are not booked yet are left out: they come again when they are. A batch whose transactions give their own
amounts is read one by one, otherwise as the one sum that was credited.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from intake.bank.lines import BankLine, Statement, told, with_ids
from intake.einvoice.safe_xml import all_of, found, local_name, namespace, parse_xml, text_of
from intake.lines import WHOLE_FILE, Fault

_SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
_WORDS = ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb", "RmtInf/Strd/AddtlRmtInf")
_LARGEST = Decimal("9999999999.99")


def read_camt053(data: bytes) -> list[Statement]:
    """The statements of a document; raises Fault with the reason it is none."""
    root = parse_xml(data)
    if not namespace(root).startswith(_SPACE) or local_name(root) != "Document":
        raise Fault(WHOLE_FILE, f"<{local_name(root)[:80]}> is not a camt.053 statement")
    statements = all_of(root, "BkToCstmrStmt/Stmt")
    if not statements:
        raise Fault(WHOLE_FILE, "the camt.053 holds no statement")
    return [_statement(one) for one in statements]


def _statement(statement: Any) -> Statement:
    account = text_of(statement, "Acct/Id/IBAN") or text_of(statement, "Acct/Id/Othr/Id")
    if account is None:
        raise Fault("Acct/Id", "the statement names no account")
    currency = text_of(statement, "Acct/Ccy")
    lines: list[BankLine] = []
    others = 0
    for entry in all_of(statement, "Ntry"):
        if (text_of(entry, "Sts/Cd") or text_of(entry, "Sts") or "BOOK") != "BOOK":
            continue
        came = list(_entry(entry, account, currency))
        lines += came
        others += not came
    return Statement(account, _until(statement, lines), tuple(with_ids(lines)), others)


def _until(statement: Any, lines: list[BankLine]) -> date:
    """The day of the closing balance, else of the period's end, else of the last line, else of the document."""
    for balance in all_of(statement, "Bal"):
        if text_of(balance, "Tp/CdOrPrtry/Cd") == "CLBD":
            day = _day(text_of(balance, "Dt/Dt") or text_of(balance, "Dt/DtTm"))
            if day is not None:
                return day
    ends = _day(text_of(statement, "FrToDt/ToDtTm"))
    booked = max((line.booked_on for line in lines), default=None)
    day = ends or booked or _day(text_of(statement, "CreDtTm"))
    if day is None:
        raise Fault("Bal", "the statement does not say to which day it goes")
    return day


def _entry(entry: Any, account: str, currency: str | None) -> Iterator[BankLine]:
    """The incoming money of an entry, or what it takes back; nothing for money that went out."""
    amount, unit = _amount(found(entry, "Amt"), "Ntry/Amt")
    credit = text_of(entry, "CdtDbtInd") == "CRDT"
    details = all_of(entry, "NtryDtls/TxDtls")
    returned = text_of(entry, "RvslInd") in ("true", "1") or any(found(one, "RtrInf") is not None for one in details)
    if credit == returned:
        # A credit that reverses gives back what went out; a debit that reverses nothing is an expense.
        return
    booked = _day(text_of(entry, "BookgDt/Dt") or text_of(entry, "BookgDt/DtTm") or text_of(entry, "ValDt/Dt"))
    if booked is None:
        raise Fault("Ntry/BookgDt", "an entry has no booking date")
    whole = {
        "account": account, "booked_on": booked, "currency": unit or currency or "EUR", "reversal": returned,
        "bank_reference": told(text_of(entry, "AcctSvcrRef")),
    }  # fmt: skip
    parts = [_own_amount(one) for one in details]
    if len(details) > 1 and all(part is not None for part in parts) and sum(part or 0 for part in parts) == amount:
        for one, part in zip(details, parts, strict=True):
            yield BankLine.model_validate({**whole, **_details(one), "amount": part})
        return
    only = _details(details[0]) if len(details) == 1 else {"text": _text(entry, "NtryDtls/TxDtls/")}
    yield BankLine.model_validate({**whole, **only, "amount": amount})


def _details(transaction: Any) -> dict[str, object]:
    said: dict[str, object] = {
        "reference": told(text_of(transaction, "Refs/EndToEndId")),
        "text": _text(transaction),
        "payer": text_of(transaction, "RltdPties/Dbtr/Pty/Nm") or text_of(transaction, "RltdPties/Dbtr/Nm"),
        "payer_iban": text_of(transaction, "RltdPties/DbtrAcct/Id/IBAN"),
    }
    own = told(text_of(transaction, "Refs/AcctSvcrRef")) or told(text_of(transaction, "Refs/TxId"))
    return {**said, "bank_reference": own} if own is not None else said


def _text(where: Any, below: str = "") -> str:
    """What the payer wrote: free text, structured references, numbers of documents; then what the bank adds."""
    said = [(element.text or "").strip() for path in _WORDS for element in all_of(where, below + path)]
    said += [text_of(where, path) or "" for path in ("AddtlTxInf", "AddtlNtryInf")]
    return " ".join(part for part in said if part)[:2000]


def _own_amount(transaction: Any) -> Decimal | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        element = found(transaction, path)
        if element is not None:
            return _amount(element, path)[0]
    return None


def _amount(element: Any, path: str) -> tuple[Decimal, str | None]:
    text = "" if element is None else (element.text or "").strip()
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Fault(path, f"« {text[:40]} » is not an amount") from None
    if not amount.is_finite() or not 0 < amount <= _LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise Fault(path, f"« {text[:40]} » is not an amount above zero, to the cent")
    return amount.quantize(Decimal("0.01")), element.get("Ccy")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text[:10])
    except ValueError:
        raise Fault("date", f"« {text[:40]} » is not a date") from None
