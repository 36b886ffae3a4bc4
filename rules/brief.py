"""What a judicial file is built from: the case, its décompte, its history, the copies of what was sent. Pure values."""

from datetime import date, datetime

from rules.base import Frozen
from rules.creditor import Creditor
from rules.events import AnyEvent, CaseClosed, CaseOpened, InsolvencyOpened
from rules.invoice import Debtor, InvoiceIssued
from rules.law import Decompte
from rules.money import ZERO, Money
from rules.proposal import Proposal


class NoticeCopy(Frozen):
    """A letter that left: where its copy is kept, its fingerprint, and the proofs of its way."""

    step: str
    passage: int
    at: datetime
    channel: str
    message_id: str
    document: str | None = None
    sha256: str | None = None
    posted_on: date | None = None
    delivered_on: date | None = None
    proofs: tuple[str, ...] = ()


class ChainLink(Frozen):
    """An event as the ledger's chain has it: ``readable`` is the canonical JSON that was hashed, ``sealed`` the SHA-256
    of the ciphertext of its personal part (None when it has none), ``hash`` the link itself."""

    position: int
    readable: str
    sealed: str | None = None
    hash: str


class ClaimInFile(Frozen):
    """One invoice that a file is about: its events up to ``position`` (ledger hash ``head``), and its letters."""

    case: str
    passage: int
    invoice: InvoiceIssued
    events: tuple[AnyEvent, ...]
    notices: tuple[NoticeCopy, ...]
    position: int
    head: str
    chain: tuple[ChainLink, ...] = ()


class TitleHeld(Frozen):
    """The enforceable title of a claim: what gave it and when, the last day to enforce it, and the costs that may be
    claimed with it on the day of the file (L111-8 CPCE). ``ruled_on``: None when no judge gave it."""

    procedure: str
    enforceable_on: date
    ruled_on: date | None = None
    court: str | None = None
    reference: str | None = None
    served_on: date | None = None
    until: date | None = None
    costs: Money = ZERO


class Brief(Frozen):
    """Everything a judicial file states, taken from the ledger at one position: the same brief gives the same bytes.

    ``head`` is the ledger's hash at ``position``; ``as_of`` the day the décompte is drawn up to; ``procedure`` the one
    the file is for, with its ``proposal``; ``attempt``: 1 for the case's first file; ``joined``: the debtor's other
    invoices that the file is about too, counted in ``decompte``; ``title``: the one the creditor holds by then."""

    case: str
    step: str
    passage: int
    as_of: date
    invoice: InvoiceIssued
    debtor: Debtor
    creditor: Creditor
    decompte: Decompte
    events: tuple[AnyEvent, ...]
    notices: tuple[NoticeCopy, ...]
    position: int
    head: str
    rules: str
    tables: str
    policy: str
    procedure: str = ""
    proposal: Proposal | None = None
    attempt: int = 1
    insolvency: InsolvencyOpened | None = None
    title: TitleHeld | None = None
    chain: tuple[ChainLink, ...] = ()
    joined: tuple[ClaimInFile, ...] = ()

    @property
    def written_off(self) -> bool:
        """Whether the case was closed as a loss, and is so still."""
        ends = (event for event in reversed(self.events) if isinstance(event, CaseClosed | CaseOpened))
        last = next(ends, None)
        return isinstance(last, CaseClosed) and last.outcome == "written_off"

    @property
    def claims(self) -> tuple[ClaimInFile, ...]:
        """Every invoice the file is about, that of its own case first."""
        own = ClaimInFile(
            case=self.case,
            passage=self.passage,
            invoice=self.invoice,
            events=self.events,
            notices=self.notices,
            position=self.position,
            head=self.head,
            chain=self.chain,
        )
        return (own, *self.joined)


class FileReady(Frozen):
    """A file that was built: its folder and the SHA-256 of its manifest."""

    path: str
    manifest: str
