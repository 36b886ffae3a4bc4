"""Random invoices, policies and things said to a case, for the laws that hold whatever happens."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rules.decision import DebtorFacts
from rules.invoice import Address, Debtor, Instalment, InvoiceIssued, check_invoice
from rules.policy import Policy
from tests.rules.sayings import Said, sayings
from tests.scenarios import policy

REPOSITORY = [policy(name) for name in ("standard", "fidele", "retardataire", "particulier", "public")]
TOTALS = ["1200.00", "640.00", "2400.02", "10000.01", "64000.00", "312.50", "150.00", "12.00", "1.00"]

openings = st.dates(date(2023, 1, 1), date(2026, 10, 1))
sums = st.sampled_from(TOTALS) | st.integers(1, 7_000_000).map(lambda number: str(Decimal(number) / 100))


@st.composite
def addresses(draw: st.DrawFn) -> Address | None:
    """Lyon, Strasbourg, Fort-de-France, Brussels, an address no letter reaches, or none."""
    code, city, country = draw(
        st.sampled_from(
            [
                ("69003", "Lyon", "FR"),
                ("69003", "Lyon", "FR"),
                ("67000", "Strasbourg", "FR"),
                ("97200", "Fort-de-France", "FR"),
                ("1000", "Bruxelles", "BE"),
                ("", "", "FR"),
                (None, None, None),
            ]
        )
    )
    if city is None:
        return None
    return Address(lines=("12 rue des Lilas",) if city else (), postal_code=code, city=city, country=country)


@st.composite
def invoices(draw: st.DrawFn, opened: date) -> InvoiceIssued:
    """An invoice that becomes a case on ``opened``, due from ten months before to two months after."""
    due = opened + timedelta(days=draw(st.integers(-300, 60) | st.integers(-10, 10)))
    issued = due - timedelta(days=draw(st.integers(0, 60)))
    total = Decimal(draw(sums)).quantize(Decimal("0.01"))
    parts: tuple[Instalment, ...] = ()
    count = draw(st.sampled_from([1, 1, 1, 2, 3]))
    share = (total / count).quantize(Decimal("0.01"))
    if count > 1 and share > 0 and total - share * (count - 1) > 0:
        gaps = draw(st.lists(st.integers(1, 90), min_size=count - 1, max_size=count - 1))
        days = [due + timedelta(days=sum(gaps[:at])) for at in range(count)]
        amounts = [share] * (count - 1) + [total - share * (count - 1)]
        parts = tuple(Instalment(due_on=day, amount=part) for day, part in zip(days, amounts, strict=True))
    debtor = Debtor(
        id="C-104",
        name="Boulangerie Martin",
        kind=draw(st.sampled_from(["business", "business", "consumer", "public_body", "unknown"])),
        email=draw(st.sampled_from(["compta@martin.example", None])),
        address=draw(addresses()),
    )
    paid = draw(st.sampled_from([Decimal(0)] * 20 + [total / 2, share, total, total + 10])).quantize(Decimal("0.01"))
    fields = {"creditor": "acme", "number": "F-1", "issued_on": issued, "total": total, "debtor": debtor}
    schedule = {"instalments": parts} if parts else {"due_on": draw(st.sampled_from([due, due, None]))}
    return check_invoice(InvoiceIssued.model_validate({**fields, **schedule, "already_paid": paid}))


SEND_DAYS: list[list[str | int]] = [["mon", "tue", "wed", "thu", "fri"], ["tue", "sat"], [5, 20], ["month_end", 10]]
_WRITTEN: list[dict[str, Any]] = [
    {"channel": ["email"]},
    {"channel": ["email", "letter"]},
    {"channel": ["letter"], "copy": ["email"]},
    {"channel": ["call"]},
]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """One of the repository's, or any ladder of its kind."""
    if draw(st.integers(0, 2)):
        return draw(st.sampled_from(REPOSITORY))
    rungs: list[dict[str, Any]] = []
    for place in range(draw(st.sampled_from([3, 2, 4, 1, 0]))):
        days = draw(st.integers(0, 25))
        after = f"after(step_{place - 1}) + {days}"
        when = draw(
            st.sampled_from([f"due + {days}", f"due - {days}", f"issued + {days}", f"month_end(due + {days})"])
            if place == 0
            else st.sampled_from([after, after, f"due + {days}"])
        )
        extra = {"claims": draw(st.sampled_from(["principal", "mention", "all"])), "minimum": draw(minima)}
        extra["approval"] = draw(st.sampled_from(["none", "none", "operator"]))
        rungs.append({"step": f"step_{place}", "when": when, **draw(st.sampled_from(_WRITTEN)), **extra})
    if draw(st.booleans()):
        rungs += _formal(draw, len(rungs))
    return Policy.model_validate({**draw(manners()), "rung": rungs})


minima = st.sampled_from(["0", "0", "10.00", "300.00"])


def _formal(draw: st.DrawFn, place: int) -> list[dict[str, Any]]:
    when = f"after(step_{place - 1}) + {draw(st.integers(0, 20))}" if place else f"due + {draw(st.integers(0, 40))}"
    formal = {"step": "mise_en_demeure", "when": when, "answer_within": draw(st.integers(1, 30))}
    formal |= {"approval": draw(st.sampled_from(["none", "operator", "manager"])), "minimum": draw(minima)}
    judicial = {"step": "dossier", "when": "unanswered(mise_en_demeure) + 3 business_days", "minimum": draw(minima)}
    judicial |= {"approval": draw(st.sampled_from(["none", "manager"])), "prepares": "judicial_file"}
    return [{**formal, "channel": ["registered_letter"], "claims": "all"}, {**judicial, "claims": "all"}]


@st.composite
def manners(draw: st.DrawFn) -> dict[str, Any]:
    """When and how often a policy writes, and what it makes of pauses."""
    days = draw(st.sampled_from(SEND_DAYS))
    return {
        "name": "hasard",
        "version": "1",
        "timezone": draw(st.sampled_from(["Europe/Paris", "America/Martinique", "Pacific/Noumea"])),
        "send": {"days": days, "from": "09:00", "to": draw(st.sampled_from(["09:30", "17:30"])), "holidays": "FR"},
        "spacing": {"minimum_days": draw(st.integers(0, 15)), "per_week": draw(st.integers(1, 3))},
        "tolerance": draw(st.sampled_from(["0.00", "1.00", "50.00"])),
        "entry": draw(st.sampled_from(["sequential", "by_age"])),
        "accessories": draw(st.sampled_from(["waive", "invoice", "pursue"])),
        "spread_minutes": draw(st.sampled_from([0, 120])),
        "dispute": {"undisputed_part": draw(st.sampled_from(["continues", "pauses"]))},
        "plan": {
            "broken_resumes": draw(st.sampled_from(["where_it_stood", "mise_en_demeure"])),
            "remind_days": draw(st.sampled_from([None, 3])),
        },
        "approval_above": draw(st.sampled_from([None, {"amount": "1000", "by": "manager"}])),
        "waiver_above": draw(st.sampled_from([None, {"amount": "100", "by": "manager"}])),
        "bank_data_max_age_days": draw(st.sampled_from([None] * 5 + [30])),
    }


@dataclass(frozen=True)
class Office:
    """How people and the post behave: days until they act, None when they never do. ``deals``: with what a task asks or
    leaves to them."""

    approves: int | None
    posts: int | None
    delivers: int | None
    news: str
    deals: int | None
    acts: tuple[str, ...]


offices = st.builds(
    Office,
    approves=st.sampled_from([0, 0, 1, 6, None]),
    posts=st.sampled_from([0, 1, 3, None]),
    delivers=st.sampled_from([2, 2, 5, None]),
    news=st.sampled_from(["delivered", "delivered", "unclaimed", "refused", "unknown_address", "deceased"]),
    deals=st.sampled_from([0, 2, 9, None]),
    acts=st.lists(
        st.sampled_from(["sent", "sent", "sent", "sent", "bounced", "failed", "in_doubt", "gave_up"]), max_size=6
    ).map(tuple),
)


@dataclass(frozen=True)
class Plot:
    """Everything that will happen to one case."""

    opened: date
    invoice: InvoiceIssued
    policy: Policy
    office: Office
    debtor: DebtorFacts
    said: tuple[Said, ...]


@st.composite
def plots(draw: st.DrawFn, *, most: int = 12) -> Plot:
    """A case and up to ``most`` things said to it, in any order, right or wrong."""
    opened = draw(openings)
    invoice = draw(invoices(opened))
    one = draw(policies())
    size = draw(st.integers(0, most))
    said = draw(st.lists(sayings(opened, invoice, one), min_size=size, max_size=size).map(tuple))
    return Plot(opened, invoice, one, draw(offices), draw(elsewhere(opened)), said)


@st.composite
def elsewhere(draw: st.DrawFn, opened: date) -> DebtorFacts:
    """What the debtor's other cases tell of him: mostly nothing."""
    if draw(st.sampled_from([True, True, True, True, False])):
        return DebtorFacts()
    days = sorted(opened + timedelta(days=after) for after in draw(st.sets(st.integers(-3, 30), max_size=6)))
    some = st.none() | st.integers(-5, 60).map(lambda after: opened + timedelta(days=after))
    told = {"written_on": days[-1] if days else None, "contacts": tuple(days), "bank_until": draw(some)}
    return DebtorFacts(**told, held=draw(st.booleans()), held_until=draw(some))
