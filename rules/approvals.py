"""How long a request for approval, and its answer, hold. Pure."""

from datetime import date

from rules import events as e
from rules.calendars import end_of, local_day
from rules.case import Case
from rules.claim import Context
from rules.ladder import moment_of
from rules.watch import Watch


def approval_watch(case: Case, context: Context) -> Watch | None:
    """The moment at which the request, or the answer that was given, lapses; None when nothing is asked."""
    asked = case.approval
    if asked is None:
        return None
    last = _last_day(case, asked, context)
    day = f"{last:%d/%m/%Y}"
    approved = case.approved is not None
    # Its letter lay in the tray: the post never had it, but its copy may have left.
    lay = any((s.step, s.passage) == (asked.step, asked.passage) for s in case.unposted)
    stayed = "postée" if lay else "partie"
    fields: dict[str, object] = {
        "step": asked.step,
        "passage": asked.passage,
        "because": f"validée, mais pas {stayed} avant le {day}" if approved else f"aucune réponse avant le {day}",
    }
    waited = "validation à redemander" if approved else "validation restée sans réponse"
    return Watch(end_of(last, context.policy.zone), e.ApprovalLapsed, fields, waited)


def _last_day(case: Case, asked: e.ApprovalRequested, context: Context) -> date:
    """An answer lapses like the question, but never before the first day on which the policy could act on it: one that
    writes once a month would else ask for ever."""
    rung = context.policy.at(asked.step)
    if case.approved is None or rung is None:
        return asked.lapses_on
    planned = moment_of(case, rung, context, case.approved.at)
    return asked.lapses_on if planned is None else max(asked.lapses_on, local_day(planned.at, context.policy.zone))
