"""Invoices, events and decisions to fill a ledger with. All dates are fixed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from ledger.database import T
from ledger.opening import open_database
from rules import events as e
from rules.case import Pause, Stage
from rules.decision import AnyStep, Claim, Decision, Facts, Send, Suspension, Task, Wait
from rules.events import Event
from rules.invoice import Address, Debtor, InvoiceIssued
from rules.law.kinds import DebtorKind
from rules.outbox import Covered, Message, MessageState
from rules.policy import Channel, Claims

DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
STEP = "relance_1"
MARTIN = ("acme", "C-104")


def case_id(number: str, creditor: str = "acme") -> str:
    """The id of a case."""
    return f"invoice/{creditor}/{number}"


def invoice(number: str = "F-1", *, creditor: str = "acme", debtor: str = "C-104", **more: object) -> InvoiceIssued:
    """An invoice of 1 200,00 € due on 4 February 2026."""
    fields: dict[str, object] = {
        "creditor": creditor,
        "number": number,
        "issued_on": date(2026, 1, 5),
        "due_on": date(2026, 2, 4),
        "total": Decimal("1200.00"),
        "debtor": Debtor(
            id=debtor,
            name="Boulangerie Martin SARL",
            kind=DebtorKind.BUSINESS,
            siren="552100554",
            email="compta@martin.example",
            address=Address(lines=("12 rue des Lilas",), postal_code="69003", city="Lyon"),
        ),
        "subject": "Farine de mars",
    }
    return InvoiceIssued.model_validate(fields | more)


def opened(issued: InvoiceIssued | None = None) -> e.CaseOpened:
    """The first event of a case."""
    return e.CaseOpened(id="opened", on=DAY, at=MOMENT, invoice=issued or invoice(), policy="standard", version="sha-1")


def paid(event_id: str, amount: str, on: date = DAY) -> e.PaymentReceived:
    """A payment."""
    return e.PaymentReceived(
        id=event_id, on=on, at=MOMENT, by="Jeanne, comptabilité", amount=Decimal(amount), received_on=on
    )


def sent(event_id: str, message_id: str, on: date = DAY, *, channel: str = "email", step: str = STEP) -> e.NoticeSent:
    """A notice that left."""
    return e.NoticeSent(
        id=event_id,
        on=on,
        at=MOMENT,
        step=step,
        passage=1,
        channel=channel,
        message_id=message_id,
        principal=Decimal("1200.00"),
        claim=Decimal("1200.00"),
    )


def called(event_id: str, on: date = DAY) -> e.CallRequested:
    """A call task."""
    return e.CallRequested(id=event_id, on=on, at=MOMENT, step="appel", passage=1, lapses_on=on + timedelta(days=5))


def long_history() -> list[Event]:
    """Fifteen events of many kinds, personal and free text among them."""
    return [
        opened(),
        e.RungSkipped(id="skip", on=DAY, at=MOMENT, step="rappel", passage=1, because="below the minimum"),
        sent("n1", "<m1@relance>"),
        paid("p1", "100.10"),
        paid("p2", "0.20"),
        e.PaymentReversed(id="r1", on=DAY, at=MOMENT, payment="p1", amount=Decimal("50.05"), reason="rejet « AC04 »"),
        e.DisputeOpened(id="d1", on=DAY, at=MOMENT, amount=Decimal("300.00"), reason="Farine humide — 3 sacs\n💧"),
        e.DisputeSettled(id="d2", on=DAY, at=MOMENT, outcome="rejected"),
        e.CreditNoted(id="c1", on=DAY, at=MOMENT, number="A-1", amount=Decimal("12.34")),
        e.ContactChanged(id="cc", on=DAY, at=MOMENT, email="nouveau@martin.example", address=Address(city="Lyon")),
        e.PromiseMade(id="pm", on=DAY, at=MOMENT, pay_on=date(2026, 3, 20)),
        e.PromiseBroken(id="pb", on=DAY, at=MOMENT, pay_on=date(2026, 3, 20)),
        e.Noted(id="no", on=DAY, at=MOMENT, what="debtor_status", details={"who": "Mme Martin", "n": 1}),
        e.SignalRefused(id="sr", on=DAY, at=MOMENT, name="payd", code="unknown_event", reason="no such signal"),
        called("call"),
    ]


def decision(
    position: int,
    *,
    step: AnyStep | None = None,
    at: datetime | None = MOMENT,
    stage: Stage = Stage.AMICABLE,
    principal: str = "1200.00",
    suspended: Suspension | None = None,
    tasks: tuple[Task, ...] = (),
) -> Decision:
    """A decision; by default a letter due at ``MOMENT``."""
    return Decision(
        step=step or letter(),
        at=at,
        because="relance_1 falls 3 days after the due date",
        position=position,
        as_of=DAY,
        due_on=date(2026, 2, 4),
        tasks=tasks,
        stage=stage,
        claim=Claim(principal=Decimal(principal), interest=Decimal("9.99"), indemnity=Decimal("40.00")),
        suspended=suspended,
        limitation_on=date(2031, 2, 4),
        facts=Facts(now=MOMENT, tables="2026-11-22"),
    )


def letter() -> Send:
    """The step of sending the first reminder."""
    return Send(step=STEP, passage=1, channel=Channel.EMAIL, tone="courtois", claims=Claims.PRINCIPAL, as_of=DAY)


def paused(position: int) -> Decision:
    """A decision to wait for the end of a dispute."""
    return decision(position, step=Wait(), at=None, suspended=Suspension(by=Pause.DISPUTE, until=date(2026, 4, 1)))


def message(message_id: str, *covers: str, sender: str | None = None, step: str = STEP, **more: object) -> Message:
    """A message that speaks for those cases."""
    fields: dict[str, object] = {
        "id": message_id,
        "creditor": MARTIN[0],
        "debtor": MARTIN[1],
        "currency": "EUR",
        "day": DAY,
        "channel": "email",
        "copies": ("letter",),
        "state": MessageState.SENDING,
        "started_at": MOMENT,
        "sender": sender or covers[0],
        "covers": tuple(
            Covered(case=case, passage=1, step=step, balance=Decimal("1200.00"), claim=Decimal("1249.99"))
            for case in covers
        ),
    }
    return Message.model_validate(fields | more)


async def by_hand(url: str, work: Callable[[Connection], T]) -> T:
    """What somebody with access to the database does behind the ledger's back."""

    def committed(connection: Connection) -> T:
        result = work(connection)
        connection.commit()
        return result

    database = open_database(url)
    try:
        async with database.writing() as writer:
            return await writer.run(committed)
    finally:
        await database.close()
