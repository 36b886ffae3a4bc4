"""The law of doubt, read from the events alone: what they leave open, and what ends it."""

from rules import events as e
from rules.calendars import local_day
from rules.decision import Send
from tests.rules.lives import Life


def no_letter_of_any_kind_leaves_in_doubt(life: Life) -> None:
    """Nothing is written while a payment is in doubt, something told waits for a person, the case is held or given to
    another, or the debtor is dead; read from the events alone."""
    acts = {id(act.event): act for act in life.acts}
    doubts: dict[str, e.Event] = {}
    for event in life.history:
        act = acts.get(id(event))
        if act is not None and isinstance(act.decision.step, Send):
            assert doubts == {}, (event, doubts)
            debtor, today = life.context.debtor, local_day(act.now, life.context.policy.zone)
            assert not debtor.held or (debtor.held_until is not None and today >= debtor.held_until)
        _doubted(doubts, event)


def _doubted(doubts: dict[str, e.Event], event: e.Event) -> None:
    """What is in doubt after the event, by its cause."""
    match event:
        case e.Noted(pauses=True) | e.PaymentHeld() | e.NoticeInDoubt():
            doubts[event.id] = event
        case e.HoldPlaced() | e.HandedOver() | e.MediationOpened():
            doubts[type(event).__name__] = event
        case e.LetterReturned(cause="deceased"):
            doubts["deceased"] = event
        case e.LetterDelivered() | e.LetterReturned():
            before = doubts.get("deceased")
            if isinstance(before, e.LetterReturned) and (before.step, before.passage) == (event.step, event.passage):
                del doubts["deceased"]
        case e.HoldLifted():
            ended = {"HoldPlaced"} if event.door is None else {"HoldPlaced", "deceased", *_resumed(doubts)}
            _without(doubts, ended)
        case e.TakenBack():
            _without(doubts, {"HandedOver"})
        case e.MediationEnded():
            _without(doubts, {"MediationOpened"})
        case e.TaskClosed():
            _without(doubts, {event.task.partition("/")[2]})
        case e.PaymentReceived():
            _without(doubts, {id_ for id_, note in doubts.items() if _proposal_of(note, event)})
        case e.TermsChanged():
            _without(doubts, _notes(doubts, "terms_changed"))
        case e.PlanAgreed():
            _without(doubts, _notes(doubts, "plan_requested"))
        case e.CaseClosed():
            doubts.clear()


def _without(doubts: dict[str, e.Event], gone: set[str]) -> None:
    for cause in gone & doubts.keys():
        del doubts[cause]


def _notes(doubts: dict[str, e.Event], what: str) -> set[str]:
    return {id_ for id_, note in doubts.items() if isinstance(note, e.Noted) and note.what == what}


def _resumed(doubts: dict[str, e.Event]) -> set[str]:
    """What a person ends by saying that the case goes on: all that was noted and that no manager has to grant."""
    return {id_ for id_, note in doubts.items() if isinstance(note, e.Noted) and note.asks is None}


def _proposal_of(note: e.Event, paid: e.PaymentReceived) -> bool:
    if not isinstance(note, e.Noted) or note.what != "payment_proposed":
        return False
    if paid.reference is None:  # said without one, it is the proposal of the same sum
        return bool(f"{paid.amount}" == note.details["amount"])
    return bool(note.details["reference"] == paid.reference)
