"""Many cases and everything that will be said to them, with the timeline that the pure rules give each: whatever fails
meanwhile, the house must come out at the same one.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules import events as e
from rules.creditor import Creditor
from rules.invoice import Address, Debtor, InvoiceIssued
from rules.policy import Policy
from rules.policy_file import parse_policy
from tests.scenarios import Play

OPENED = datetime.fromisoformat("2025-09-01T06:00:00+00:00")
HORIZON = datetime(2025, 11, 10, tzinfo=UTC)
"""By then every case is paid or before the judge; nothing is awaited for months."""
LADDER = """\
name = "eprouve"
timezone = "Europe/Paris"
send = { days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "17:30", holidays = "FR" }
spacing = { minimum_days = 7, per_week = 2 }
tolerance = "1.00"
entry = "sequential"
accessories = "waive"
limitation_alerts = []

[[rung]]
step = "relance_1"
when = "due + 5"
channel = ["email"]
tone = "courtois"
claims = "principal"

[[rung]]
step = "derniere_relance"
when = "after(relance_1) + 10"
channel = ["email"]
tone = "pressant"
claims = "all"

[[rung]]
step = "mise_en_demeure"
when = "after(derniere_relance) + 8"
channel = ["registered_letter"]
copy = ["email"]
tone = "formel"
claims = "all"
answer_within = 8

[[rung]]
step = "dossier_judiciaire"
when = "unanswered(mise_en_demeure) + 3 business_days"
claims = "all"
prepares = "judicial_file"
"""
POLICY: Policy = parse_policy(LADDER, file="eprouve.toml")
TOLD = ("on", "step", "passage", "channel", "amount", "principal", "outcome", "crossed")
Said = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Fate:
    """A case: its invoice, what is said to it in order, and what the rules make of that."""

    invoice: InvoiceIssued
    said: tuple[Said, ...]
    expected: tuple[str, ...]
    closed: bool

    @property
    def id(self) -> str:
        """The case's id."""
        return f"invoice/acme/{self.invoice.number}"


def line(event: e.Event) -> str:
    """What must be the same whatever happened: the kind, the day, the step, the sums."""
    told = event.model_dump(mode="json", include=set(TOLD))
    if isinstance(event, e.CaseOpened):
        told.pop("on")
    return f"{event.kind} {sorted((name, value) for name, value in told.items() if value is not None)}"


def fates(number: int, seed: int, creditor: Creditor) -> list[Fate]:
    """So many cases, each of a debtor of its own, decided by the seed."""
    luck = random.Random(seed)
    return [_fate(place, luck, creditor) for place in range(number)]


def _fate(place: int, luck: random.Random, creditor: Creditor) -> Fate:
    due = OPENED.date() + timedelta(days=luck.randint(10, 20))
    debtor = Debtor(
        id=f"C-{place}",
        name=f"Client {place} SARL",
        kind="business",
        email=f"compta@client-{place}.example",
        address=Address(lines=(f"{place} rue des Lilas",), postal_code="69003", city="Lyon"),
    )
    invoice = InvoiceIssued.model_validate(
        {
            "creditor": "acme",
            "number": f"F-{place}",
            "issued_on": due - timedelta(days=30),
            "due_on": due,
            "total": f"{luck.randint(600, 9000)}.{luck.randint(0, 99):02d}",
            "debtor": debtor,
            "policy": POLICY.name,
        }
    )
    play = Play.start(invoice, OPENED, POLICY, creditor)
    said: list[Said] = []
    for kind, day, payload in _LIVES[place % len(_LIVES)](invoice, due, luck):
        _say(play, said, kind, day, payload)
    play.until(HORIZON)
    return Fate(invoice, tuple(said), tuple(line(event) for event in play.history), play.case.closed is not None)


def _say(play: Play, said: list[Said], kind: str, day: date, payload: dict[str, Any]) -> None:
    """Said in the pure rules now, and later to the house under the same id."""
    body = {"on": day.isoformat(), "id": f"{play.case.invoice.number}/{len(said)}/{kind}", **payload}
    play.say(kind, **body)
    said.append((kind, body))


def _paid(invoice: InvoiceIssued, due: date, luck: random.Random) -> Iterable[tuple[str, date, dict[str, Any]]]:
    """Paid whole on some day between the due date and the last letter."""
    day = due + timedelta(days=luck.randint(-3, 20))
    return [("paid", day, {"amount": str(invoice.total), "reference": f"VIR-{invoice.number}"})]


def _paid_in_two(invoice: InvoiceIssued, due: date, luck: random.Random) -> Iterable[tuple[str, date, dict[str, Any]]]:
    first, second = due + timedelta(days=luck.randint(3, 9)), due + timedelta(days=luck.randint(10, 24))
    return [("paid", first, {"amount": "100.00", "reference": "A"}), ("paid", second, {"reference": "B"})]


def _disputed(invoice: InvoiceIssued, due: date, luck: random.Random) -> Iterable[tuple[str, date, dict[str, Any]]]:
    raised, answered = due + timedelta(days=luck.randint(0, 8)), due + timedelta(days=luck.randint(10, 18))
    paid = answered + timedelta(days=luck.randint(5, 14))
    return [
        ("dispute", raised, {"reason": "livraison incomplète"}),
        ("dispute_settled", answered, {"outcome": "rejected"}),
        ("paid", paid, {"reference": "C"}),
    ]


def _promised(invoice: InvoiceIssued, due: date, luck: random.Random) -> Iterable[tuple[str, date, dict[str, Any]]]:
    told, promised = due + timedelta(days=luck.randint(6, 9)), due + timedelta(days=luck.randint(11, 14))
    paid = promised + timedelta(days=luck.randint(6, 9))
    return [("promise", told, {"pay_on": promised.isoformat()}), ("paid", paid, {"reference": "D"})]


def _silent(invoice: InvoiceIssued, due: date, luck: random.Random) -> Iterable[tuple[str, date, dict[str, Any]]]:
    """Never pays: the mise en demeure is posted and delivered, and goes unanswered."""
    probe = Play.start(invoice, OPENED, POLICY)
    while (taken := probe.case.taken("mise_en_demeure")) is None:
        assert probe.decision.moment is not None
        probe.act(probe.decision.moment)
    posted, delivered = taken.on + timedelta(days=luck.randint(0, 1)), taken.on + timedelta(days=luck.randint(2, 5))
    step = {"step": "mise_en_demeure"}
    return [
        ("letter_posted", posted, {**step, "posted_on": posted.isoformat(), "tracking": "2C 1"}),
        ("letter_delivered", delivered, {**step, "delivered_on": delivered.isoformat(), "tracking": "2C 1"}),
    ]


_LIVES = (_paid, _silent, _paid_in_two, _paid, _disputed, _silent, _promised)
