"""What a file lacks: what keeps it from being lodged, and what only weakens it. Pure.

The list follows the practice of the requête en injonction de payer (art. 1405 to 1407 CPC). No lawyer has reviewed it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from evidence.catalogue import Wanted, dated
from letters.typography import clean, french
from rules.base import Frozen
from rules.brief import Brief
from rules.pieces import CHECKS, REQUIREMENTS, Ground, Severity, unmet


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


def missing(brief: Brief, held: Iterable[str], failures: Iterable[Failure]) -> tuple[Missing, ...]:
    """Everything the file lacks, what blocks first. ``held``: the kinds of the pieces that are in it."""
    kinds, failed = frozenset(held), tuple(failures)
    ground = ground_of(brief)
    found = [_failed(ground, failure, kinds) for failure in failed]
    for need, severity in unmet(ground, kinds):
        if not any(failure.piece.kind in need.kinds for failure in failed):
            found.append(_lacking(severity, need.title, need.reason))
    checks = (check for check in CHECKS if check.kinds & kinds)
    found += [_lacking(Severity.WEAKENS, check.title, check.reason, code="to_check") for check in checks]
    return tuple(sorted(found, key=lambda lack: lack.severity is not Severity.BLOCKS))  # stable


def ground_of(brief: Brief) -> Ground:
    """What decides which pieces the brief's file needs."""
    return Ground(
        debtor=brief.debtor.kind,
        represented=brief.creditor.representative is not None,
        single_source=any(line.single_source for line in brief.decompte.lines),
        declares=brief.procedure == "declaration_de_creance",
    )


def _failed(ground: Ground, failure: Failure, held: frozenset[str]) -> Missing:
    """A piece that could not be copied blocks when it alone would meet a need that blocks."""
    piece = failure.piece
    needed = any(
        piece.kind in need.kinds and not need.kinds & held and need.severity(ground) is Severity.BLOCKS
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
