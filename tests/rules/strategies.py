"""Random invoices, policies and things said to a case, for the laws that hold whatever happens."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rules.decision import DebtorFacts
from rules.invoice import Address, Debtor, Instalment, InvoiceIssued, check_invoice
from rules.policy import Policy
from rules.reading import COMMANDS
from tests.scenarios import policy

Said = tuple[int, str, dict[str, Any]]
"""The day after the opening on which it is said, the signal's name, its payload."""

REPOSITORY = [policy(name) for name in ("standard", "fidele", "retardataire", "particulier", "public")]
TOTALS = ["1200.00", "640.00", "2400.02", "10000.01", "64000.00", "312.50", "150.00", "12.00", "1.00"]
REFERENCES = ["VIR-1", "VIR-2", None]

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
        "plan": {"broken_resumes": draw(st.sampled_from(["where_it_stood", "mise_en_demeure"]))},
        "approval_above": draw(st.sampled_from([None, {"amount": "1000", "by": "manager"}])),
    }


@dataclass(frozen=True)
class Office:
    """How people and the post behave: days until they act, None when they never do."""

    approves: int | None
    posts: int | None
    delivers: int | None
    news: str
    acts: tuple[str, ...]


offices = st.builds(
    Office,
    approves=st.sampled_from([0, 0, 1, 6, None]),
    posts=st.sampled_from([0, 1, 3, None]),
    delivers=st.sampled_from([2, 2, 5, None]),
    news=st.sampled_from(["delivered", "delivered", "unclaimed", "refused", "unknown_address", "deceased"]),
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
    until = draw(st.none() | st.integers(-5, 60).map(lambda after: opened + timedelta(days=after)))
    return DebtorFacts(
        written_on=days[-1] if days else None, contacts=tuple(days), held=draw(st.booleans()), held_until=until
    )


@st.composite
def sayings(draw: st.DrawFn, opened: date, invoice: InvoiceIssued, one: Policy) -> Said:
    """Something said on a day, dated that day, a few days earlier or later, or not at all."""
    after = draw(st.integers(0, 200) | st.integers(-20, 40))
    name = draw(st.sampled_from(NAMES))
    today = opened + timedelta(days=max(0, after))
    near = st.integers(-12, 2).map(lambda days: (today + timedelta(days=days)).isoformat())
    ahead = st.integers(-3, 60).map(lambda days: (today + timedelta(days=days)).isoformat())
    payload = draw(_payload(name, invoice, one, near, ahead))
    payload |= draw(st.sampled_from([{}, {}, {"id": "X-1"}, {"id": f"X-{after}"}]))
    if draw(st.booleans()):
        payload["on"] = draw(near)
    return max(0, after), name, {field: value for field, value in payload.items() if value is not None}


COMMON = ["paid", "paid", "paid", "payment_reversed", "credit_note", "dispute", "dispute_settled", "payment_plan"]
COMMON += ["promise", "hold", "resume", "debtor_replied", "letter_delivered", "contact_changed", "notice_bounced"]
NAMES = [*COMMON * 3, *sorted(COMMANDS)]


Days = st.SearchStrategy[str]
Fields = dict[str, dict[str, st.SearchStrategy[Any]]]


def _payload(
    name: str, invoice: InvoiceIssued, one: Policy, near: Days, ahead: Days
) -> st.SearchStrategy[dict[str, Any]]:
    known = {**_of_money(invoice, near, ahead), **_of_the_post(one, near), **_of_people(one, near, ahead)}
    return st.fixed_dictionaries(known.get(name, {}))


def _of_money(invoice: InvoiceIssued, near: Days, ahead: Days) -> Fields:
    shares = [(invoice.total / by).quantize(Decimal("0.01")) for by in (3, 8, 2, 20, 1)]
    part = st.sampled_from([*map(str, shares), "99.00", "0.01"])
    maybe = st.integers(0, 5).flatmap(lambda luck: part if luck else st.none())
    reference = st.sampled_from(REFERENCES)
    outcome = st.sampled_from(["rejected", "accepted", "partial"])
    parts = _instalments(invoice, ahead)
    return {
        "paid": {"amount": maybe, "reference": reference, "received_on": st.none() | near},
        "payment_reversed": {"amount": maybe, "reference": reference},
        "credit_note": {"number": st.sampled_from(["A-1", "A-2"]), "amount": part},
        "dispute": {"amount": maybe, "written": st.booleans(), "scope": st.sampled_from(["case", "debtor"])},
        "dispute_settled": {"outcome": outcome, "credit": maybe},
        "payment_plan": {"instalments": parts, "signed_on": st.none() | near, "acceleration": st.booleans()},
        "promise": {"pay_on": ahead, "amount": maybe},
        "waive": {"interest": maybe, "indemnity": maybe, "principal": maybe},
        "settlement": {"amount": part, "pay_by": ahead},
        "payment_announced": {"amount": maybe},
    }


def _of_the_post(one: Policy, near: Days) -> Fields:
    steps = st.sampled_from([*(rung.step for rung in one.rung), "autre"])
    letter = {"step": steps, "passage": st.sampled_from([None, None, 1, 2])}
    causes = ["unclaimed", "refused", "unknown_address", "incomplete_address", "deceased"]
    day = st.none() | near
    address = {"lines": ["2 quai"], "postal_code": "69002", "city": "Lyon"}
    return {
        "letter_posted": {**letter, "posted_on": day},
        "letter_delivered": {**letter, "delivered_on": day},
        "letter_returned": {**letter, "presented_on": day, "cause": st.sampled_from(causes)},
        "notice_bounced": {"message_id": steps.map(lambda step: f"<1/{step}>")},
        "contact_changed": {
            "email": st.sampled_from(["neuve@martin.example", "compta@martin.example", None]),
            "address": st.sampled_from([None, address]),
        },
        "approve": letter,
        "decline": letter,
    }


def _of_people(one: Policy, near: Days, ahead: Days) -> Fields:
    ruling = st.sampled_from(["sent", "not_sent", None])
    return {
        "hold": {"until": st.none() | ahead},
        "insolvency": {"procedure": st.sampled_from(["safeguard", "liquidation"]), "opened_on": near},
        "judicial_event": {"event": st.sampled_from(["filed", "ordered", "served", "paid"])},
        "assigned": {"to": st.just("Factor SA"), "notified": st.booleans()},
        "document": {"piece": st.just("order"), "file": st.just("bon.pdf")},
        "debtor_status": {"status": st.sampled_from(["deceased", "struck_off"])},
        "owner": {"owner": st.just("ZB")},
        "task_done": {"task": st.sampled_from(["?", "?", "call/1"]), "outcome": ruling},
    }


@st.composite
def _instalments(draw: st.DrawFn, invoice: InvoiceIssued, ahead: st.SearchStrategy[str]) -> list[dict[str, str]]:
    """A plan of the whole, its half or a wrong sum, in one to three parts."""
    count = draw(st.integers(1, 3))
    asked = draw(st.sampled_from([invoice.total, invoice.total - 1, invoice.total / 2]))
    share = (asked / count).quantize(Decimal("0.01"))
    amounts = [share] * (count - 1) + [asked.quantize(Decimal("0.01")) - share * (count - 1)]
    days = draw(st.lists(ahead, min_size=count, max_size=count))
    return [{"due_on": day, "amount": str(amount)} for day, amount in zip(days, amounts, strict=True)]
