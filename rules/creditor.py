"""The creditor: identity, account, sender and defaults, read from the creditors file. Pure."""

import hashlib
import re
import tomllib
from decimal import Decimal, InvalidOperation
from email.headerregistry import Address as MailAddress
from email.utils import parseaddr
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import Field, ValidationError

from rules.base import Frozen
from rules.invoice import Address
from rules.law.kinds import DebtorKind
from rules.refusals import Refused
from rules.retention import Retention

_MAILBOX = re.compile(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""Short: a mark of up to 43 signs is added, and a mailbox has 64 (RFC 5321, 4.5.3.1.1)."""


class Representative(Frozen):
    """Who may sign for the creditor."""

    name: str
    capacity: str


class Creditor(Frozen):
    """A creditor, acting for itself and in its own name. ``key`` is its name in ids and files; ``segments`` and
    ``debtors`` name the policy of a segment and of a customer number; ``accounts``: others than ``iban`` that payments
    come in on; ``mediator``: the consumer mediator that the creditor answers to, name and address; ``bank_posting``:
    whether a payment that a statement leaves no doubt about is entered without a person.
    """

    key: str
    name: str
    sender: str
    legal_form: str | None = None
    capital: str | None = None
    siren: str | None = None
    rcs: str | None = None
    vat: str | None = None
    address: Address = Address()
    iban: str | None = None
    bic: str | None = None
    accounts: tuple[str, ...] = ()
    bank_posting: Literal["propose", "post_sure"] = "propose"
    phone: str | None = None
    contact: str | None = None
    mediator: str | None = None
    mailbox: str | None = None
    logo: str | None = None
    representative: Representative | None = None
    signatory: str | None = None
    policy: str = "standard"
    policy_consumer: str = "particulier"
    policy_public_body: str = "public"
    segments: dict[str, str] = Field(default_factory=dict)
    debtors: dict[str, str] = Field(default_factory=dict)
    late_rate: str = "ECB+10"
    imputation: str = "interest_first"
    merchant: bool = True
    retention: Retention = Retention()

    @cached_property
    def terms(self) -> str:
        """A digest of what decisions depend on: rate, imputation, quality, country."""
        terms = f"{self.late_rate}\x1f{self.imputation}\x1f{self.merchant}\x1f{self.address.country}"
        return hashlib.sha256(terms.encode()).hexdigest()[:8]

    @property
    def agreed_rate(self) -> Decimal | None:
        """The contractual yearly rate in percent; None: the legal default."""
        return None if self.late_rate.upper() == "ECB+10" else Decimal(self.late_rate)

    def mailbox_for(self, message_id: str) -> str | None:
        """The address at which answers and bounces to one message come back: ``mailbox`` with the message's mark
        (``relances+3f2a…@acme.example``, RFC 5233); None when no mailbox is read."""
        if self.mailbox is None:
            return None
        user, _, domain = self.mailbox.rpartition("@")
        return f"{user}+{message_id.strip('<>').partition('@')[0]}@{domain}"

    @property
    def email(self) -> str:
        """The bare address letters are sent from."""
        return _bare(self.sender)

    def policy_for(self, kind: DebtorKind) -> str:
        """The default policy for a debtor of that kind."""
        if kind is DebtorKind.CONSUMER:
            return self.policy_consumer
        return self.policy_public_body if kind is DebtorKind.PUBLIC_BODY else self.policy


@lru_cache(maxsize=256)
def _bare(sender: str) -> str:
    return parseaddr(sender)[1]


def parse_creditors(text: str, *, file: str) -> dict[str, Creditor]:
    """Read the creditors file (TOML, one table per creditor); raises Refused naming file, creditor and field."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{file}: {error}") from None
    if not tables:
        raise Refused(f"{file}: names no creditor; add a table such as [acme] with name and sender.")
    return {key: _creditor(key, table, file) for key, table in tables.items()}


def _creditor(key: str, table: object, file: str) -> Creditor:
    if not isinstance(table, dict):
        raise Refused(f"{file}: {key} stands outside a table; write [{key}] with its name and sender.")
    try:
        creditor = Creditor.model_validate({**table, "key": key}, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Refused(f"{file}: [{key}] {field}: {first['msg']}.") from None
    _check(creditor, file)
    return creditor


def _check(creditor: Creditor, file: str) -> None:
    where = f"{file}: [{creditor.key}]"
    try:
        MailAddress(addr_spec=creditor.email)
    except (ValueError, IndexError):
        raise Refused(f"{where} sender: « {creditor.sender} » is not an e-mail address.") from None
    if "@" not in creditor.email:
        raise Refused(f"{where} sender: « {creditor.sender} » is not an e-mail address.")
    if creditor.mailbox is not None and not _MAILBOX.fullmatch(creditor.mailbox):
        raise Refused(f"{where} mailbox: « {creditor.mailbox} » is not a bare address such as relances@acme.example.")
    try:
        rate = creditor.agreed_rate
    except InvalidOperation:
        raise Refused(
            f"{where} late_rate: « {creditor.late_rate} » is neither ECB+10 nor a rate such as 12.5."
        ) from None
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 100):
        raise Refused(f"{where} late_rate: {creditor.late_rate} is not a yearly rate between 0 and 100.")
    if creditor.imputation not in ("interest_first", "principal_first"):
        raise Refused(f"{where} imputation: write interest_first or principal_first.")
