"""A ledger and a door that remember what they were told, for the commands' proofs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ledger.reads import CaseFilter, CaseRow, OpenTask, Recorded
from rules import events as e
from rules.case import Case, Pause, Stage
from rules.decision import Claim, Decision, Facts, Send, Suspension, Task, Wait
from rules.fold import fold_all
from rules.invoice import Address, Debtor, InvoiceIssued
from rules.law.kinds import DebtorKind
from rules.policy import Channel, Claims
from rules.refusals import Refused
from rules.view import CaseView, view

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def invoice(number: str = "F-1", creditor: str = "acme", **changes: Any) -> InvoiceIssued:
    """An invoice of 1 200 € due on 4 February 2026."""
    debtor = Debtor(
        id="C-104",
        name="Boulangerie Martin SARL",
        kind=DebtorKind.BUSINESS,
        email="compta@martin.example",
        address=Address(lines=("12 rue des Lilas",), postal_code="69003", city="Lyon"),
    )
    values: dict[str, Any] = {
        "creditor": creditor,
        "number": number,
        "issued_on": date(2026, 1, 5),
        "due_on": date(2026, 2, 4),
        "total": Decimal("1200.00"),
        "debtor": debtor,
    }
    return InvoiceIssued.model_validate({**values, **changes})


def history(issued: InvoiceIssued, version: str = "v") -> list[e.Event]:
    """A case opened, reminded once, paid in part."""
    on = date(2026, 2, 9)
    return [
        e.CaseOpened(id="opened", on=on, at=NOW, invoice=issued, policy="standard", version=version),
        e.NoticeSent(
            id="relance/2",
            on=on,
            at=NOW,
            step="relance_1",
            passage=1,
            channel="email",
            message_id="<1@acme.example>",
            principal=Decimal("1200.00"),
            claim=Decimal("1200.00"),
        ),
        e.PaymentReceived(
            id="pay/1", on=on, at=NOW, amount=Decimal("200.00"), received_on=on, by="nadia", note="par chèque"
        ),
    ]


def decision(case: Case, **changes: Any) -> Decision:
    """The next step: relance_2, with a call to make meanwhile."""
    values: dict[str, Any] = {
        "step": Send(
            step="relance_2",
            passage=1,
            channel=Channel.EMAIL,
            tone="ferme",
            claims=Claims.MENTION,
            as_of=date(2026, 3, 6),
        ),
        "at": datetime(2026, 3, 6, 8, tzinfo=UTC),
        "because": "relance_2 : 10 jours après relance_1",
        "position": case.position,
        "as_of": date(2026, 3, 1),
        "due_on": case.anchor_on,
        "stage": Stage.AMICABLE,
        "claim": Claim(principal=Decimal("1000.00"), interest=Decimal("9.99"), indemnity=Decimal("40.00")),
        "tasks": (Task(id="call/1", kind="call", due_on=date(2026, 3, 4), summary="appeler le débiteur"),),
        "facts": Facts(now=NOW, tables="t"),
        "limitation_on": date(2031, 2, 4),
    }
    return Decision.model_validate({**values, **changes})


def recorded(issued: InvoiceIssued | None = None, version: str = "v", **changes: Any) -> Recorded:
    """A case as the ledger has it."""
    issued = issued or invoice()
    case = fold_all(f"invoice/{issued.creditor}/{issued.number}", history(issued, version))
    return Recorded(case, decision(case, **changes), "ab12")


def held(case_recorded: Recorded) -> Recorded:
    """The same case, paused by a hold."""
    pause = Suspension(by=Pause.HOLD, until=date(2026, 4, 1))
    assert case_recorded.decision is not None
    changed = case_recorded.decision.model_copy(update={"suspended": pause, "step": Wait(), "at": None})
    return case_recorded._replace(decision=changed)


def row_of(known: Recorded) -> CaseRow:
    """The case as lists show it."""
    case, taken = known.case, known.decision
    assert taken is not None
    return CaseRow(
        id=case.id,
        creditor=case.invoice.creditor,
        debtor=case.invoice.debtor.id,
        name=case.debtor.name,
        number=case.invoice.number,
        currency="EUR",
        stage=taken.stage,
        outcome=case.closed.outcome if case.closed else None,
        suspended_by=taken.suspended.by if taken.suspended else None,
        suspended_until=taken.suspended.until if taken.suspended else None,
        next_kind=taken.step.kind,
        next_step=taken.name,
        next_at=taken.at,
        because=taken.because,
        total=case.invoice.total,
        principal=case.open_principal,
        outstanding=taken.claim.total,
        recovered=case.received,
        due_on=case.anchor_on,
        opened_on=case.opened_on,
        closed_on=case.closed.on if case.closed else None,
        limitation_on=taken.limitation_on,
        policy=case.policy,
        version=case.version,
        passage=case.passage,
        position=case.position,
        head=known.head,
        tasks=len(taken.tasks),
        task_due_on=min((task.due_on for task in taken.tasks), default=None),
    )


class FakeReads:
    """The reads that commands use, over a few cases."""

    def __init__(self, known: Sequence[Recorded]) -> None:
        self.known = {one.case.id: one for one in known}
        self.filters: list[CaseFilter] = []

    async def case(self, case_id: str) -> Recorded | None:
        return self.known.get(case_id)

    async def case_events(self, case_id: str) -> list[e.Event]:
        return history(self.known[case_id].case.invoice)

    async def row(self, case_id: str) -> CaseRow | None:
        return row_of(self.known[case_id]) if case_id in self.known else None

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        return self.known[case_id].case.invoice if case_id in self.known else None

    async def find(self, text: str) -> list[str]:
        return sorted(key for key, one in self.known.items() if text in (key, one.case.invoice.number))

    async def cases(self, wanted: CaseFilter) -> list[CaseRow]:
        self.filters.append(wanted)
        rows = [row_of(one) for _key, one in sorted(self.known.items())]
        found = [
            row
            for row in rows
            if wanted.creditor in (None, row.creditor) and (wanted.stage is None or wanted.stage is row.stage)
        ]
        return found[wanted.offset : wanted.offset + wanted.limit]

    async def tasks(self, *, creditor: str | None, limit: int, offset: int) -> list[OpenTask]:
        rows = await self.cases(CaseFilter(creditor=creditor, limit=limit, offset=offset))
        decisions = {row.id: self.known[row.id].decision for row in rows}
        return [
            OpenTask(case=row, task=task)
            for row in rows
            for taken in [decisions[row.id]]
            for task in (taken.tasks if taken is not None else ())
        ]

    async def open_ids(self) -> AsyncIterator[str]:
        for key in sorted(self.known):
            yield key


class FakeLedger:
    """A ledger that only reads."""

    def __init__(self, known: Sequence[Recorded], policies: Mapping[str, str] | None = None) -> None:
        self.reads = FakeReads(known)
        self._policies = dict(policies or {})

    async def policy_text(self, version: str) -> str | None:
        return self._policies.get(version)


class FakeDoor:
    """A door that hears everything, refuses what it is told to, and misses cases that do not run."""

    def __init__(self, refusal: Refused | None = None, gone: Sequence[str] = ()) -> None:
        self.refusal = refusal
        self.gone = set(gone)
        self.started: list[InvoiceIssued] = []
        self.said: list[tuple[str, dict[str, Any], str]] = []
        self.woken: list[str] = []

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        if self.refusal is not None:
            raise self.refusal
        self.said.append((case_id, dict(body), event_id))
        known = recorded()
        assert known.decision is not None
        return view(known.case, known.decision, known.head)

    async def reconsider(self, case_id: str) -> bool:
        self.woken.append(case_id)
        return case_id not in self.gone
