"""A person is forgotten: the keys are destroyed, what may go is removed, what the law obliges to keep stays and is
listed.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ledger.debtors import Who
from ledger.privacy import PrivacyBook, Retained
from ledger.reads import Reads
from letters.store import FolderStore, located
from privacy.bin import Bin, going_of
from privacy.engine import EngineCopies
from rules.base import Frozen
from rules.creditor import Creditor
from rules.invoice import InvoiceIssued
from rules.privacy import FORGOTTEN
from rules.refusals import Refused
from rules.retention import Kind, Term, term_of
from sealing.documents import DocumentSeal


class Forgetting(Frozen):
    """What becomes of everything kept about a person. ``stays``: what the law obliges to keep, each with its article
    and last day; ``goes``: what is destroyed; ``engine``: runs deleted from Temporal, None when no server was asked;
    ``in_the_name``: lines of statements that nobody claimed and that say the person's name, for a person to look at."""

    creditor: str
    debtor: str
    cases: tuple[str, ...]
    stays: tuple[Term, ...]
    goes: tuple[Term, ...]
    done: bool = False
    engine: int | None = None
    in_the_name: tuple[str, ...] = ()


class Forgetter:
    """Forgets the debtors of one ledger and store."""

    def __init__(self, book: PrivacyBook, reads: Reads, store: Path, seal: DocumentSeal) -> None:
        self._book = book
        self._reads = reads
        self._store = store
        self._seal = seal

    async def plan(self, who: Who, creditor: Creditor, on: date) -> Forgetting:
        """What would stay and go on that day. Raises Refused while a case is open: a claim that is being recovered is
        kept (RGPD, art. 17-3 e)."""
        cases = await self._book.cases_of(who)
        waited = await self._book.waited(who)
        if not cases and not waited:
            raise Refused(f"« {who.debtor} » is no debtor of {who.creditor} that the ledger knows.")
        await self._book.check_closed(who)
        terms = [term_of(one, creditor.retention) for one in await self._book.kept(who)]
        stays = tuple(term for term in terms if term.obliged(on))
        goes = tuple(term for term in terms if not term.obliged(on))
        alike = await self._in_the_name(who, cases, [one.invoice for one in waited])
        return Forgetting(
            creditor=who.creditor, debtor=who.debtor, cases=tuple(cases), stays=stays, goes=goes, in_the_name=alike
        )

    async def _in_the_name(self, who: Who, cases: Sequence[str], waited: Sequence[InvoiceIssued]) -> tuple[str, ...]:
        invoices = [*[await self._reads.invoice_of(case) for case in cases], *waited]
        names = sorted({one.debtor.name for one in invoices if one is not None} - {FORGOTTEN})
        return tuple(await self._book.in_the_name(who, names))

    async def forget(self, who: Who, creditor: Creditor, on: date, engine: EngineCopies | None) -> Forgetting:
        """Do it; the same again does no harm. It cannot be undone."""
        plan = await self.plan(who, creditor, on)
        keeping = [one for term in plan.stays if (one := await self._retained(term)) is not None]
        try:
            await self._book.forget(who, going_of(plan.goes), keeping, on)
        except Refused:
            for one in keeping:
                located(self._store, one.document).unlink(missing_ok=True)
            raise
        await Bin(self._book, self._store, self._seal).empty()
        deleted = None if engine is None else await engine.delete(plan.cases)
        return plan.model_copy(update={"done": True, "engine": deleted})

    async def _retained(self, term: Term) -> Retained | None:
        """The invoice as it was issued, written apart under the master keys: the person's own key goes."""
        if term.kept.kind is not Kind.INVOICE or term.kept.document is not None or term.until is None:
            return None
        invoice = await self._reads.invoice_of(term.kept.case)
        assert invoice is not None  # the case is in the ledger
        bare = invoice.debtor.model_copy(update={"email": None, "phone": None, "contacts": ()})
        kept = invoice.model_copy(update={"debtor": bare})
        content = kept.model_dump_json(indent=2).encode()
        number = term.kept.case.removeprefix("invoice/")
        path = FolderStore(self._store, self._seal).put(f"retained/{number}.json", content)
        document = path.relative_to(self._store).as_posix()
        return Retained(term.kept.case, document, hashlib.sha256(content).hexdigest(), term.until)
