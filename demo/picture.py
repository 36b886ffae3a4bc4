"""What a demonstration shows: the portfolio as the ledger has it at an instant, and what has changed since."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from ledger.reads import CaseFilter, CaseRow, MessageFilter, Reads
from rules.case import Stage
from rules.money import ZERO, total
from rules.outbox import Message, MessageState

EVERYTHING = CaseFilter(limit=100_000)
_LOOK_BACK = timedelta(days=15)


@dataclass(frozen=True)
class Picture:
    """The portfolio at an instant. ``letters``: messages sent by step and channel, copies counted as their own."""

    rows: tuple[CaseRow, ...] = ()
    letters: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def stages(self) -> Counter[Stage]:
        """Cases by stage."""
        return Counter(row.stage for row in self.rows)

    @property
    def outcomes(self) -> Counter[str]:
        """Closed cases by outcome."""
        return Counter(row.outcome for row in self.rows if row.outcome is not None)

    @property
    def recovered(self) -> Decimal:
        """Money paid since the cases opened."""
        return total(row.recovered for row in self.rows)

    @property
    def outstanding(self) -> Decimal:
        """What open cases still owe, interest and indemnity included."""
        return total(row.outstanding for row in self.rows if row.stage is not Stage.CLOSED)

    @property
    def tasks(self) -> int:
        """What waits for a person."""
        return sum(row.tasks for row in self.rows)


class Watcher:
    """Looks at the ledger again and again, and says what is new; letters of the last fortnight, or those ``since``."""

    def __init__(self, reads: Reads, *, since: date | None = None) -> None:
        self._reads = reads
        self._since = since
        self._rows: dict[str, CaseRow] = {}
        self._sent: dict[str, Message] = {}

    async def look(self, today: date) -> tuple[Picture, list[str]]:
        """The portfolio now, and a line for each thing that happened since the last look."""
        rows = await self._reads.cases(EVERYTHING)
        messages = await self._reads.messages(
            MessageFilter(state=MessageState.SENT, since=self._since or today - _LOOK_BACK, limit=100_000)
        )
        changes = list(self._changes(rows))  # first: it learns the debtors' names
        news = [*self._letters(messages), *changes]
        return Picture(rows=tuple(rows), letters=letters_by_step(self._sent.values())), news

    def _letters(self, messages: list[Message]) -> Iterator[str]:
        for message in messages:
            if message.id in self._sent:
                continue
            self._sent[message.id] = message
            row = self._rows.get(message.sender)
            others = f" pour {len(message.covers)} factures" if len(message.covers) > 1 else ""
            name = row.name if row is not None else message.debtor
            yield f"{message.day:%d/%m}  {step_of(message)}{others} → {name}, {CHANNELS[message.channel]}"

    def _changes(self, rows: list[CaseRow]) -> Iterator[str]:
        for row in rows:
            before = self._rows.get(row.id)
            self._rows[row.id] = row
            if before is None:
                continue
            paid = row.recovered - before.recovered
            if row.outcome is not None and before.outcome is None:
                yield f"{row.closed_on:%d/%m}  {row.number} close : {OUTCOMES[row.outcome]} ({row.name})"
            elif paid > ZERO:
                yield f"       {row.number} : {amount(paid)} reçus de {row.name}"
            elif paid < ZERO:
                yield f"       {row.number} : {amount(-paid)} repris par la banque ({row.name})"
            elif row.suspended_by is not None and before.suspended_by != row.suspended_by:
                yield f"       {row.number} en pause : {PAUSES[row.suspended_by]} ({row.name})"
            elif row.stage is not before.stage:
                yield f"       {row.number} passe au stade « {STAGES[row.stage]} » ({row.name})"


def step_of(message: Message) -> str:
    """The rung that gives a message its tone: the highest of those it takes."""
    return max((covered.step for covered in message.covers), key=place_of, default="?")


def place_of(step: str) -> int:
    """Where a rung stands on the ladders; rungs of other policies stand above."""
    return LADDER.index(step) if step in LADDER else len(LADDER)


def letters_by_step(messages: Iterable[Message]) -> Counter[tuple[str, str]]:
    """Messages by step and channel; a copy on another channel is one more."""
    found: Counter[tuple[str, str]] = Counter()
    for message in messages:
        for channel in (message.channel, *message.copies):
            found[step_of(message), str(channel)] += 1
    return found


def amount(value: Decimal) -> str:
    """``84 000,00 €``."""
    return f"{value:,.2f} €".replace(",", " ").replace(".", ",")


LADDER = ("rappel", "relance_1", "relance_2", "derniere_relance", "mise_en_demeure")
STAGES = {
    Stage.NOT_DUE: "à échoir",
    Stage.AMICABLE: "amiable",
    Stage.FORMAL_NOTICE: "mise en demeure",
    Stage.PRE_JUDICIAL: "pré-judiciaire",
    Stage.JUDICIAL: "judiciaire",
    Stage.CLOSED: "close",
}
OUTCOMES = {
    "paid": "payée",
    "credited": "créditée",
    "settled": "transigée",
    "written_off": "passée en perte",
    "insolvency": "procédure collective",
    "time_barred": "prescrite",
    "cancelled": "annulée",
    "assigned": "cédée",
}
PAUSES = {
    "dispute": "litige",
    "payment_plan": "échéancier",
    "promise": "promesse de paiement",
    "hold": "suspension",
    "reply": "réponse à lire",
    "returned_letter": "courrier revenu",
}
CHANNELS = {"email": "e-mail", "letter": "lettre", "registered_letter": "recommandé", "call": "appel", "sms": "SMS"}
