"""What a file lacks: what keeps it from being lodged, and what only weakens it. Pure.

The list follows the practice of the requête en injonction de payer (art. 1405 to 1407 CPC). No lawyer has reviewed it.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from evidence.catalogue import Wanted, dated
from letters.typography import clean, french
from rules.base import Frozen
from rules.brief import Brief
from rules.law import DebtorKind


class Severity(StrEnum):
    """``blocks``: not to be lodged without it; ``weakens``: the judge may give less, or ask."""

    BLOCKS = "blocks"
    WEAKENS = "weakens"


class Missing(Frozen):
    """A piece that is not in the file: why, and what that does. ``code`` is stable; ``source`` where it should be."""

    code: str
    severity: Severity
    title: str
    reason: str
    source: str | None = None


class Failure(NamedTuple):
    """A piece that is named and could not be copied."""

    piece: Wanted
    code: str
    reason: str


class Requirement(NamedTuple):
    """A need that any piece of ``kinds`` meets. ``severity`` of a brief: None when it does not apply to it."""

    kinds: frozenset[str]
    title: str
    reason: str
    severity: Callable[[Brief], Severity | None]


class Check(NamedTuple):
    """What only a person can see on pieces of ``kinds``."""

    kinds: frozenset[str]
    title: str
    reason: str


def missing(brief: Brief, held: Iterable[str], failures: Iterable[Failure]) -> tuple[Missing, ...]:
    """Everything the file lacks, what blocks first. ``held``: the kinds of the pieces that are in it."""
    kinds, failed = frozenset(held), tuple(failures)
    found = [_failed(brief, failure, kinds) for failure in failed]
    for need in REQUIREMENTS:
        severity = need.severity(brief)
        named = any(failure.piece.kind in need.kinds for failure in failed)
        if severity is not None and not need.kinds & kinds and not named:
            found.append(_lacking(severity, need.title, need.reason))
    checks = (check for check in CHECKS if check.kinds & kinds)
    found += [_lacking(Severity.WEAKENS, check.title, check.reason, code="to_check") for check in checks]
    return tuple(sorted(found, key=lambda lack: lack.severity is not Severity.BLOCKS))  # stable


def _failed(brief: Brief, failure: Failure, held: frozenset[str]) -> Missing:
    """A piece that could not be copied blocks when it alone would meet a need that blocks."""
    piece = failure.piece
    needed = any(
        piece.kind in need.kinds and not need.kinds & held and need.severity(brief) is Severity.BLOCKS
        for need in REQUIREMENTS
    )
    return Missing(
        code=failure.code,
        severity=Severity.BLOCKS if needed else Severity.WEAKENS,
        title=dated(piece.title, piece.on),
        reason=french(failure.reason),
        source=clean(piece.reference) or None,
    )


def _lacking(severity: Severity, title: str, reason: str, code: str = "absent") -> Missing:
    return Missing(code=code, severity=severity, title=french(title), reason=french(reason))


def _blocks(_: Brief) -> Severity:
    return Severity.BLOCKS


def _weakens(_: Brief) -> Severity:
    return Severity.WEAKENS


def _identity(brief: Brief) -> Severity:
    """A consumer has no register: name, birth and home come from the contract or the commissaire de justice."""
    return Severity.WEAKENS if brief.debtor.kind is DebtorKind.CONSUMER else Severity.BLOCKS


def _insolvency(brief: Brief) -> Severity | None:
    """Who can be in collective proceedings announced in the BODACC: neither a consumer nor a public body."""
    exempt = (DebtorKind.CONSUMER, DebtorKind.PUBLIC_BODY)
    return None if brief.debtor.kind in exempt else Severity.BLOCKS


def _rate(brief: Brief) -> Severity | None:
    """A rate known from one source only is confirmed by a person before any act."""
    return Severity.BLOCKS if any(line.single_source for line in brief.decompte.lines) else None


def _power(brief: Brief) -> Severity:
    """The legal representative signs alone; anybody else needs a power (art. 1407 CPC)."""
    return Severity.BLOCKS if brief.creditor.representative is None else Severity.WEAKENS


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
        _blocks,
    ),
    Requirement(
        frozenset({"posting_proof"}),
        "Preuve de dépôt de la mise en demeure",
        "le justificatif de dépôt de la poste n’a pas été joint",
        _blocks,
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
        _weakens,
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
)

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
