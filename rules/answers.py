"""The reasoned answer to a dispute that was rejected: it goes out before the ladder does. Pure."""

from datetime import datetime

from rules.calendars import local_day, next_opening
from rules.case import Case
from rules.claim import Context, asked_principal, region
from rules.decision import Send
from rules.fold_steps import ANSWER
from rules.limits import letters_window, zone_of
from rules.policy import Channel, Claims
from rules.reach import reachable


def answer_letter(case: Case, context: Context, now: datetime) -> tuple[Send, datetime, str] | None:
    """The letter with the reasons of the rejection, its moment and its reason; None when nobody has written them, when
    it cannot reach the debtor, or when it did not leave: a person answers then."""
    owed = case.answer_owed
    if owed is None or owed.answer is None or case.disputes:
        return None
    step = f"{ANSWER}_{owed.on:%Y%m%d}"
    channel = next((c for c in (Channel.EMAIL, Channel.LETTER) if reachable(case, c)), None)
    at = next_opening(letters_window(case, context.policy), zone_of(case, context.policy), region(case), now)
    today = local_day(at, context.policy.zone)
    if channel is None or case.taken(step) is not None or asked_principal(case, today) <= context.policy.tolerance:
        return None
    send = Send(
        step=step, passage=case.passage, channel=channel, tone="courtois", claims=Claims.PRINCIPAL,
        as_of=today, about=owed.on,
    )  # fmt: skip
    return send, at, "litige rejeté : la réponse motivée part avant toute relance"
