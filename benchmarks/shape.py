"""The shape that both sides have, and the invoices they are given."""

from datetime import UTC, datetime, timedelta

from rules.creditor import Creditor
from rules.invoice import Address, InvoiceIssued

RUNGS = 5
STEADY = timedelta(seconds=2)
"""Between two rungs, so long that a case is always there before its moment and sets a timer, as in real life."""
HURRIED = timedelta(milliseconds=20)
"""So short that only the machine holds the cases back: for cases a second."""
NEXT_RUNG = timedelta(days=31)
"""On a batch morning: what comes after the letter is far away."""
BARE_QUEUE, BARE_ACTS = "bare", "bare-acts"
ORIGIN = datetime(2025, 9, 6, 6, 0, tzinfo=UTC)
CREDITOR = Creditor(
    key="acme",
    name="Acme SAS",
    sender="Acme Comptabilité <compta@acme.example>",
    address=Address(lines=("3 place Bellecour",), postal_code="69002", city="Lyon"),
    iban="FR7630006000011234567890189",
    policy="five_rungs",
)
POLICY = """
name = "five_rungs"
timezone = "Europe/Paris"
send = { days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "17:30", holidays = "FR" }
spacing = { minimum_days = 7, per_week = 2 }
tolerance = "1.00"
limitation_alerts = []
""" + "".join(
    f"""
[[rung]]
step = "rung_{number}"
when = "{"due + 5" if number == 1 else f"after(rung_{number - 1}) + 10"}"
channel = ["email"]
tone = "courtois"
claims = "{"principal" if number < 3 else "all"}"
"""
    for number in range(1, RUNGS + 1)
)

WITH_STATEMENTS = POLICY.replace("rung_2", "relance_2").replace("rung_5", "derniere_relance")
"""The same with two rungs whose e-mail carries the statement as PDF."""


def invoice(number: str) -> InvoiceIssued:
    """One of a book: a debtor of its own, an address, an amount with cents."""
    return InvoiceIssued.model_validate({
        "creditor": "acme",
        "number": number,
        "issued_on": "2025-09-05",
        "due_on": "2025-10-05",
        "total": "1234.56",
        "order_reference": f"PO-{number}",
        "debtor": {
            "id": f"C-{number}",
            "name": f"Société Élevée n° {number} SARL",
            "kind": "business",
            "email": f"compta{number}@exemple.example".lower(),
            "address": {"lines": ["12 rue de la Paix", "Bâtiment C"], "postal_code": "75002", "city": "Paris"},
        },
    })  # fmt: skip
