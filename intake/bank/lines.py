"""A line of a bank statement, whichever file it came in. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.base import Frozen

_NONE = frozenset({"", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE"})


class BankLine(Frozen):
    """Money that came in, or that the bank took back (``reversal``). ``amount`` is above zero; ``reference``: the
    payer's own (EndToEndId); ``bank_reference``: the bank's; ``text``: what the payer wrote; ``payer`` and
    ``payer_iban``: whom the money came from."""

    id: str = ""
    account: str
    booked_on: date
    amount: Decimal
    currency: str
    reversal: bool = False
    reference: str | None = None
    bank_reference: str | None = None
    text: str = ""
    payer: str | None = None
    payer_iban: str | None = None

    @property
    def named(self) -> str:
        """What the payment is called in a case: the payer's reference, else the bank's, else its own id."""
        return (self.reference or self.bank_reference or f"bank/{self.id[:16]}")[:200]


class Statement(NamedTuple):
    """One statement of one account. ``until``: the last day whose movements it knows; ``others``: lines of money that
    went out, which are nobody's payment."""

    account: str
    until: date
    lines: tuple[BankLine, ...]
    others: int = 0


def told(text: str | None) -> str | None:
    """A reference as the bank gives it, None when it says that there is none."""
    said = (text or "").strip()
    return None if said.upper() in _NONE else said[:200]


def with_ids(lines: Iterable[BankLine]) -> Sequence[BankLine]:
    """The lines with their ids: a digest of what they say, and of how often it was said before on that day. The same
    line has the same id in the statement of the day and in that of the month; equal payments of one day are two."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        said = (
            line.account, line.booked_on.isoformat(), f"{line.amount:.2f}", line.currency, str(line.reversal),
            line.reference or "", line.bank_reference or "", " ".join(line.text.split()), line.payer_iban or "",
        )  # fmt: skip
        digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]
        seen[digest] += 1
        again = seen[digest]
        if again == 1:
            found.append(line.model_copy(update={"id": digest}))
            continue
        # A payer may use one reference for two equal transfers of a day; each is its own payment.
        own = f"{line.reference or line.bank_reference or digest[:16]}#{again}"
        found.append(line.model_copy(update={"id": f"{digest}.{again}", "reference": own}))
    return found


def of_creditor(line: BankLine, creditor: str) -> BankLine:
    """The line as one of that creditor's: what one creditor was paid says nothing of another's money."""
    digest = hashlib.sha256(f"{creditor}\x1f{line.id}".encode()).hexdigest()[:32]
    return line.model_copy(update={"id": digest})
