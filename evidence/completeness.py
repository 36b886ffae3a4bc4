"""What a file lacks: what keeps it from being lodged, and what only weakens it. Pure.

The list follows the practice of the requête en injonction de payer (art. 1405 to 1407 CPC). No lawyer has reviewed it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from evidence.catalogue import Wanted, dated
from evidence.wording import short_day
from letters.legible import legible
from letters.typography import clean, french
from rules.base import Frozen
from rules.brief import Brief
from rules.pieces import CHECKS, FRESH, REQUIREMENTS, Ground, Severity, severity_of, unmet


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


class Held(NamedTuple):
    """A piece that is in the file: its kind, and the day it bears."""

    kind: str
    on: date | None


def missing(brief: Brief, pieces: Iterable[Held], failures: Iterable[Failure]) -> tuple[Missing, ...]:
    """Everything the file lacks, what blocks first. ``pieces``: those that are in it."""
    held, failed = tuple(pieces), tuple(failures)
    kinds = frozenset(piece.kind for piece in held)
    ground = ground_of(brief)
    found = [_failed(ground, failure, kinds) for failure in failed]
    for need, severity in unmet(ground, kinds):
        if not any(failure.piece.kind in need.kinds for failure in failed):
            found.append(_lacking(severity, need.title, need.reason))
    found += _outdated(ground, held, brief.as_of)
    found += _unshown(brief)
    seen = kinds - {piece.kind for piece in held if piece.kind in FRESH and piece.on is not None}
    checks = (check for check in CHECKS if check.kinds & seen and not ground.lost)
    found += [_lacking(Severity.WEAKENS, check.title, check.reason, code="to_check") for check in checks]
    return tuple(sorted(found, key=lambda lack: lack.severity is not Severity.BLOCKS))  # stable


def _outdated(ground: Ground, held: tuple[Held, ...], as_of: date) -> Iterator[Missing]:
    """An extract or a check that is too old on the day of the file is none, unless a fresh one stands beside it."""
    for kind, fresh in FRESH.items():
        days = [piece.on for piece in held if piece.kind == kind]
        needed = severity_of(next(need for need in REQUIREMENTS if kind in need.kinds), ground)
        if not days or None in days or needed is None:
            continue
        latest = max(day for day in days if day is not None)
        if latest < fresh.since(as_of):
            reason = f"daté du {short_day(latest)} : il doit avoir moins de {fresh.words} au jour du dépôt"
            yield _lacking(needed, fresh.title, reason, code="outdated")


def _unshown(brief: Brief) -> Iterator[Missing]:
    """A name the pages cannot write is no name: an act tells who is sued (art. 54 and 57 CPC)."""
    debtor = brief.debtor
    home = debtor.address
    told = [debtor.name, debtor.legal_name or "", *(home.lines if home else ()), home.city if home else ""]
    if any(legible(text) != text for text in map(clean, told)):
        reason = "ils ont des signes que ces pages montrent « ? » : les donner en lettres latines, comme au registre"
        yield _lacking(Severity.BLOCKS, "Nom et adresse du débiteur", reason, code="illegible")


def ground_of(brief: Brief) -> Ground:
    """What decides which pieces the brief's file needs."""
    return Ground(
        debtor=brief.debtor.kind,
        represented=brief.creditor.representative is not None,
        single_source=any(line.single_source for line in brief.decompte.lines),
        declares=brief.procedure == "declaration_de_creance",
        lost=brief.written_off,
    )


def not_stamped(title: str, on: date | None, why: str) -> Missing:
    """A piece that is there and whose copy does not bear its number."""
    reason = f"{why} : la copie à produire est à coter à la main"
    return Missing(code="not_stamped", severity=Severity.WEAKENS, title=dated(title, on), reason=french(reason))


def _failed(ground: Ground, failure: Failure, held: frozenset[str]) -> Missing:
    """A piece that could not be copied blocks when it alone would meet a need that blocks."""
    piece = failure.piece
    needed = any(
        piece.kind in need.kinds and not need.kinds & held and severity_of(need, ground) is Severity.BLOCKS
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
