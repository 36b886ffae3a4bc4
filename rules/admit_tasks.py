"""Admitting that a task is done: only one that is open, and only one that its own word does not end. Pure."""

from rules import commands as c
from rules import events as e
from rules.admission import Admission
from rules.decide import decide
from rules.refusals import Code, Refused

REMEDIES = {
    "approve": "approve or decline",
    "answer_dispute": "dispute_settled",
    "post_letter": "letter_posted",
    "review_hold": "resume, or hold with until",
    "find_contact": "contact_changed",
    "check_address": "contact_changed with the address, or resume",
    "plan_missed": "paid, or a new payment_plan",
    "claim_accessories": "waive or paid",
    "publish_rate": "reconsider, once the rate stands in the tables (docs/rates.md)",
    "lodge_file": "judicial_event filed, or recall",
    "follow_hand_over": "recall",
    "follow_mediation": "mediation with its outcome",
    "decide": "approve, resume, adopt, hold or write_off",
}
"""Tasks that end with their cause alone, and what to say instead."""

OUTCOMES = {
    "in_doubt": ("sent", "not_sent"),
    "probable_duplicate": ("same", "another"),
    "offset": ("accepted", "rejected"),
    "performance_date": ("earlier", "later"),
    "grant": ("granted", "refused"),
    "factor_consent": ("granted", "refused"),
    "check_account": ("confirmed", "rejected"),
    "settlement_shaken": ("stands", "void"),
}
"""Tasks that ask a question, and the answers they know."""


def task_done(a: Admission, command: c.TaskDone) -> tuple[e.Event, ...]:
    """The task's end, and what its answer entails; raises Refused for a task that is not open or ends otherwise."""
    open_ = {task.id: task for task in decide(a.case, a.context, a.now).tasks}
    if command.task not in open_:
        known = ", ".join(sorted(open_)) or "none"
        raise Refused(f"task_done: {command.task} is no open task of this case; open: {known}.", Code.NOT_ALLOWED_NOW)
    kind = open_[command.task].kind
    remedy = REMEDIES.get(kind)
    if remedy is not None:
        raise Refused(f"task_done: {command.task} ends with its cause; say {remedy}.", Code.NOT_ALLOWED_NOW)
    answers = None if a.case.closed is not None and kind == "offset" else OUTCOMES.get(kind)
    if answers is not None and command.outcome not in answers:
        raise Refused(f"task_done: say in outcome, for {kind}: {' or '.join(answers)}.")
    return (a.event(e.TaskClosed, command, task=command.task, outcome=command.outcome),)


def posted_after_all(a: Admission, command: c.TaskDone) -> tuple[e.Event, ...]:
    """The payment that was held, when a person has ruled that it is another one."""
    _, _, cause = command.task.partition("/")
    held = next((held for held in a.case.payments_held if held.id == cause), None)
    if held is None or command.outcome != "another":
        return ()
    fields = held.model_dump(include={"amount", "received_on", "reference", "method"})
    return (a.event(e.PaymentReceived, command, **fields).model_copy(update={"id": f"{a.id}/payment"}),)
