"""A letter as its templates see it: every date, amount and name already printed in the letter's language. Pure."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from letters.claim import Claim, Mention, claim_of, mention_of
from letters.labels import CHANNELS, LABELS
from letters.parties import (
    Contact,
    Payment,
    Signature,
    contact_of,
    identity_of,
    legal_line,
    letterhead,
    payment_of,
    recipient,
    sender_name,
    signature_of,
)
from letters.tables import Table, aside_of, first_due, table_of
from letters.typography import NBSP, amount, clean, count, fold, language_of, long_date
from rules.law.kinds import DebtorKind
from rules.letter import Letter, LetterItem, Previous
from rules.money import total
from rules.policy import Channel

REGISTERS = {
    "prevenant": "warm",
    "bienveillant": "warm",
    "courtois": "polite",
    "cordial": "polite",
    "ferme et cordial": "polite",
    "ferme": "firm",
    "formel": "firm",
}
"""The register in which a rung of each tone is written; a tone that is not here is polite."""
STATEMENT_STEPS = frozenset({"relance_2", "derniere_relance"})
"""Steps whose e-mail carries the statement as a PDF."""
MOST_IN_THE_BODY = 30
"""Invoices listed in the middle of an e-mail; more are listed after the signature, and in a statement attached: what is
asked, how to pay and whom to answer come first, where no mailbox cuts the message short (some do at 100 kB)."""
MOST_IN_A_SENTENCE = 3
"""Invoices whose earlier reminders a formal notice tells in its text; those of more stand in an annex."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who writes to whom, and how to answer and to pay."""

    place: str
    sender: str
    creditor: str
    debtor: str
    debtor_identity: str
    client: str
    recipient: tuple[str, ...]
    contact: Contact
    payment: Payment
    signature: Signature
    letterhead: tuple[str, ...]
    legal: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the letter is about. ``number``, ``issued`` and ``due`` are the first invoice's; sums are the letter's;
    ``history``: the earlier reminders, too many for a sentence when ``reminders_annexed``."""

    several: bool
    count: int
    number: str
    issued: str
    due: str
    first_due: str
    days_late: int
    asked: str
    balance: str
    received: str
    disputed: str
    before_due: bool
    pay_by: str
    answer_days: int
    previous: str
    written: int
    history: tuple[str, ...]
    reminders_annexed: bool


@dataclass(frozen=True, slots=True)
class View:
    """Everything that words and layouts may say of a letter. ``listed_below``: how many invoices, when an e-mail lists
    them after its signature."""

    language: str
    step: str
    kind: str
    register: str
    variant: str
    formal: bool
    by_email: bool
    copy_of: str
    label: dict[str, str]
    colon: str
    on: str
    as_of: str
    parties: Parties
    facts: Facts
    statement_attached: bool
    listed_below: str
    mention: Mention | None
    claim: Claim | None
    table: Table
    aside: Table | None
    plan: dict[str, Any] | None
    reasons: str
    mediator: str
    enclosures: tuple[str, ...]

    def context(self) -> dict[str, Any]:
        """All of it by name, the parties' and the facts' names beside the others, as templates use them."""
        flat = {field.name: getattr(self, field.name) for field in fields(self)}
        for part in (flat.pop("parties"), flat.pop("facts")):
            flat |= {field.name: getattr(part, field.name) for field in fields(part)}
        return flat


def view_of(letter: Letter) -> View:
    """The letter printed; raises Refused when it claims what the debtor does not owe or sums that disagree."""
    language = language_of(letter.language)
    by_email, many = letter.channel is Channel.EMAIL, len(letter.items) > MOST_IN_THE_BODY
    return View(
        language=language,
        step=letter.step,
        kind=letter.debtor.kind.value,
        register=REGISTERS.get(fold(letter.tone), "polite"),
        variant=letter.variant or "",
        formal=letter.formal,
        by_email=by_email,
        copy_of=letter.copy_of.value if letter.copy_of else "",
        label=LABELS[language],
        colon=f"{NBSP}:" if language == "fr" else ":",
        on=long_date(letter.on, language),
        as_of=long_date(letter.as_of, language),
        parties=_parties(letter, language),
        facts=_facts(letter, language),
        statement_attached=by_email and (letter.step in STATEMENT_STEPS or (many and not letter.formal)),
        listed_below=count(len(letter.items), language) if by_email and many else "",
        mention=mention_of(letter, language),
        claim=claim_of(letter, language),
        table=table_of(letter.items, letter.currency, letter.claims, language, letter.on),
        aside=aside_of(letter.set_aside, letter.currency, language, letter.on),
        plan=_plan(letter, language),
        reasons=clean(letter.reasons or "", 8000),
        mediator=clean(letter.creditor.mediator or "", 300) if letter.debtor.kind is DebtorKind.CONSUMER else "",
        enclosures=tuple(clean(title) for title in letter.enclosures),
    )


def _parties(letter: Letter, language: str) -> Parties:
    creditor, debtor = letter.creditor, letter.debtor
    return Parties(
        place=clean(creditor.address.city, 80),
        sender=sender_name(creditor),
        creditor=clean(creditor.name, 120),
        debtor=clean(debtor.legal_name or debtor.name, 120),
        debtor_identity=identity_of(debtor),
        client=clean(debtor.id, 80),
        recipient=recipient(debtor, creditor, language),
        contact=contact_of(creditor),
        payment=payment_of(letter),
        signature=signature_of(letter),
        letterhead=letterhead(creditor, language),
        legal=legal_line(creditor, language),
    )


def _facts(letter: Letter, language: str) -> Facts:
    items, first = letter.items, letter.items[0]
    received = total(item.paid + item.credited for item in items)
    disputed = total(item.disputed for item in items)
    written, reminders = _written(items, letter.on), _history(items, language)
    return Facts(
        several=len(items) > 1,
        count=len(items),
        number=clean(first.number),
        issued=long_date(first.issued_on, language),
        due=long_date(first.due_on, language),
        first_due=long_date(first_due(items), language),
        days_late=max(item.days_late for item in items),
        asked=amount(letter.asked, letter.currency, language),
        balance=amount(letter.balance, letter.currency, language),
        received=amount(received, letter.currency, language) if received else "",
        disputed=amount(disputed, letter.currency, language) if disputed else "",
        before_due=letter.before_due,
        pay_by=long_date(letter.pay_by, language) if letter.pay_by else "",
        answer_days=letter.answer_within or 0,
        previous=long_date(written[-1], language) if written else "",
        written=len(written),
        history=reminders,
        reminders_annexed=letter.formal and len(reminders) > MOST_IN_A_SENTENCE,
    )


def _notices(items: tuple[LetterItem, ...]) -> list[Previous]:
    """The earlier notices about any of the invoices, oldest first, each once."""
    every = {(note.on, note.channel): note for item in items for note in item.previous}
    return [every[key] for key in sorted(every)]


def _written(items: tuple[LetterItem, ...], today: date) -> list[date]:
    """The days of the written notices before today, oldest first."""
    return [note.on for note in _notices(items) if note.channel != Channel.CALL and note.on < today]


def _history(items: tuple[LetterItem, ...], language: str) -> tuple[str, ...]:
    """The earlier notices with their channels: one line for all invoices when they share them, else one for each."""
    lines = [", ".join(_noted(note, language) for note in _notices((item,))) for item in items]
    if len(set(lines)) == 1:
        return tuple(filter(None, lines[:1]))
    colon = "\u00a0: " if language == "fr" else ": "
    return tuple(f"{clean(item.number)}{colon}{line}" for item, line in zip(items, lines, strict=True) if line)


def _noted(note: Previous, language: str) -> str:
    return f"{long_date(note.on, language)} ({CHANNELS[language].get(note.channel, clean(note.channel, 40))})"


def _plan(letter: Letter, language: str) -> dict[str, Any] | None:
    plan = letter.plan
    if plan is None:
        return None
    return {
        "due": long_date(plan.due_on, language),
        "amount": amount(plan.amount, letter.currency, language),
        "rank": f"{plan.part}/{plan.parts}" if plan.part and plan.parts else "",
        "agreed": long_date(plan.agreed_on, language) if plan.agreed_on else "",
        "remaining": amount(plan.remaining, letter.currency, language) if plan.remaining else "",
        "notice_days": plan.notice_days,
        "acceleration": plan.acceleration,
    }
