"""The route proposed for a case, as it is recorded with the request for its approval. Pure values."""

from datetime import date
from decimal import Decimal

from rules.base import Stored
from rules.law.fees import FeeDue
from rules.law.procedures import Alternative, Reason
from rules.money import ZERO, Money


class Criterion(Stored):
    """A condition of a judicial recovery: whether it is met, and why. ``article``: the text that asks for it."""

    name: str
    met: bool
    because: str
    article: str = ""


class Need(Stored):
    """A piece the file lacks; ``blocks``: not to be lodged without it."""

    title: str
    reason: str
    blocks: bool


class Proposal(Stored):
    """The procedure proposed on a day, its court, and every reason; amounts in euros.

    ``amount``: principal and interest on the day. ``cost``: the tariffs known, what a lawyer asks left out.
    ``advice``: ``write_off`` when the cost exceeds the share of the claim that the policy accepts."""

    as_of: date
    amount: Money
    procedure: str
    court: str | None = None
    place: str | None = None
    court_confirmed: bool = False
    form: str | None = None
    lawyer_required: bool | None = None
    amicable_attempt_required: bool = False
    reasons: tuple[Reason, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    fees: tuple[FeeDue, ...] = ()
    cost: Money = ZERO
    durations: tuple[Reason, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    missing: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    advice: str | None = None
    tables: str = ""

    @property
    def share(self) -> Decimal:
        """What part of the claim the known tariffs are, 0 to 1 and beyond."""
        return self.cost / self.amount if self.amount else Decimal(0)
