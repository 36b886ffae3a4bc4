"""Everything held about a person, in a zip he can read: what it is, why, how long, and the documents themselves."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from audit.packing import unpack
from audit.story import read_story
from ledger.archive import Altered, Forgotten
from ledger.debtors import Who
from ledger.privacy import Waited
from ledger.reads import Recorded
from ledger.store import SqlLedger
from letters.store import located, safe_name
from privacy.copies import Copies
from privacy.words import README
from rules.base import Frozen
from rules.creditor import Creditor
from rules.events import Event
from rules.invoice import Debtor
from rules.privacy import FORGOTTEN
from rules.refusals import Refused
from rules.retention import Kind, Term, term_of
from sealing.documents import DocumentSeal


class CaseHeld(NamedTuple):
    """A case of the person, as the ledger tells it."""

    id: str
    recorded: Recorded
    events: Sequence[Event]


class Held(NamedTuple):
    """Everything, before it is written down. ``waited``: invoices that wait for their case or were refused;
    ``in_the_name``: lines of statements that nobody claimed and that say the person's name: for who answers to look at,
    not part of the answer."""

    who: Who
    creditor: Creditor
    as_of: datetime
    cases: tuple[CaseHeld, ...]
    terms: tuple[Term, ...]
    rows: dict[str, list[dict[str, Any]]]
    waited: tuple[Waited, ...] = ()
    in_the_name: tuple[str, ...] = ()

    @property
    def debtor(self) -> Debtor:
        """The person as last known: from a case, else from an invoice that has none."""
        return self.cases[-1].recorded.case.debtor if self.cases else self.waited[-1].invoice.debtor


class Answered(Frozen):
    """What went into the zip: names of its files; ``missing``: documents that the store does not have."""

    files: tuple[str, ...]
    missing: tuple[str, ...]


class Accessor:
    """Answers subject access requests on one ledger and store."""

    def __init__(self, ledger: SqlLedger, store: Path, seal: DocumentSeal) -> None:
        self._ledger = ledger
        self._store = store
        self._seal = seal
        self._copies = Copies(store.resolve())

    async def held(self, who: Who, creditor: Creditor, as_of: datetime) -> Held:
        """Everything held about a debtor. Raises Refused when the ledger knows none of that number."""
        ids = await self._ledger.privacy.cases_of(who)
        waited = tuple(await self._ledger.privacy.waited(who))
        if not ids and not waited:
            raise Refused(f"« {who.debtor} » is no debtor of {who.creditor} that the ledger knows.")
        found: list[CaseHeld] = []
        for case_id in ids:
            recorded = await self._ledger.reads.case(case_id)
            if recorded is not None:
                found.append(CaseHeld(case_id, recorded, await self._ledger.reads.case_events(case_id)))
        terms = tuple(term_of(one, creditor.retention) for one in await self._ledger.privacy.kept(who))
        rows = await self._ledger.privacy.other_rows(who)
        told = [*(one.recorded.case.debtor for one in found), *(one.invoice.debtor for one in waited)]
        names = sorted({one.name for one in told} - {FORGOTTEN})
        alike = await self._ledger.privacy.in_the_name(who, names)
        return Held(who, creditor, as_of, tuple(found), terms, rows, waited, tuple(alike))

    async def zipped(self, held: Held, pdf: bytes) -> tuple[bytes, Answered]:
        """The zip, and what is in it; ``pdf``: the readable account of it all."""
        target, missing = io.BytesIO(), []
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as into:
            into.writestr("lisez-moi.txt", README.format(creditor=held.creditor.name, on=f"{held.as_of:%d/%m/%Y}"))
            into.writestr("donnees.pdf", pdf)
            into.writestr("donnees.json", json.dumps(plain(held), ensure_ascii=False, indent=2, default=str))
            for term in held.terms:
                name = _name(term)
                if name is None:
                    continue
                content = await self._content(term)
                if content is None:
                    missing.append(term.kept.document or "")
                else:
                    into.writestr(name, content)
                for copy in self._others(held, term):
                    into.writestr(f"{name.rpartition('/')[0]}/{_tidy(copy.name)}", self._seal.read(copy))
            names = into.namelist()
        return target.getvalue(), Answered(files=tuple(names), missing=tuple(missing))

    def _others(self, held: Held, term: Term) -> list[Path]:
        """The message's copies by other channels."""
        own = located(self._store, term.kept.document or "")
        mark = term.kept.mark
        return [] if mark is None else [path for path in self._copies.of(held.who.creditor, mark) if path != own]

    async def _content(self, term: Term) -> bytes | None:
        """A document, opened; a history as the answers it recorded; a judicial file as its zip."""
        document = located(self._store, term.kept.document or "")
        if term.kept.kind is Kind.HISTORY:
            return await self._history(term)
        if term.kept.kind is Kind.JUDICIAL_FILE:
            document = document.with_name(f"{document.name}.zip")
        try:
            return self._seal.read(document)
        except OSError:
            return None

    async def _history(self, term: Term) -> bytes | None:
        for run in await self._ledger.archive.kept(term.kept.case):
            if run.document == term.kept.document and run.document is not None:
                try:
                    content = located(self._store, run.document).read_bytes()
                    story = read_story(run, unpack(await self._ledger.archive.open(run, content)))
                except (OSError, Altered, Forgotten):
                    return None
                told = [{"at": one.at.isoformat(), **one.answer.model_dump(mode="json")} for one in story.told]
                return json.dumps(told, ensure_ascii=False, indent=2).encode()
        return None


_FOLDERS = {
    Kind.INVOICE: "factures",
    Kind.CORRESPONDENCE: "courriers",
    Kind.HISTORY: "decisions",
    Kind.JUDICIAL_FILE: "judiciaire",
}


def _name(term: Term) -> str | None:
    kept = term.kept
    if kept.document is None or kept.kind not in _FOLDERS:
        return None
    number = safe_name(kept.case.rpartition("/")[2])
    file = Path(kept.document).name
    if kept.kind is Kind.HISTORY:
        file = f"{file.removesuffix('.history')}.json"
    elif kept.kind is Kind.JUDICIAL_FILE:
        file = f"passage-{file}.zip"
    return f"{_FOLDERS[kept.kind]}/{number}/{_tidy(file)}"


def _tidy(name: str) -> str:
    return re.sub(r"[<>]", "", name)


def plain(held: Held) -> dict[str, Any]:
    """Everything as JSON: the cases with their events, the terms, what other tables hold."""
    return {
        "creditor": held.who.creditor,
        "debtor": held.who.debtor,
        "as_of": held.as_of.isoformat(),
        "cases": [
            {
                "case": one.id,
                "invoice": one.recorded.case.invoice.model_dump(mode="json"),
                "events": [event.model_dump(mode="json") for event in one.events],
                "decision": None if one.recorded.decision is None else one.recorded.decision.model_dump(mode="json"),
            }
            for one in held.cases
        ],
        "waiting_invoices": [
            {"invoice": one.invoice.model_dump(mode="json"), "refusal": one.refusal} for one in held.waited
        ],
        "kept": [term.model_dump(mode="json") for term in held.terms],
        **held.rows,
    }


def until_words(until: date | None) -> str:
    """« jusqu'au 31/12/2036 », or while the case is open."""
    return "tant que le dossier est ouvert" if until is None else f"jusqu’au {until:%d/%m/%Y}"


def identity(held: Held) -> Iterator[tuple[str, str]]:
    """Who the person is to the creditor, as last known."""
    debtor = held.debtor
    yield "Nom", debtor.name
    yield "N° de client", held.who.debtor
    yield (
        "Qualité",
        {"business": "professionnel", "consumer": "particulier", "public_body": "personne publique"}.get(
            debtor.kind.value, "indéterminée"
        ),
    )
    for name, value in (("SIREN", debtor.siren), ("Courriel", debtor.email), ("Téléphone", debtor.phone)):
        if value:
            yield name, value
    if debtor.address is not None:
        lines = [*debtor.address.lines, f"{debtor.address.postal_code or ''} {debtor.address.city or ''}".strip()]
        yield "Adresse", ", ".join(line for line in lines if line)
    for contact in debtor.contacts:
        yield "Contact", ", ".join(part for part in (contact.role, contact.email, contact.phone) if part)
