"""The words of the law: kinds of debtor, of creditor and of claim. Pure."""

from enum import StrEnum
from typing import Literal


class DebtorKind(StrEnum):
    """Who owes. Of ``unknown`` (association, SCI, syndicat), nothing of art. L441-10 is claimed."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    PUBLIC_BODY = "public_body"
    UNKNOWN = "unknown"


class ClaimKind(StrEnum):
    """What is owed for; it sets the limitation period."""

    GOODS = "goods"
    SERVICES = "services"
    TRANSPORT = "transport"
    TELECOM = "telecom"
    RESIDENTIAL_RENT = "residential_rent"


class Subject(StrEnum):
    """What the dispute is about; it sets the judge."""

    TRADE = "trade"
    RENT = "rent"
    CONSUMER_CREDIT = "consumer_credit"


class Dispute(StrEnum):
    """How serious the debtor's contest is."""

    NO = "no"
    WEAK = "weak"
    SERIOUS = "serious"


CreditorKind = Literal["professional", "private"]
"""« Créances des personnes physiques n'agissant pas pour des besoins professionnels », or all others (L313-2
CMF).
"""

IndemnityPlace = Literal["first", "after_interest", "last"]
"""Where a payment meets the 40 €: unsettled in law; last is the cautious choice."""
