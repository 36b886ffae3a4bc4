"""The laws: what holds at every instant of every life of a case."""

from datetime import timedelta
from itertools import pairwise

from rules import events as e
from rules.calendars import in_window, is_send_day, local_day
from rules.case import Pause, StepOutcome
from rules.claim import asked_principal, decompte_of, region
from rules.compose import compose
from rules.decision import Park, Send
from rules.judicial import IN_INSOLVENCY
from rules.ladder import answer_deadline, next_rung
from rules.limits import letters_window, zone_of
from rules.money import ZERO, total
from rules.pauses import suspension
from rules.refusals import Code
from rules.settle import settle
from tests.rules.disputing import disputes_end_one_by_one
from tests.rules.doubts import no_letter_of_any_kind_leaves_in_doubt
from tests.rules.lives import Frame, Life

WEEK = timedelta(days=7)


def entered(life: Life) -> list[e.Event]:
    """The history without the letters that were taken out of the tray again, or did not arrive and are written anew."""
    kept: list[e.Event] = []
    lost = lost_letters(life)
    for event in life.history:
        if event.kind == "letter_withdrawn":
            away = (e.NoticeSent, _act_of(event))
            place = max(at for at, one in enumerate(kept) if (type(one), _act_of(one)) == away)
            del kept[place]
        elif isinstance(event, e.NoticeBounced) and event.message_id in lost:
            kept = [one for one in kept if getattr(one, "message_id", None) != event.message_id]
        else:
            kept.append(event)
    return kept


def lost_letters(life: Life) -> dict[str, tuple[str, int]]:
    """The messages that did not reach the debtor and whose rung is ahead again, with their acts."""
    return {taken.message_id or "": (taken.step, taken.passage) for taken in life.frames[-1].case.lost}


def _act_of(event: e.Event) -> tuple[str | None, int | None]:
    return getattr(event, "step", None), getattr(event, "passage", None)


def is_rung(life: Life, step: str) -> bool:
    """Whether the letter is of the ladder; those about a payment plan go out during its pause."""
    return life.context.policy.at(step) is not None


def _pause_of(life: Life, step: str) -> Pause | None:
    """The pause during which a letter goes out: none for a rung, its own for one about a plan or a dispute."""
    if is_rung(life, step):
        return None
    return Pause.DISPUTE if step.startswith("dispute_answer_") else Pause.PAYMENT_PLAN


def money_is_conserved(life: Life) -> None:
    """Claim + paid + credited + waived = total + interest + indemnity, nothing below zero."""
    for frame in life.frames:
        case = frame.case
        drawn = decompte_of(case, life.context.creditor, life.context.tables, frame.decision.as_of)
        left = drawn.principal + drawn.interest + drawn.indemnity
        paid = total(payment.amount - payment.remainder for payment in drawn.payments)
        credited = total(note.to_principal for note in drawn.credits)
        waived = total(w.principal + w.interest + w.indemnity for w in drawn.given_up)
        owed = case.invoice.total + drawn.accrued + total(one.amount for one in drawn.indemnities)
        assert left + paid + credited + waived == owed, drawn
        assert drawn.total == left
        parts = [balance.principal for balance in drawn.balances] + [balance.interest for balance in drawn.balances]
        assert min(drawn.principal, drawn.interest, drawn.indemnity, *parts) >= ZERO
        assert min(case.open_principal, case.disputed, case.excess) >= ZERO
        assert case.open_principal - case.excess == case.invoice.total - case.received - case.credited
        assert total(part.amount for part in case.balances()) == case.open_principal


def nothing_paid_is_lost(life: Life) -> None:
    """Every payment admitted and not taken back stands in the décompte, once."""
    for frame in life.frames:
        case, as_of = frame.case, max(frame.decision.as_of, frame.case.invoice.issued_on)
        drawn = decompte_of(case, life.context.creditor, life.context.tables, as_of)
        assert total(payment.amount for payment in drawn.payments) == case.received
        assert total(note.amount for note in drawn.credits) == case.credited


def nothing_leaves_when_it_must_not(life: Life) -> None:
    """No letter after closure, during a pause, on a day or at an hour without post, or about a sum no longer due."""
    for act in life.acts:
        step = act.decision.step
        if not isinstance(step, Send):
            continue
        policy, case = life.context.policy, act.case
        assert case.closed is None
        pause = suspension(case, life.context, act.now)
        assert (pause.by if pause else None) == _pause_of(life, step.step)
        today, zone, window = local_day(act.now, policy.zone), zone_of(case, policy), letters_window(case, policy)
        there = act.now.astimezone(zone)
        assert is_send_day(there.date(), window.days, tuple({window.holidays, region(case)}))
        assert in_window(window, zone, region(case), act.now)
        assert window.from_ <= there.time() < window.to
        assert asked_principal(case, today) > policy.tolerance or not is_rung(life, step.step)
        assert asked_principal(case, today) <= case.open_principal


def letters_ask_what_is_owed(life: Life) -> None:
    """A letter asks for no disputed sum, and never for more than is owed on its day."""
    for act in life.acts:
        case, step = act.case, act.decision.step
        if not isinstance(step, Send):
            continue
        item = compose((case, step), (), life.context, act.now, message_id="<m>").items[0]
        owed = decompte_of(case, life.context.creditor, life.context.tables, step.as_of)
        assert ZERO < item.asked <= owed.total - case.disputed
        assert item.balance == case.open_principal


def letters_keep_their_distance(life: Life) -> None:
    """The least distance between letters, and the most contacts in any seven days."""
    spacing = life.context.policy.spacing
    elsewhere = life.context.debtor
    sent = [event for event in entered(life) if isinstance(event, e.NoticeSent)]
    letters = [event.on for event in sent if is_rung(life, event.step)]
    calls = [event.on for event in life.history if isinstance(event, e.CallRequested)]
    bounced = any(isinstance(event, e.NoticeBounced) for event in life.history)
    for first, second in pairwise(sent):
        apart = second.on - first.on >= timedelta(days=spacing.minimum_days)
        assert bounced or apart or not is_rung(life, second.step), (first, second)
    alone = [event.on for event in sent if is_rung(life, event.step) and is_formal(life, event.step)]
    for day in [day for day in letters if day not in alone]:
        assert elsewhere.written_on is None or abs(day - elsewhere.written_on) >= timedelta(days=spacing.minimum_days)
    for day in [day for day in letters + calls if day not in alone]:
        others = [other for other in elsewhere.contacts if other not in letters + calls]
        week = [other for other in letters + calls + others if day - WEEK < other <= day]
        assert bounced or len(week) <= spacing.per_week, week


def is_formal(life: Life, step: str) -> bool:
    """Whether the step is the mise en demeure, which letters about other invoices do not delay."""
    rung = life.context.policy.at(step)
    return rung is not None and rung.is_formal


def rungs_come_in_order(life: Life) -> None:
    """Each rung of a passage once, in the order of the ladder; passages one after the other."""
    places = {rung.step: place for place, rung in enumerate(life.context.policy.rung)}
    rungs = [event for event in entered(life) if isinstance(event, _TAKEN) and event.step in places]
    taken = [(event.passage, places[event.step]) for event in rungs]
    assert taken == sorted(set(taken)), taken


_TAKEN = (e.NoticeSent, e.NoticeFailed, e.RungSkipped, e.CallRequested, e.FilePrepared)


def rungs_are_skipped_for_a_reason(life: Life) -> None:
    """Only below the minimum, before a due date gone by, or as the policy's entry or a broken plan says."""
    known = ("minimum", "passée", "n'a pas été envoyée", "plus ancienne", "rompu", "appelé")
    for event in life.history:
        if isinstance(event, e.RungSkipped):
            assert any(word in event.because for word in known), event.because


def files_follow_an_unanswered_formal_notice(life: Life) -> None:
    """No judicial file without a mise en demeure dispatched in that passage, its period over, and no answer; a claim is
    declared in insolvency without any."""
    for act in life.acts:
        if not isinstance(act.event, e.FilePrepared) or act.event.step in IN_INSOLVENCY:
            continue
        policy, case = life.context.policy, act.case
        formal = [rung.step for rung in policy.rung if rung.is_formal]
        sent = [taken for step in formal if (taken := case.taken(step)) and taken.outcome is StepOutcome.DELIVERED]
        assert sent
        deadline = answer_deadline(case, policy, sent[0].step)
        assert deadline is not None
        assert local_day(act.now, policy.zone) > deadline
        assert sent[0].answer_from is not None
        assert deadline >= sent[0].answer_from
        assert sent[0].posted_on is not None
        assert suspension(case, life.context, act.now) is None
        assert case.open_principal > policy.tolerance


def everything_said_is_answered(life: Life) -> None:
    """Applied, known already, or refused with a sentence and a code; a refusal changes nothing."""
    for answer in life.answers:
        if answer.refused is None:
            assert all(event.door == "update" for event in answer.events)
            continue
        assert [event.kind for event in answer.events] == (["case_closed"] if answer.case.reopened else [])
        assert answer.refused.code in Code
        assert answer.refused.sentence.endswith("."), answer.refused.sentence
        assert len(answer.refused.sentence) > 20


def nobody_waits_for_nothing(life: Life) -> None:
    """An open case has a moment ahead, or a named reason and a task for a person."""
    for frame in life.frames:
        decision = frame.decision
        if frame.case.closed is not None:
            assert decision.moment is None
        elif decision.at is None:
            assert isinstance(decision.step, Park), decision
            assert decision.tasks or decision.step.reason == "ne_pas_relancer", decision
        else:
            assert decision.at >= frame.now, decision
        assert decision.moment is None or decision.moment >= frame.now, decision
        assert decision.because
        assert len({task.id for task in decision.tasks}) == len(decision.tasks), decision.tasks


def resting_twice_changes_nothing(life: Life) -> None:
    """Settled at the same instant again, the case enters nothing and decides the same."""
    for frame in life.frames[:: max(1, len(life.frames) // 3)]:
        again, case, decision = settle(frame.case, life.context, frame.now)
        assert again == ()
        assert case == frame.case
        assert decision == frame.decision


def decisions_hold_until_their_moment(life: Life) -> None:
    """Asked again before the awaited moment, the rules say the same step at the same moment."""
    for frame in life.frames[:: max(1, len(life.frames) // 3)]:
        at, alert = frame.decision.at, frame.decision.moment
        ahead = next_rung(frame.case, life.context.policy)
        if ahead is not None and ahead.when.before_due:
            continue  # a courtesy lapses with the due date
        if at is None or alert is None or alert - frame.now < timedelta(minutes=2):
            continue
        for moment in (frame.now + (alert - frame.now) / 2, alert - timedelta(minutes=1)):
            meanwhile, _, again = settle(frame.case, life.context, moment)
            # A guard rail says of itself that it moves a contact, as soon as somebody asks.
            assert all(event.kind == "contact_deferred" for event in meanwhile), meanwhile
            if meanwhile and _contacts_to_come(life, frame):
                continue  # somebody else has written or called since
            if isinstance(again.step, Park) and again.step.reason == "rate":
                continue  # a semester has begun whose rate is not published
            assert again.step.kind == frame.decision.step.kind, (again, frame.decision)
            assert again.at == at


def _contacts_to_come(life: Life, frame: Frame) -> bool:
    known, today = life.context.debtor, local_day(frame.now, life.context.policy.zone)
    return any(day > today for day in (*known.contacts, known.written_on) if day is not None)


def a_case_only_grows(life: Life) -> None:
    """What was sent stays sent; time alone takes nothing back, only a person does who calls back a file."""
    withdrawn = {_act_of(event) for event in life.history if event.kind in ("letter_withdrawn", "file_recalled")}
    withdrawn |= set(lost_letters(life).values())
    for earlier, later in pairwise(life.frames):
        gone = _taken(earlier) - _taken(later) - withdrawn
        assert not gone, gone
        assert later.case.position >= earlier.case.position
        assert later.case.last_at >= earlier.case.last_at


def _taken(frame: Frame) -> set[tuple[str | None, int | None]]:
    """The rungs climbed; one that may never have left can still be ruled not to have."""
    return {(s.step, s.passage) for s in frame.case.steps if s.outcome is not StepOutcome.IN_DOUBT}


def dates_never_go_back(life: Life) -> None:
    """Events are entered in the order of their moments."""
    moments = [event.at for event in life.history]
    assert moments == sorted(moments)


LAWS = [
    money_is_conserved,
    nothing_paid_is_lost,
    nothing_leaves_when_it_must_not,
    letters_ask_what_is_owed,
    no_letter_of_any_kind_leaves_in_doubt,
    letters_keep_their_distance,
    rungs_come_in_order,
    rungs_are_skipped_for_a_reason,
    files_follow_an_unanswered_formal_notice,
    everything_said_is_answered,
    disputes_end_one_by_one,
    nobody_waits_for_nothing,
    resting_twice_changes_nothing,
    decisions_hold_until_their_moment,
    a_case_only_grows,
    dates_never_go_back,
]
