"""What may be said of a judicial file, of a procedure, and of the other ways out: strict, imperative. Pure."""

from datetime import date
from typing import Literal

from rules.commands import Command, Name, Positive, Text

Way = Literal[
    "injonction_de_payer", "petites_creances", "refere_provision", "assignation", "l126", "declaration_de_creance",
]  # fmt: skip
"""The procedures a person may name."""


class Approve(Command):
    """``procedure``: for the judicial file, another procedure than the one proposed."""

    kind: Literal["approve"] = "approve"
    step: Name
    passage: int | None = None
    reason: Text | None = None
    procedure: Way | None = None


class JudicialEvent(Command):
    """``procedure``: which one it belongs to; by default that of the file prepared last, in insolvency the declaration.
    ``rate``: ``legal``, ``contractual`` or a yearly percentage. ``costs``: of a decision those it grants, of any other
    act what it cost."""

    kind: Literal["judicial_event"] = "judicial_event"
    event: Literal[
        "filed", "ordered", "served", "opposed", "enforceable", "rejected", "paid",
        "hearing", "withdrawn", "lapsed", "not_opposed", "appealed",
    ]  # fmt: skip
    procedure: Way | Literal["releve_de_forclusion"] | None = None
    court: Name | None = None
    reference: Name | None = None
    principal: Positive | None = None
    interest_from: date | None = None
    rate: Name | None = None
    indemnity: Positive | None = None
    costs: Positive | None = None
    served_to_person: bool | None = None
    hearing_on: date | None = None
    document: Name | None = None


class Recall(Command):
    """Call back a judicial file within its hours, or a case that was handed over. ``file``: the manifest of a common
    file that was called back for another invoice; what does not stand in it passes this over."""

    kind: Literal["recall"] = "recall"
    reason: Text | None = None
    file: Name | None = None


class FileOvertaken(Command):
    """The judicial file is not to be lodged as it stands. ``file``: the manifest of a common file, told to its other
    invoices with the number of the one that something happened to, and what; who does not stand in it passes this
    over."""

    kind: Literal["file_overtaken"] = "file_overtaken"
    file: Name | None = None
    invoice: Name | None = None
    what: Name | None = None
    because: Text | None = None


class HandOver(Command):
    """Give the case to another. ``commission``: as agreed, such as « 12 % du recouvré »; ``fee``: a fixed sum;
    ``mandate``: the written agreement (R124-3 CPCE); ``returns_on``: the day it comes back by itself to be looked
    at."""

    kind: Literal["handed_over"] = "handed_over"
    to: Name
    role: Literal["collection_agency", "avocat", "commissaire_de_justice"]
    since: date | None = None
    commission: Name | None = None
    fee: Positive | None = None
    mandate: Name | None = None
    returns_on: date | None = None


class Mediation(Command):
    """A mediation or conciliation: without ``outcome`` it begins, with one it ends."""

    kind: Literal["mediation"] = "mediation"
    agreed_on: date | None = None
    mediator: Name | None = None
    until: date | None = None
    document: Name | None = None
    outcome: Literal["agreement", "failure"] | None = None


class Cost(Command):
    """What an act of the recovery cost. ``nature``: court_fee and service are claimed once a decision grants costs,
    enforcement once it is enforceable; lawyer only as granted; agency and postage never (L111-8 CPCE)."""

    kind: Literal["cost"] = "cost"
    nature: Literal["court_fee", "service", "enforcement", "lawyer", "agency", "postage"]
    amount: Positive
    document: Name | None = None
