"""Letters to render: one creditor, a debtor of each kind, invoices late or not, with the décompte of the law."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from rules.creditor import Creditor, Representative
from rules.invoice import Address, Debtor
from rules.law import Decompte, DecompteFacts, Owed, Paid, builtin_tables, decompte
from rules.law.kinds import DebtorKind
from rules.letter import Letter, LetterItem, PlanNotice, Previous
from rules.policy import Channel, Claims

TABLES = builtin_tables()
TODAY = date(2026, 3, 3)

ACME = Creditor(
    key="acme",
    name="Acme SAS",
    sender="Acme Comptabilité <compta@acme.example>",
    legal_form="SAS",
    capital="50000.00",
    siren="732829320",
    rcs="Lyon",
    vat="FR44732829320",
    address=Address(lines=("3 place Bellecour",), postal_code="69002", city="Lyon"),
    iban="FR7630006000011234567890189",
    bic="AGRIFRPP",
    phone="+33400000000",
    contact="Claire Dubois",
    signatory="Claire Dubois",
    representative=Representative(name="Jeanne Martel", capacity="Présidente"),
)

DEBTORS = {
    DebtorKind.BUSINESS: Debtor(
        id="C-104",
        name="Boulangerie Martin SARL",
        kind=DebtorKind.BUSINESS,
        siren="552100554",
        email="compta@martin.example",
        legal_form="SARL",
        rcs="Lyon",
        address=Address(lines=("12 rue des Lilas",), postal_code="69003", city="Lyon"),
    ),
    DebtorKind.CONSUMER: Debtor(
        id="P-881",
        name="Sophie Lefèvre",
        kind=DebtorKind.CONSUMER,
        email="sophie@lefevre.example",
        address=Address(lines=("Bâtiment B", "4 allée des Œillets"), postal_code="35000", city="Rennes"),
    ),
    DebtorKind.PUBLIC_BODY: Debtor(
        id="M-07",
        name="Commune de Saint-Aubin",
        kind=DebtorKind.PUBLIC_BODY,
        siren="213500010",
        email="finances@saint-aubin.example",
        address=Address(lines=("Hôtel de ville", "1 place de la Mairie"), postal_code="35250", city="Saint-Aubin"),
    ),
    DebtorKind.UNKNOWN: Debtor(
        id="A-31",
        name="Association Les Amis du Lac",
        kind=DebtorKind.UNKNOWN,
        email="bureau@amisdulac.example",
        address=Address(lines=("Maison des associations",), postal_code="74000", city="Annecy"),
    ),
}


def item(number: str = "F-2026-0042", amount: str = "1200.00", due: date = date(2026, 2, 4), **more: Any) -> LetterItem:
    """An invoice issued thirty days before it was due, nothing paid unless told otherwise."""
    sum_ = Decimal(amount)
    paid, credited = Decimal(more.pop("paid", "0.00")), Decimal(more.pop("credited", "0.00"))
    disputed = Decimal(more.pop("disputed", "0.00"))
    balance = sum_ - paid - credited
    return LetterItem(
        case=f"invoice/acme/{number}",
        step="relance_1",
        passage=1,
        number=number,
        issued_on=due - timedelta(days=30),
        due_on=due,
        total=sum_,
        paid=paid,
        credited=credited,
        balance=balance,
        disputed=disputed,
        asked=more.pop("asked", balance - disputed),
        days_late=(more.pop("on", TODAY) - due).days,
        **more,
    )


def counted(items: tuple[LetterItem, ...], kind: DebtorKind, on: date = TODAY) -> Decompte:
    """The décompte of what the items ask for, payments received ten days after each due date."""
    payments = tuple(
        Paid(on=i.due_on + timedelta(days=10), amount=i.paid, invoice=i.number, reference="VIR 0214")
        for i in items
        if i.paid
    )
    owed = tuple(Owed(invoice=i.number, due_on=i.due_on, amount=i.total - i.disputed) for i in items)
    facts = DecompteFacts(owed=owed, payments=payments, debtor_kind=kind, as_of=on)
    return decompte(facts, TABLES, strict=True)


def letter(
    step: str = "relance_1",
    *,
    kind: DebtorKind = DebtorKind.BUSINESS,
    tone: str = "courtois",
    language: str = "fr",
    items: tuple[LetterItem, ...] | None = None,
    claims: Claims = Claims.PRINCIPAL,
    channel: Channel = Channel.EMAIL,
    **more: Any,
) -> Letter:
    """A letter of 3 March 2026 about one invoice due on 4 February, unless told otherwise."""
    formal = more.pop("formal", step == "mise_en_demeure")
    found = items or (item(previous=history(step)),)
    account = None if claims is Claims.PRINCIPAL else counted(found, kind)
    if claims is Claims.ALL and account is not None:
        asked = {b.invoice: b.principal + b.interest + b.indemnity for b in account.balances}
        found = tuple(i.model_copy(update={"asked": asked[i.number]}) for i in found)
    values: dict[str, Any] = {
        "message_id": f"<{step}.c-104.20260303@relance.acme.example>",
        "on": TODAY,
        "as_of": TODAY,
        "language": language,
        "step": step,
        "passage": 1,
        "tone": tone,
        "channel": channel,
        "claims": claims,
        "formal": formal,
        "creditor": ACME,
        "debtor": DEBTORS[kind],
        "currency": "EUR",
        "items": found,
        "decompte": account,
        "answer_within": (15 if kind is DebtorKind.CONSUMER else 8) if formal else None,
        "moment": datetime(2026, 3, 3, 8, 30, tzinfo=UTC),
    }
    return Letter(**(values | more))


def history(step: str) -> tuple[Previous, ...]:
    """What went out before a step of the standard ladder."""
    sent = (
        Previous(step="relance_1", on=date(2026, 2, 9), channel="email"),
        Previous(step="relance_2", on=date(2026, 2, 16), channel="email"),
        Previous(step="derniere_relance", on=date(2026, 2, 24), channel="letter"),
    )
    ladder = ("rappel", "relance_1", "relance_2", "derniere_relance", "mise_en_demeure")
    return sent[: max(0, ladder.index(step) - 1)] if step in ladder else ()


def plan(step: str) -> PlanNotice:
    """The second of three instalments."""
    return PlanNotice(
        due_on=date(2026, 3, 10) if step == "plan_reminder" else date(2026, 2, 25),
        amount=Decimal("400.00"),
        part=2,
        parts=3,
        agreed_on=date(2026, 2, 1),
        remaining=Decimal("800.00"),
    )
