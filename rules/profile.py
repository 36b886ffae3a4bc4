"""How a debtor pays, from what the ledger keeps of it, and the profile that follows: it sets ladder and tone. Pure."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from pydantic import Field

from rules.base import Frozen, Stored
from rules.law.kinds import DebtorKind

BANK_DAYS = timedelta(days=3)
"""A transfer ordered on the due date arrives within these: it counts as paid on time."""


class Profile(StrEnum):
    """How a debtor is spoken to."""

    FIDELE = "fidele"
    STANDARD = "standard"
    RETARDATAIRE = "retardataire"
    SENSIBLE = "sensible"
    PUBLIC = "public"


class PaymentRecord(Stored):
    """What a creditor's ledger knows of how a debtor paid, the case at hand left out: of the last invoices ``paid`` in
    full, how many ``on_time``, the days late of all of them together, promises broken."""

    paid: int = 0
    on_time: int = 0
    days_late: int = 0
    promises_broken: int = 0

    @property
    def mean_delay(self) -> int:
        """Mean days late of an invoice paid, rounded to the day."""
        if not self.paid:
            return 0
        return int((Decimal(self.days_late) / self.paid).quantize(Decimal(1), ROUND_HALF_UP))


class Habits(Frozen):
    """From what on a habit counts: invoices paid to be ``known``; ``punctual`` percent of them on time; mean delay in
    days and broken promises of a habitual latecomer."""

    known: int = Field(default=3, ge=1, le=24)
    punctual: int = Field(default=90, ge=50, le=100)
    late_days: int = Field(default=15, ge=1, le=365)
    broken: int = Field(default=2, ge=1, le=10)


class Manner(Frozen):
    """What a policy changes for a profile: the ``ladder`` a case takes as it opens, the ``tone`` of its own steps."""

    ladder: str | None = None
    tone: dict[str, str] = Field(default_factory=dict)


class Profiled(Stored):
    """A profile with what it was computed from."""

    name: Profile
    because: str
    paid: int = 0
    on_time: int = 0
    mean_delay: int = 0
    promises_broken: int = 0


def record_of(settled: tuple[tuple[date, date], ...], promises_broken: int) -> PaymentRecord | None:
    """The record of invoices given as (due on, paid on); None when nothing is known."""
    if not settled and not promises_broken:
        return None
    late = [max(0, (paid_on - due_on).days) for due_on, paid_on in settled]
    return PaymentRecord(
        paid=len(settled),
        on_time=sum(days <= BANK_DAYS.days for days in late),
        days_late=sum(late),
        promises_broken=promises_broken,
    )


def profiled(kind: DebtorKind, record: PaymentRecord | None, broken_here: int, habits: Habits) -> Profiled:
    """The profile of a debtor of that kind. ``broken_here``: promises broken on the case at hand.

    A consumer is ``sensible`` and a public body ``public`` whatever their record: their ladders are the law's more than
    habit's."""
    known = record or PaymentRecord()
    broken = known.promises_broken + broken_here
    inputs = {"paid": known.paid, "on_time": known.on_time, "mean_delay": known.mean_delay, "promises_broken": broken}
    if kind is DebtorKind.CONSUMER:
        return Profiled(name=Profile.SENSIBLE, because="particulier", **inputs)
    if kind is DebtorKind.PUBLIC_BODY:
        return Profiled(name=Profile.PUBLIC, because="personne publique", **inputs)
    return Profiled(name=_of_habits(known, broken, habits), because=_sentence(known, broken), **inputs)


def _of_habits(known: PaymentRecord, broken: int, habits: Habits) -> Profile:
    if broken >= habits.broken:
        return Profile.RETARDATAIRE
    if known.paid < habits.known:
        return Profile.STANDARD
    if known.mean_delay >= habits.late_days:
        return Profile.RETARDATAIRE
    punctual = known.on_time * 100 >= habits.punctual * known.paid
    return Profile.FIDELE if punctual and not broken else Profile.STANDARD


def _sentence(known: PaymentRecord, broken: int) -> str:
    """« 12 factures payées, 12 à l'heure, retard moyen 0 jour »."""
    if not known.paid and not broken:
        return "nouveau client : aucune facture payée connue"
    parts = [
        f"{known.paid} facture{_s(known.paid)} payée{_s(known.paid)}",
        f"{known.on_time} à l'heure",
        f"retard moyen {known.mean_delay} jour{_s(known.mean_delay)}",
    ]
    if broken:
        parts.append(f"{broken} promesse{_s(broken)} non tenue{_s(broken)}")
    return ", ".join(parts)


def _s(count: int) -> str:
    return "s" if count > 1 else ""
