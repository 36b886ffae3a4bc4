"""Reading a bank's file: camt.053 by what it is, anything else as the bank's CSV. Pure."""

from collections.abc import Mapping
from datetime import date

from intake.bank.bank_csv import read_bank_csv
from intake.bank.camt053 import read_camt053
from intake.bank.lines import Statement
from intake.lines import WHOLE_FILE, Fault
from rules.creditor import Creditor


def read_statements(data: bytes, *, account: str | None = None, until: date | None = None) -> list[Statement]:
    """The statements of a file. ``account`` and ``until`` are for a CSV that does not say them. Raises Fault."""
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise Fault(WHOLE_FILE, "the file is empty")
    if head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return read_camt053(data)
    return read_bank_csv(data, account, until)


def creditor_of(
    account: str, creditors: Mapping[str, Creditor], named: str | None, *, all_of: Mapping[str, Creditor] | None = None
) -> str:
    """The creditor whose account it is: the one named, else the one whose file says so. ``all_of``: the whole creditors
    file, when ``creditors`` are only those that the caller may see. Raises Fault; also when the account is another
    creditor's than the one named."""
    plain = "".join(account.split()).upper()
    if named is not None:
        if named not in creditors:
            raise Fault("creditor", f"« {named} » is not in the creditors file; known: {', '.join(sorted(creditors))}")
        owners = _owners(plain, creditors if all_of is None else all_of)
        if owners and named not in owners:
            whose = f"is another creditor's account in the creditors file, not one of {named}"
            raise Fault("account", f"{plain[:4]}…{plain[-4:]} {whose}; name its creditor, or mend the file")
        return named
    found = _owners(plain, creditors)
    if len(found) == 1:
        return found[0]
    whose = f"is an account of {', '.join(found)}" if found else "is no creditor's account in the creditors file"
    raise Fault("account", f"{plain[:4]}…{plain[-4:]} {whose}; name the creditor")


def _owners(plain: str, creditors: Mapping[str, Creditor]) -> list[str]:
    return [
        key for key, one in creditors.items() if plain in {"".join(iban.split()).upper() for iban in _accounts(one)}
    ]


def _accounts(creditor: Creditor) -> tuple[str, ...]:
    return (*(() if creditor.iban is None else (creditor.iban,)), *creditor.accounts)
