"""What may be said to a case, right or wrong, each signal with what it carries; for the random lives."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rules.invoice import InvoiceIssued
from rules.policy import Policy
from rules.reading import COMMANDS

Said = tuple[int, str, dict[str, Any]]
"""The day after the opening on which it is said, the signal's name, its payload."""

REFERENCES = ["VIR-1", "VIR-2", None]


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
    if name in OF_THE_DEBTOR:
        payload["scope"] = draw(st.sampled_from(["case", "debtor", None]))
    if name in SHARED:
        payload["debtor"] = draw(st.sampled_from([None, None, True]))
    if draw(st.booleans()):
        payload["on"] = draw(near)
    return max(0, after), name, {field: value for field, value in payload.items() if value is not None}


COMMON = ["paid", "paid", "paid", "payment_reversed", "credit_note", "dispute", "dispute_settled", "payment_plan"]
COMMON += ["promise", "hold", "resume", "debtor_replied", "letter_delivered", "contact_changed", "notice_bounced"]
NEWER = ["payment_proposed", "retention", "settlement", "waive", "terms_changed", "debtor_status", "mediation"]
NEWER += ["dispute", "dispute", "dispute_settled", "assigned", "reassigned", "reassigned"]
NEWER += ["handed_over", "recall", "offset", "task_done", "task_done", "task_done", "hold", "payment_plan"]
NAMES = [*COMMON * 3, *NEWER * 2, *sorted(COMMANDS)]
OF_THE_DEBTOR = {"dispute", "hold", "resume", "insolvency", "contact_changed", "debtor_status", "stop_contact"}
SHARED = {"paid", "payment_plan"}
"""What is said of a debtor and cut into one share for each invoice."""


Days = st.SearchStrategy[str]
Fields = dict[str, dict[str, st.SearchStrategy[Any]] | st.SearchStrategy[dict[str, Any]]]


def _payload(
    name: str, invoice: InvoiceIssued, one: Policy, near: Days, ahead: Days
) -> st.SearchStrategy[dict[str, Any]]:
    known = {**_of_money(invoice, near, ahead), **_of_the_post(one, near), **_of_people(one, near, ahead)}
    fields = known.get(name, {})
    return st.fixed_dictionaries(fields) if isinstance(fields, dict) else fields


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
        "payment_proposed": {"amount": part, "reference": st.sampled_from(REFERENCES[:2]), "received_on": near},
        "dispute": {"amount": maybe, "written": st.booleans()},
        "dispute_settled": {
            "outcome": outcome,
            "credit": maybe,
            "answer": st.sampled_from([None, "Signé."]),
            "dispute": st.sampled_from([None, "?", "?", "all"]),
        },
        "payment_plan": {
            "instalments": parts,
            "signed_on": st.none() | near,
            "acceleration": st.booleans(),
            "interest": st.sampled_from(["runs", "suspended", "waived_if_kept"]),
        },
        "promise": {"pay_on": ahead, "amount": maybe},
        "waive": {"interest": maybe, "indemnity": maybe, "principal": maybe},
        "settlement": {"amount": part, "pay_by": ahead},
        "payment_announced": {"amount": maybe},
        "terms_changed": st.one_of(parts.map(lambda found: {"instalments": found}), ahead.map(_due_then)),
        "retention": {"amount": maybe, "until": st.none() | ahead},
        "offset": {"amount": maybe},
    }


def _due_then(day: str) -> dict[str, Any]:
    return {"due_on": day}


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
    agreed, ended = st.none() | near, st.sampled_from([None, "agreement", "failure"])
    rulings = st.sampled_from(["?0", "?1", None])
    return {
        "hold": {"until": st.none() | ahead},
        "insolvency": {"procedure": st.sampled_from(["safeguard", "liquidation"]), "opened_on": near},
        "judicial_event": {"event": st.sampled_from(["filed", "ordered", "served", "paid"])},
        "assigned": {"to": st.just("Factor SA"), "notified": st.booleans()},
        "document": {"piece": st.just("order"), "file": st.just("bon.pdf")},
        "debtor_status": {"status": st.sampled_from(["deceased", "struck_off"])},
        "owner": {"owner": st.just("ZB")},
        "mediation": {"agreed_on": agreed, "outcome": ended},
        "handed_over": {"to": st.just("Me X"), "role": st.sampled_from(["avocat", "collection_agency"])},
        "stop_contact": {"channel": st.sampled_from(["email", "letter", "call"]), "lifted": st.booleans()},
        "task_done": {
            "task": st.sampled_from(["?", "?", "?", "call/1"]),
            "outcome": rulings,
        },
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
