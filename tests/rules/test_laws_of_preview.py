"""The preview sees ahead what the clerk then does: the same letters, on the same days, for the same sums."""

from datetime import UTC, date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import events as e
from rules.calendars import end_of, start_of
from rules.case import StepOutcome
from rules.decide import KIND, kind_task
from rules.decision import Park
from rules.foreseen import Dated
from rules.invoice import InvoiceIssued
from rules.law.tables import builtin_tables
from rules.pauses import in_tray
from rules.preview import preview
from rules.reading import parse_command
from tests.rules.lives import lives
from tests.rules.strategies import REPOSITORY, invoices, openings
from tests.scenarios import ACME, Play, policy

TABLES = builtin_tables()

heard = st.lists(
    st.tuples(
        st.integers(0, 150),
        st.sampled_from(["paid", "dispute", "hold", "debtor_replied", "contact_changed", "letter_delivered"]),
    ),
    max_size=4,
)
PAYLOADS = {
    "paid": {"amount": "100.00"},
    "dispute": {"amount": "50.00"},
    "contact_changed": {"email": "neuve@martin.example"},
    "letter_delivered": {"step": "mise_en_demeure"},
}


@given(data=st.data(), opened=openings, said=heard)
@settings(max_examples=lives(60))
def test_the_preview_foresees_what_is_sent(data: st.DataObject, opened: date, said: list[tuple[int, str]]) -> None:
    one, invoice = data.draw(st.sampled_from(REPOSITORY)), data.draw(invoices(opened))
    start = max(opened, invoice.issued_on)
    until = start + timedelta(days=250)
    dated = []
    played = Play.start(invoice, start_of(start, one.zone), one)
    for after, kind in sorted(said):
        day = start + timedelta(days=after)
        payload = {**PAYLOADS.get(kind, {}), "on": day.isoformat()}
        if kind == "hold":
            payload["until"] = (day + timedelta(days=9)).isoformat()
        dated.append(Dated(on=day, case="c", command=parse_command(kind, payload)))
        approve_until(played, day)
        played.say(kind, **payload)
    approve_until(played, until + timedelta(days=1))
    foreseen = preview([("c", invoice, one)], dated, {"acme": ACME}, TABLES, start=start, until=until)
    last = end_of(until, one.zone).astimezone(UTC)
    sent = [ev for ev in played.history if isinstance(ev, e.NoticeSent) and ev.at < last]
    assert [(n.date, n.step, n.channel, n.principal) for n in foreseen.notices] == [
        (ev.on, ev.step, ev.channel, ev.principal) for ev in sent
    ]
    assert foreseen.cases[0].open_principal == played.case.open_principal


def test_a_mise_en_demeure_is_foreseen_once_as_posted() -> None:
    due, until = date(2026, 2, 4), date(2026, 12, 31)
    invoice = InvoiceIssued.model_validate({
        "creditor": "acme", "number": "F-1", "issued_on": "2026-01-05", "due_on": due, "total": "1200.00",
        "debtor": {
            "id": "C-1", "name": "Boulangerie Martin", "kind": "business", "email": "compta@martin.example",
            "address": {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"},
        },
    })  # fmt: skip
    foreseen = preview([("c", invoice, policy())], [], {"acme": ACME}, TABLES, start=due, until=until)
    assert [n.step for n in foreseen.notices].count("mise_en_demeure") == 1
    (case,) = foreseen.cases
    taken = case.taken("mise_en_demeure", 1)
    assert taken is not None
    assert (taken.outcome, taken.posted_on) == (StepOutcome.POSTED, taken.on)


def approve_until(played: Play, day: date) -> None:
    """Live up to that day's noon, every approval given and every letter posted at once, and what the debtor is said
    when it is asked."""
    zone = played.context.policy.zone
    moment = start_of(day, zone) + timedelta(hours=12)
    while True:
        asked = played.case.approval
        if asked is not None and played.case.approved is None:
            now = played.decision.facts.now
            played.own(e.StepApproved, now, step=asked.step, passage=asked.passage, letter=asked.letter)
            played.settle(now)
        if isinstance(played.decision.step, Park) and played.decision.step.reason == KIND:
            now = played.decision.facts.now
            played.own(e.TaskClosed, now, task=kind_task(played.case))
            played.settle(now)
        at = played.decision.moment
        if at is None or at >= moment:
            return
        played.act(at)
        for taken in in_tray(played.case):
            now = played.decision.facts.now
            played.own(e.LetterPosted, now, step=taken.step, passage=taken.passage, posted_on=taken.on)
            played.settle(now)
