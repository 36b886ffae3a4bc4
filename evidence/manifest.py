"""The manifest of a file: every piece with its fingerprint, what is missing, and what it was built from. Pure."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from evidence.catalogue import Origin
from evidence.completeness import Missing
from rules.base import Frozen
from rules.brief import Brief
from rules.pieces import Severity

FORMAT = 1
CAUTION = "PROJET — à vérifier et à signer. Aucun avocat n’a relu ce dossier."


class Source(Frozen):
    """Who brought a piece, where it was taken from, and the event or message that names it."""

    origin: Origin
    reference: str | None = None
    of: str | None = None


class FileEntry(Frozen):
    """A file of the folder: ``file`` is its path from the folder, with ``/``."""

    file: str
    sha256: str
    size: int


class Piece(FileEntry):
    """A numbered piece of the bordereau."""

    number: int
    title: str
    on: date | None = None
    kind: str
    source: Source


class Claim(Frozen):
    """What the file claims on its day, net of payments."""

    currency: str
    principal: Decimal
    interest: Decimal
    indemnity: Decimal
    total: Decimal


class LedgerHead(Frozen):
    """The event the file was built up to."""

    position: int
    hash: str


class Versions(Frozen):
    """The rules, the dated tables of the law and the policy the file was built with."""

    rules: str
    tables: str
    policy: str


class Manifest(Frozen):
    """``complete``: nothing that blocks is missing. ``files``: all others than the pieces, but for this one."""

    format: int = FORMAT
    caution: str = CAUTION
    case: str
    step: str
    passage: int
    as_of: date
    claim: Claim
    ledger: LedgerHead
    versions: Versions
    complete: bool
    pieces: tuple[Piece, ...]
    files: tuple[FileEntry, ...]
    missing: tuple[Missing, ...] = Field(default=())


def manifest_of(
    brief: Brief, pieces: tuple[Piece, ...], files: tuple[FileEntry, ...], missing: tuple[Missing, ...]
) -> Manifest:
    """The manifest of a folder that holds these pieces and files."""
    counted = brief.decompte
    return Manifest(
        case=brief.case,
        step=brief.step,
        passage=brief.passage,
        as_of=brief.as_of,
        claim=Claim(
            currency=brief.invoice.currency,
            principal=counted.principal,
            interest=counted.interest,
            indemnity=counted.indemnity,
            total=counted.total,
        ),
        ledger=LedgerHead(position=brief.position, hash=brief.head),
        versions=Versions(rules=brief.rules, tables=brief.tables, policy=brief.policy),
        complete=all(lack.severity is not Severity.BLOCKS for lack in missing),
        pieces=pieces,
        files=tuple(sorted(files, key=lambda entry: entry.file)),
        missing=missing,
    )


def history_of(brief: Brief) -> bytes:
    """All events of the case in their order, as canonical JSON: what the ledger's chain of hashes runs over."""
    events = [
        {"position": position, "event": event.model_dump(mode="json")}
        for position, event in enumerate(brief.events, start=1)
    ]
    return canonical({"case": brief.case, "position": brief.position, "head": brief.head, "events": events})


def canonical(value: BaseModel | dict[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8, one line: one value has one writing, hence one fingerprint."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
