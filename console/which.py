"""What a form asks only when a case leaves it open: which of several disputes is meant. Pure."""

from babel.numbers import format_decimal

from console.fields import Field
from console.i18n import noted as _
from rules.case import Case
from rules.events import DisputeOpened
from rules.events_said import EVERY


def which_dispute(case: Case) -> Field | None:
    """The choice among the open disputes, the oldest first; None when there is none to make."""
    if len(case.disputes) < 2:
        return None
    named = tuple((dispute.id, _named(dispute, case.invoice.currency)) for dispute in case.disputes)
    missing = _("Choisissez une réponse")
    options = (("", _("Lequel ?")), *named, (EVERY, _("Tous les litiges ouverts")))
    return Field("dispute", _("Litige"), "select", options, required=True, missing=missing, wrong=missing)


def _named(dispute: DisputeOpened, currency: str) -> str:
    """By its day and its sum: what it says is personal, and forms are kept for a day."""
    day = f"{dispute.on:%d/%m/%Y}"
    if dispute.amount is None:
        return day
    unit = "€" if currency == "EUR" else currency
    return f"{day} · {format_decimal(dispute.amount, format='#,##0.00', locale='fr')} {unit}"
