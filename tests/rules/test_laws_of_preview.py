"""The preview sees ahead what the clerk then does: the same letters, on the same days, for the same sums."""

from datetime import UTC, date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import events as e
from rules.calendars import end_of, start_of
from rules.decide import KIND, kind_task
from rules.decision import Park
from rules.law.tables import builtin_tables
from rules.preview import Dated, preview
from rules.reading import parse_command
from tests.rules.lives import lives
from tests.rules.strategies import REPOSITORY, invoices, openings
from tests.scenarios import ACME, Play

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
    assert foreseen.cases[0][0].open_principal == played.case.open_principal


def approve_until(played: Play, day: date) -> None:
    """Live up to that day's noon, every approval given at once, and what the debtor is said when it is asked."""
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
