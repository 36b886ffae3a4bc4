"""The manifest of a file: every piece with its fingerprint, what is missing, and what it was built from. Pure."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from evidence.catalogue import Origin
from evidence.completeness import Missing
from rules.base import Frozen
from rules.brief import Brief, ClaimInFile
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
    """A numbered piece of the bordereau; ``stamped``: its copy that bears its number, to be lodged."""

    number: int
    title: str
    on: date | None = None
    kind: str
    source: Source
    stamped: str | None = None


class Claim(Frozen):
    """What the file claims on its day, net of payments."""

    currency: str
    principal: Decimal
    interest: Decimal
    indemnity: Decimal
    total: Decimal


class LedgerHead(Frozen):
    """The event a file was built up to; ``events``: the hash of each event, the first one first."""

    case: str
    position: int
    hash: str
    events: tuple[str, ...] = ()


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
    joined: tuple[LedgerHead, ...] = ()
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
        ledger=_head(brief.claims[0]),
        joined=tuple(_head(one) for one in brief.joined),
        versions=Versions(rules=brief.rules, tables=brief.tables, policy=brief.policy),
        complete=all(lack.severity is not Severity.BLOCKS for lack in missing),
        pieces=pieces,
        files=tuple(sorted(files, key=lambda entry: entry.file)),
        missing=missing,
    )


def _head(one: ClaimInFile) -> LedgerHead:
    hashes = tuple(link.hash for link in one.chain)
    return LedgerHead(case=one.case, position=one.position, hash=one.head, events=hashes)


def history_of(brief: Brief) -> bytes:
    """All events of the case in their order, as canonical JSON: what the ledger's chain of hashes runs over."""
    return canonical(_history(brief.claims[0]) | {"joined": [_history(one) for one in brief.joined]})


def _history(one: ClaimInFile) -> dict[str, Any]:
    """``chain``: what each hash was taken over, so that the head can be found again from this file alone
    (docs/judicial.md)."""
    events = [
        {"position": position, "event": event.model_dump(mode="json")}
        for position, event in enumerate(one.events, start=1)
    ]
    chain = [link.model_dump(mode="json") for link in one.chain]
    return {"case": one.case, "position": one.position, "head": one.head, "events": events, "chain": chain}


def canonical(value: BaseModel | dict[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8, one line: one value has one writing, hence one fingerprint."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
