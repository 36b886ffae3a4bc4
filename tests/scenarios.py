"""Played cases: read from scenarios/*.toml, played through the pure rules, compared with what the file expects."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rules import events as e
from rules.admit import admit
from rules.calendars import local_day, noon_of
from rules.case import Case
from rules.claim import Context
from rules.creditor import Creditor
from rules.decision import Decision, PrepareFile, Send
from rules.fold import fold, open_case
from rules.invoice import Address, InvoiceIssued
from rules.law.tables import builtin_tables
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.procedure import route_to_prepare
from rules.reading import parse_command
from rules.refusals import Refused
from rules.settle import own, settle

HOUSE = Path(__file__).parents[1]
FILES = sorted((HOUSE / "scenarios").glob("*.toml"))

ACME = Creditor(
    key="acme",
    name="Acme SAS",
    sender="Acme Comptabilité <compta@acme.example>",
    address=Address(lines=("3 place Bellecour",), postal_code="69002", city="Lyon"),
    iban="FR7630006000011234567890189",
)


def policy(name: str = "standard") -> Policy:
    """A policy of the repository."""
    file = HOUSE / "policies" / f"{name}.toml"
    return parse_policy(file.read_text(encoding="utf-8"), file=file.name)


@dataclass(frozen=True)
class Scenario:
    """An invoice, what happens to it, and the timeline that must come out."""

    name: str
    title: str
    opened: datetime
    invoice: InvoiceIssued
    happens: tuple[dict[str, Any], ...]
    expected: tuple[str, ...]
    routes: tuple[str, ...] | None = None

    @property
    def tells_of_limitation(self) -> bool:
        """Whether the alerts of the limitation are part of what is expected."""
        return any("limitation_near" in line for line in self.expected)

    @property
    def case_id(self) -> str:
        return f"invoice/{self.invoice.creditor}/{self.invoice.number}"


def read(file: Path) -> Scenario:
    """The scenario of a file."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    debtor: dict[str, Any] = {
        "id": "C-104",
        "name": "Boulangerie Martin SARL",
        "kind": "business",
        "email": "compta@martin.example",
    }
    debtor |= {"address": {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"}}
    invoice: dict[str, Any] = {"creditor": "acme", "number": f"F-{file.stem}", **data["invoice"]}
    invoice["debtor"] = debtor | invoice.get("debtor", {})
    return Scenario(
        name=file.stem,
        title=data["title"],
        opened=data["opened"],
        invoice=InvoiceIssued.model_validate(invoice),
        happens=tuple(data.get("happens", [])),
        expected=tuple(line.strip() for line in data["timeline"].strip().splitlines()),
        routes=tuple(data["route"]) if "route" in data else None,
    )


def json_of(happening: dict[str, Any]) -> dict[str, Any]:
    """The signal's payload: TOML dates as ISO text."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list):
            return [plain(one) for one in value]
        return {name: plain(one) for name, one in value.items()} if isinstance(value, dict) else value

    return {name: plain(value) for name, value in happening.items() if name != "kind"}


def context(one: Policy, creditor: Creditor = ACME) -> Context:
    """The rules' context without a ledger."""
    return Context(creditor=creditor, policy=one, tables=builtin_tables())


@dataclass
class Play:
    """A case played by hand, as the clerk plays it under a demonstration's clock."""

    case: Case
    context: Context
    decision: Decision
    history: list[e.Event]

    @classmethod
    def start(
        cls, invoice: InvoiceIssued, now: datetime, one: Policy | None = None, creditor: Creditor = ACME
    ) -> "Play":
        kind = {"consumer": "particulier", "public_body": "public"}.get(invoice.debtor.kind, "standard")
        chosen = one or policy(invoice.policy or kind)
        now = now.astimezone(UTC)
        opened = e.CaseOpened(
            id="opened",
            on=local_day(now, chosen.zone),
            at=now,
            invoice=invoice,
            policy=chosen.name,
            version=chosen.version,
        )
        case = open_case(f"invoice/{invoice.creditor}/{invoice.number}", opened)
        entered, case, decision = settle(case, context(chosen, creditor), now)
        return cls(case, context(chosen, creditor), decision, [opened, *entered])

    def enter(self, *happened: e.Event) -> None:
        for event in happened:
            self.history.append(event)
            self.case = fold(self.case, event)

    def settle(self, now: datetime) -> Decision:
        entered, self.case, self.decision = settle(self.case, self.context, max(now, self.case.last_at))
        self.history += entered
        return self.decision

    def own(self, kind: type[e.Event], now: datetime, **fields: Any) -> None:
        self.enter(own(self.case, self.context, max(now, self.case.last_at), kind, **fields))

    def until(self, moment: datetime) -> "Play":
        """Let everything awaited before that moment come."""
        while self.decision.moment is not None and self.decision.moment < moment:
            self.act(self.decision.moment)
        return self

    def act(self, now: datetime) -> None:
        """The awaited moment has come."""
        self.settle(now)
        step = self.decision.step
        if self.decision.at is not None and self.decision.at <= now:
            if isinstance(step, Send):
                sums = {"principal": self.case.open_principal, "claim": self.decision.claim.total}
                taken = {"step": step.step, "passage": step.passage, "channel": step.channel, "copies": step.copies}
                self.own(e.NoticeSent, now, **taken, **sums, message_id=f"<{step.passage}/{step.step}>")
            elif isinstance(step, PrepareFile):
                day = local_day(now, self.context.policy.zone)
                found = route_to_prepare(self.case, self.context, step.step, day)
                way = {} if found is None else {"procedure": found.procedure, "court": found.court}
                taken = {"step": step.step, "passage": step.passage}
                self.own(e.FilePrepared, now, **taken, **way, path="dossiers/1", manifest="f")
            self.settle(now)

    def say(self, kind: str, *, door: str = "signal", **payload: Any) -> None:
        """Something is said on ``payload["on"]``; refused, it leaves signal_refused."""
        on = payload.get("on")
        day = date.fromisoformat(on) if isinstance(on, str) else on
        zone = self.context.policy.zone
        now = max(self.case.last_at, self.decision.facts.now)
        moment = now if day is None else max(now, noon_of(day, zone))
        self.until(moment)
        moment = max(moment, self.decision.facts.now)
        try:
            command = parse_command(kind, payload)
            said = f"said/{len(self.history)}"
            self.enter(*admit(self.case, command, self.context, moment, said_id=said, door=door))
        except Refused as refused:
            self.own(e.SignalRefused, moment, name=kind, code=refused.code, reason=refused.sentence)
        self.settle(moment)

    def timeline(self) -> tuple[str, ...]:
        return tuple(line_of(event) for event in self.history)


def line_of(event: e.Event) -> str:
    """An event as a scenario's timeline writes it."""
    parts = [f"{event.on}", event.kind]
    for name in ("step", "channel", "amount", "outcome", "code", "passage", "event", "clock", "distance"):
        value = getattr(event, name, None)
        if value is not None and not (name == "passage" and value == 1):
            parts.append(f"{value}")
    return " ".join(parts)


def play(scenario: Scenario) -> Play:
    """The scenario, played through the pure rules."""
    played = Play.start(scenario.invoice, scenario.opened)
    for happening in scenario.happens:
        played.say(happening["kind"], **json_of(happening))
    return played.until(datetime(2026, 12, 31, tzinfo=UTC))
