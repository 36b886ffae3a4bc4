"""Which pieces a file needs before it is lodged: what blocks and what only weakens. Pure.

The list follows the practice of the requête en injonction de payer (art. 1405 to 1407 CPC). No lawyer has reviewed it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules.law.days import add_months
from rules.law.kinds import DebtorKind


class Severity(StrEnum):
    """``blocks``: not to be lodged without it; ``weakens``: the judge may give less, or ask."""

    BLOCKS = "blocks"
    WEAKENS = "weakens"


class Ground(NamedTuple):
    """What decides whether a piece is needed. ``represented``: the legal representative signs; ``single_source``: a
    rate of the décompte is known from one source only; ``declares``: the file is a declaration in insolvency;
    ``lost``: it is what the accounts keep of a loss, for no judge."""

    debtor: DebtorKind
    represented: bool = False
    single_source: bool = False
    declares: bool = False
    lost: bool = False


class Requirement(NamedTuple):
    """A need that any piece of ``kinds`` meets. ``severity`` on a ground: None when it does not apply."""

    kinds: frozenset[str]
    title: str
    reason: str
    severity: Callable[[Ground], Severity | None]


class Freshness(NamedTuple):
    """How old a piece may be on the day of the file, in days or months."""

    title: str
    words: str
    days: int = 0
    months: int = 0

    def since(self, day: date) -> date:
        """The earliest day it may bear."""
        return add_months(day - timedelta(days=self.days), -self.months)


class Check(NamedTuple):
    """What only a person can see on pieces of ``kinds``."""

    kinds: frozenset[str]
    title: str
    reason: str


def unmet(ground: Ground, held: Iterable[str]) -> Iterator[tuple[Requirement, Severity]]:
    """The needs that no piece meets, in the order of a court's list. ``held``: the kinds of the pieces there are."""
    kinds = frozenset(held)
    for need in REQUIREMENTS:
        severity = severity_of(need, ground)
        if severity is not None and not need.kinds & kinds:
            yield need, severity


def severity_of(need: Requirement, ground: Ground) -> Severity | None:
    """What a need does on a ground, None when it does not apply. The accounts ask for the invoice and for the proof of
    the loss; the proof of the debt is the judge's."""
    kept = need.kinds & {"invoice", "irrecoverable"}
    return need.severity(ground) if kept or not ground.lost else None


def _blocks(_: Ground) -> Severity:
    return Severity.BLOCKS


def _weakens(_: Ground) -> Severity:
    return Severity.WEAKENS


def _before_a_judge(ground: Ground) -> Severity | None:
    """A declaration is made whether or not the debtor was put in default (L622-25-1 C. com.)."""
    return None if ground.declares else Severity.BLOCKS


def _identity(ground: Ground) -> Severity:
    """A consumer has no register: name, birth and home come from the contract or the commissaire de justice."""
    return Severity.WEAKENS if ground.debtor is DebtorKind.CONSUMER else Severity.BLOCKS


def _insolvency(ground: Ground) -> Severity | None:
    """Who can be in collective proceedings announced in the BODACC: neither a consumer nor a public body."""
    exempt = (DebtorKind.CONSUMER, DebtorKind.PUBLIC_BODY)
    return None if ground.debtor in exempt else Severity.BLOCKS


def _rate(ground: Ground) -> Severity | None:
    """A rate known from one source only is confirmed by a person before any act."""
    return Severity.BLOCKS if ground.single_source else None


def _power(ground: Ground) -> Severity:
    """The legal representative signs alone; anybody else needs a power (art. 1407 CPC)."""
    return Severity.WEAKENS if ground.represented else Severity.BLOCKS


def _loss(ground: Ground) -> Severity | None:
    return Severity.WEAKENS if ground.lost else None


def _delivery_proof(ground: Ground) -> Severity | None:
    return None if ground.declares else Severity.WEAKENS


REQUIREMENTS = (
    Requirement(
        frozenset({"order", "quote", "delivery"}),
        "Commande signée, devis accepté ou preuve de livraison",
        "aucune de ces pièces n’est au dossier, et l’obligation doit être prouvée (art. 1353 C. civ.)",
        _blocks,
    ),
    Requirement(frozenset({"invoice"}), "Copie de la facture", "aucune copie n’a été fournie", _blocks),
    Requirement(
        frozenset({"formal_notice"}),
        "Mise en demeure",
        "aucune mise en demeure n’a été envoyée pour cette échéance",
        _before_a_judge,
    ),
    Requirement(
        frozenset({"posting_proof"}),
        "Preuve de dépôt de la mise en demeure",
        "le justificatif de dépôt de la poste n’a pas été joint",
        _before_a_judge,
    ),
    Requirement(
        frozenset({"identity"}),
        "Identité du débiteur",
        "extrait Kbis ou avis de situation Sirene de moins de trois mois (état civil et domicile d’un particulier)",
        _identity,
    ),
    Requirement(
        frozenset({"bodacc"}),
        "Consultation du BODACC",
        "à faire moins de trente jours avant le dépôt : une procédure collective interdit la demande "
        "(art. L622-21 C. com.)",
        _insolvency,
    ),
    Requirement(
        frozenset({"rate"}),
        "Justificatif du taux",
        "un taux du décompte ne vient que d’une source : une personne doit le confirmer",
        _rate,
    ),
    Requirement(
        frozenset({"power"}),
        "Pouvoir du signataire",
        "nécessaire, sauf si le représentant légal, un avocat ou un commissaire de justice signe",
        _power,
    ),
    Requirement(
        frozenset({"delivery_proof"}),
        "Avis de réception de la mise en demeure, ou pli non réclamé",
        "à défaut, la date d’effet de la mise en demeure se discute",
        _delivery_proof,
    ),
    Requirement(
        frozenset({"delivery", "timesheet"}),
        "Preuve de livraison ou d’exécution",
        "bon de livraison, procès-verbal de réception ou relevé de temps",
        _weakens,
    ),
    Requirement(
        frozenset({"contract", "terms"}),
        "Contrat ou conditions générales acceptées",
        "le juge peut écarter le taux convenu ou les clauses invoquées",
        _weakens,
    ),
    Requirement(
        frozenset({"irrecoverable"}),
        "Certificat d’irrécouvrabilité, ou jugement de clôture",
        "sans preuve que la créance est irrécouvrable, la perte et sa TVA se discutent (art. 272-1 CGI, à confirmer)",
        _loss,
    ),
)

FRESH = {
    "identity": Freshness("Identité du débiteur", "trois mois", months=3),
    "bodacc": Freshness("Consultation du BODACC", "trente jours", days=30),
}
"""Pieces that age: practice of the greffes, no text of the code."""

CHECKS = (
    Check(
        frozenset({"order", "quote"}),
        "Signature de la commande ou du devis",
        "une pièce que le débiteur n’a pas signée ni acceptée ne prouve pas son accord",
    ),
    Check(
        frozenset({"identity", "bodacc"}),
        "Dates de l’extrait d’identité et de la consultation du BODACC",
        "l’un doit avoir moins de trois mois et l’autre moins de trente jours au jour du dépôt",
    ),
)
