"""Life-cycle statuses of e-invoices (XP Z12-012) and what each means to a recovery. Pure.

Codes 200 to 228 and 501, as a platform sends them. What is not certain goes to a person, not to the debtor."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from rules.base import Frozen
from rules.commands import Name, Positive, Text
from rules.law.kinds import DebtorKind
from rules.money import ZERO
from rules.refusals import Code, Refused

ROUTING_DAYS = 15
"""How long an invoice that was misrouted is given to arrive before the ladder goes on."""


class EStatus(Frozen):
    """One status. ``amount``: cashed (212), announced (211), approved (206); ``disputed``: the part in question (206,
    207); ``due_on``: the new due date that an interruption or its end brings (208, 209); ``to``: the factor (225,
    226); ``reason``: the platform's reason code or words."""

    code: Annotated[int, Field(ge=200, le=599)]
    on: date
    id: Name | None = None
    amount: Positive | None = None
    disputed: Positive | None = None
    due_on: date | None = None
    reference: Name | None = None
    to: Name | None = None
    iban: Name | None = None
    reason: Text | None = None


class Meant(NamedTuple):
    """What to say to the case (None: nothing), and why."""

    body: dict[str, Any] | None
    because: str


NAMES = {
    200: "déposée", 201: "émise par la plateforme", 202: "reçue par la plateforme", 203: "mise à disposition",
    204: "prise en charge", 205: "approuvée", 206: "approuvée partiellement", 207: "en litige", 208: "suspendue",
    209: "complétée", 210: "refusée", 211: "paiement transmis", 212: "encaissée", 213: "rejetée", 214: "visée",
    220: "annulée", 221: "erreur de routage", 224: "demande de paiement direct", 225: "affacturée",
    226: "affacturée confidentiel", 227: "changement de compte à payer", 228: "non affacturée", 501: "irrecevable",
}  # fmt: skip


def meaning(status: EStatus, outstanding: Decimal, kind: DebtorKind) -> Meant:
    """What a status means to a case that has ``outstanding`` principal open; raises Refused on an unknown code, and on
    a code without what it needs."""
    if status.code not in NAMES:
        raise Refused(f"code: {status.code} is not a status of an e-invoice; known: {', '.join(map(str, NAMES))}.")
    make = _MEANINGS.get(status.code)
    if make is None:
        return Meant(None, f"{status.code} {NAMES[status.code]}: says nothing of the debt")
    return make(status, outstanding, kind)


def event_id(status: EStatus) -> str:
    """The event id of a status: said again, it is heard once."""
    own = status.id or f"{status.on}/{status.amount or status.disputed or ''}"
    return f"einvoice/{status.code}/{own}"[:200]


def _said(status: EStatus, kind: str, because: str, **fields: Any) -> Meant:
    label = f"facture électronique {status.code} {NAMES[status.code]}"
    note = f"{label} : {status.reason}" if status.reason else label
    body = {"kind": kind, "on": status.on.isoformat(), "note": note[:4000], **fields}
    return Meant({name: value for name, value in body.items() if value is not None}, because)


def _evidence(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    return _said(status, "note", "kept as evidence")


def _partly_approved(status: EStatus, outstanding: Decimal, _kind: DebtorKind) -> Meant:
    disputed = status.disputed
    if disputed is None and status.amount is not None:
        disputed = max(ZERO, outstanding - status.amount)
    if disputed is None:
        raise Refused("206: give disputed or amount (the part approved).", Code.AMOUNT_INVALID)
    if disputed == ZERO:
        return _said(status, "note", "all that is open was approved")
    return _said(
        status, "dispute", "the part that was not approved is disputed",
        amount=str(min(disputed, outstanding)), category="einvoice_206", written=True, channel="einvoice",
        reason=status.reason,
    )  # fmt: skip


def _disputed(status: EStatus, outstanding: Decimal, _kind: DebtorKind) -> Meant:
    part = status.disputed if status.disputed is not None and status.disputed < outstanding else None
    return _said(
        status, "dispute", "the buyer disputes it",
        amount=None if part is None else str(part), category=f"einvoice_{status.code}", written=True,
        channel="einvoice", reason=status.reason,
    )  # fmt: skip


def _suspended(status: EStatus, _outstanding: Decimal, kind: DebtorKind) -> Meant:
    """A public buyer may interrupt its period once (R2192-27): the new due date comes with it or with the 209."""
    if kind is DebtorKind.PUBLIC_BODY and status.due_on is not None:
        return _new_due_date(status)
    return _said(
        status, "debtor_replied", "a piece is asked for: a person answers; the due date stands",
        channel="einvoice", summary=status.reason or "pièce demandée par l'acheteur",
    )  # fmt: skip


def _completed(status: EStatus, _outstanding: Decimal, kind: DebtorKind) -> Meant:
    if kind is DebtorKind.PUBLIC_BODY and status.due_on is not None:
        return _new_due_date(status)
    return _said(status, "note", "the piece was given")


def _new_due_date(status: EStatus) -> Meant:
    assert status.due_on is not None
    return _said(
        status, "terms_changed", "the public buyer's period was interrupted once",
        due_on=status.due_on.isoformat(), reason=f"interruption du délai notifiée ({status.code})",
        interruption=True if status.code == 208 else None,
    )  # fmt: skip


def _announced(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    return _said(status, "payment_announced", "announced is not paid: five banking days", amount=_text(status.amount))


def _cashed(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    return _said(
        status, "paid", "cashed: lowers what is due",
        amount=_text(status.amount), received_on=status.on.isoformat(), method="einvoice",
        reference=status.reference or status.id,
    )  # fmt: skip


def _void(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    return _said(
        status, "cancel", "not validly issued: to be corrected and issued again under a new number",
        reason=f"{NAMES[status.code]} ({status.code})",
    )  # fmt: skip


def _misrouted(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    until = status.on + timedelta(days=ROUTING_DAYS)
    return _said(
        status, "hold", "the invoice did not arrive: nothing is asked meanwhile",
        until=until.isoformat(), reason="erreur de routage : la facture n'est pas parvenue au client",
    )  # fmt: skip


def _factored(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    return _said(
        status, "assigned", "assigned to a factor",
        to=status.to or "affactureur", notified=status.code == 225, payee_iban=status.iban,
        since=status.on.isoformat(),
    )  # fmt: skip


def _account_changed(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    """Never taken at its word: a changed account is how payments are stolen."""
    return _said(
        status, "debtor_replied", "a changed account is checked by a person before anything is written",
        channel="einvoice", summary="changement de compte à payer annoncé : à vérifier par une personne",
    )  # fmt: skip


def _back(status: EStatus, _outstanding: Decimal, _kind: DebtorKind) -> Meant:
    return _said(status, "reassigned", "back to the creditor")


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


_MEANINGS: dict[int, Callable[[EStatus, Decimal, DebtorKind], Meant]] = {
    204: _evidence, 205: _evidence, 206: _partly_approved, 207: _disputed, 208: _suspended, 209: _completed,
    210: _disputed, 211: _announced, 212: _cashed, 213: _void, 214: _evidence, 220: _void, 221: _misrouted,
    224: _evidence, 225: _factored, 226: _factored, 227: _account_changed, 228: _back, 501: _void,
}  # fmt: skip
