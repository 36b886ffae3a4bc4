"""What the rules asked of a case, in the order in which ``decide`` asks it, and what the facts answered. Pure.

It decides nothing: each question is put to the very function that ``decide`` puts it to, and a test holds the last
answer against the decision.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.bank import REASON as BANK
from rules.base import Frozen
from rules.calendars import local_day
from rules.case import Case, Pause
from rules.claim import Context, asked_principal
from rules.decide import ahead, approver, blocker
from rules.decision import AskApproval, Park, PrepareFile, Suspension
from rules.judicial import IN_INSOLVENCY, proceedings
from rules.ladder import Planned, first_open_day, moment_of, next_rung, planned_day
from rules.limits import window_of, zone_of
from rules.pauses import reason_of, suspension, watches
from rules.plan_letters import plan_letter
from rules.policy import Role, Rung, SendWindow
from rules.reach import channel_for
from rules.skips import reason_to_skip


class Verdict(StrEnum):
    """What an answer does: nothing stands in the way, the day is moved, the ladder stops there."""

    GOES_ON = "goes_on"
    MOVES = "moves"
    STOPS = "stops"


class Asked(Frozen):
    """One question and its answer, in French. ``policy``: the settings that answer it, by their names in the policy
    file, a rung under its step (``("rung", "relance_2", "when")``); ``article``: the law's part in it; without either
    the fact alone answers."""

    rule: str
    question: str
    answer: str
    verdict: Verdict
    policy: tuple[tuple[str, ...], ...] = ()
    article: str | None = None


def explain(case: Case, context: Context, now: datetime) -> tuple[Asked, ...]:
    """Every question ``decide`` asks of that case at ``now`` (aware UTC, virtual), up to the one that settles it."""
    return tuple(_asked(case, context, now))


def _asked(case: Case, context: Context, now: datetime) -> Iterator[Asked]:
    if case.closed is not None:
        said = case.closed.because or "le dossier est clos"
        yield _stops("closed", "Le dossier est-il encore ouvert ?", f"non, clos le {case.closed.on:%d/%m/%Y} : {said}")
        return
    if case.reopened is not None:
        yield _stops("reopened", "Le dossier est-il encore ouvert ?", "il rouvre : le fait qui le rouvre est attendu")
        return
    pause = suspension(case, context, now)
    yield from _ahead(case, context, now, pause)
    yield from _first_by_the_clock(case, context, now, pause)


def _ahead(case: Case, context: Context, now: datetime, pause: Suspension | None) -> Iterator[Asked]:
    step, _, because = ahead(case, context, now, pause)
    if isinstance(step, PrepareFile) and step.step in IN_INSOLVENCY:
        yield _stops(
            "declaration", "Le débiteur est-il en procédure collective ?", because, article="L622-24 et R622-24 C. com."
        )
        return
    if pause is not None:
        yield _paused(case, context, now, pause)
        return
    yield _go("pause", "Quelque chose suspend-il les relances ?", _nothing_pauses(case))
    if case.open_principal <= context.policy.tolerance:
        answer = f"{_sum(case.open_principal, case)} restent dus, dans la tolérance : {because}"
        yield _stops("principal", "Reste-t-il du principal ?", answer, policy=(("tolerance",), ("accessories",)))
        return
    asked = asked_principal(case, local_day(now, context.policy.zone))
    answer = f"{_sum(asked, case)} à réclamer" + (f", {_sum(case.disputed, case)} contestés" if case.disputed else "")
    yield _go("principal", "Reste-t-il du principal ?", answer, policy=(("tolerance",),))
    rung = next_rung(case, context.policy)
    if rung is None or proceedings(case) is not None:
        yield _stops("ladder", "Quelle est la prochaine étape de l'échelle ?", because)
        return
    yield _go("ladder", "Quelle est la prochaine étape de l'échelle ?", f"{rung.step}{_after(case)}")
    if isinstance(step, Park) and step.reason == BANK:
        question = "Le relevé bancaire est-il assez récent ?"
        yield _stops("bank_data", question, because, policy=(("bank_data_max_age_days",),))
        return
    yield from _rung(case, rung, context, now)


def _after(case: Case) -> str:
    last = case.steps[-1] if case.steps else None
    return f", après {last.step} du {last.on:%d/%m/%Y}" if last is not None else ", la première"


def _nothing_pauses(case: Case) -> str:
    if case.disputes:
        return "une contestation en retient une partie, le reste continue"
    return "non : ni contestation, ni échéancier, ni promesse, ni suspension, ni réponse à lire"


_PAUSED_BY: dict[Pause, tuple[tuple[str, ...], ...]] = {
    Pause.DISPUTE: (("dispute", "undisputed_part"), ("dispute", "answer_days")),
    Pause.PAYMENT_PLAN: (("plan", "grace_business_days"), ("plan", "broken_resumes")),
    Pause.PROMISE: (("promise", "grace_business_days"),),
    Pause.REPLY: (("reply_days",),),
}


def _paused(case: Case, context: Context, now: datetime, pause: Suspension) -> Asked:
    question = "Quelque chose suspend-il les relances ?"
    answer = f"oui : {reason_of(case, pause)}{_since(case, pause)}"
    if case.insolvency is not None:
        return _stops("pause", question, answer, article="L622-21 C. com.")
    letter = plan_letter(case, context, now) if pause.by is Pause.PAYMENT_PLAN else None
    if letter is not None:
        answer += f" ; une lettre de l'échéancier est due : {letter[2]}"
        return _stops("plan_letter", question, answer, policy=(("plan", "remind_days"), ("plan", "notice_days")))
    return _stops("pause", question, answer, policy=_PAUSED_BY.get(pause.by, ()))


def _since(case: Case, pause: Suspension) -> str:
    """Since when, by whom it was said and in what words of money; nothing where the reason says it all."""
    if pause.by is Pause.DISPUTE and case.disputes:
        first = case.disputes[0]
        part = "le tout" if first.amount is None else _sum(first.amount, case)
        return f", ouvert le {first.on:%d/%m/%Y} sur {part}"
    facts = {
        Pause.PAYMENT_PLAN: case.plan,
        Pause.PROMISE: case.promise,
        Pause.REPLY: case.reply,
        Pause.HOLD: case.hold,
    }
    fact = facts.get(pause.by)
    return f", depuis le {fact.on:%d/%m/%Y}" if fact is not None else ""


def _rung(case: Case, rung: Rung, context: Context, now: datetime) -> Iterator[Asked]:
    planned = moment_of(case, rung, context, now)
    skipped = reason_to_skip(case, rung, context, now if planned is None else planned.at)
    if skipped is not None and planned is not None:
        yield _stops("skip", "Cette étape a-t-elle lieu d'être ?", f"non : {skipped}", policy=_skip_settings(rung))
        return
    yield _go("skip", "Cette étape a-t-elle lieu d'être ?", "oui", policy=(("rung", rung.step, "minimum"),))
    if planned is None:
        waits = ahead(case, context, now, None)[2]
        yield _stops("when", "Quel jour vient-elle ?", waits, policy=(("rung", rung.step, "when"),))
        return
    yield from _moment(case, rung, context, now, planned)
    role = approver(case, rung, context)
    step, _, because = ahead(case, context, now, None)
    if role is not Role.NONE:
        yield _approval(case, rung, context, role, asks=isinstance(step, AskApproval))
        if case.approved is None and (case.approval is not None or isinstance(step, AskApproval)):
            return
    blocked = blocker(case, rung, context, now)
    if blocked is not None:
        yield _stops("reach", "Peut-elle être faite ?", because, policy=(("rung", rung.step, "channel"),))
        return
    yield _go("reach", "Peut-elle être faite ?", _how(case, rung), policy=(("rung", rung.step, "channel"),))


def _skip_settings(rung: Rung) -> tuple[tuple[str, ...], ...]:
    return (("rung", rung.step, "minimum"), ("rung", rung.step, "when"), ("entry",))


def _how(case: Case, rung: Rung) -> str:
    if rung.prepares is not None:
        return "oui : le dossier judiciaire se prépare"
    channel = channel_for(case, rung) or rung.channel[0]
    return f"oui, par {_CHANNELS.get(channel.value, channel.value)}"


_CHANNELS = {
    "email": "courriel",
    "letter": "lettre",
    "registered_letter": "lettre recommandée",
    "call": "téléphone",
    "sms": "SMS",
}


def _moment(case: Case, rung: Rung, context: Context, now: datetime, planned: Planned) -> Iterator[Asked]:
    day = planned_day(case, rung, context.policy)
    counted = planned.because.partition(" : ")[2].partition(", reporté au")[0]
    settings: tuple[tuple[str, ...], ...] = (("rung", rung.step, "when"),)
    if rung.when.step is not None and rung.when.anchor == "unanswered":
        settings += (("rung", rung.when.step, "answer_within"),)
    yield _go("when", "Quel jour vient-elle ?", f"le {day:%d/%m/%Y} : {counted}", policy=settings)
    if rung.prepares is None:
        yield _spacing(case, context, planned)
    window, zone = window_of(case, rung, context.policy), zone_of(case, context.policy)
    opens = planned.at.astimezone(zone)
    moved = opens.date() > max(planned.day, local_day(now, context.policy.zone))
    answer = f"le {opens:%d/%m/%Y à %H:%M}, {_hours(window)}"
    if moved:
        first = first_open_day(planned.day, case, rung, context.policy)
        answer += f" ; avant le {first:%d/%m/%Y}, jour non ouvré ou bureau fermé"
    own = ("calls",) if rung.is_call and context.policy.calls is not None else ("send",)
    verdict = Verdict.MOVES if moved else Verdict.GOES_ON
    question = "À quel jour et à quelle heure le permet-on ?"
    yield Asked(rule="hours", question=question, answer=answer, verdict=verdict, policy=(own,))


def _hours(window: SendWindow) -> str:
    return f"entre {window.from_:%H:%M} et {window.to:%H:%M}, hors jours fériés ({window.holidays})"


def _spacing(case: Case, context: Context, planned: Planned) -> Asked:
    question, policy = "Le débiteur est-il laissé assez longtemps en paix ?", (("spacing",),)
    last = max(
        (day for day in (case.last_written.on if case.last_written else None, context.debtor.written_on) if day),
        default=None,
    )
    known = "aucun courrier avant" if last is None else f"dernier courrier le {last:%d/%m/%Y}"
    week = [day for day in context.debtor.contacts if planned.wanted - timedelta(days=7) < day <= planned.wanted]
    if week:
        known += f", {len(week)} contact{'s' if len(week) > 1 else ''} d'autres dossiers cette semaine-là"
    if planned.guard is None:
        return _go("spacing", question, f"oui : {known}", policy=policy)
    reason = planned.because.rpartition(" : ")[2]
    answer = f"non, reporté au {planned.day:%d/%m/%Y} {reason} ({known})"
    return Asked(rule="spacing", question=question, answer=answer, verdict=Verdict.MOVES, policy=policy)


def _approval(case: Case, rung: Rung, context: Context, role: Role, *, asks: bool) -> Asked:
    question = "Une personne doit-elle la valider ?"
    who = {Role.OPERATOR: "un gestionnaire", Role.MANAGER: "un responsable"}.get(role, role.value)
    settings: tuple[tuple[str, ...], ...] = (("rung", rung.step, "approval"),)
    if context.policy.approval_above is not None and case.open_principal > context.policy.approval_above.amount:
        settings += (("approval_above",),)
    if rung.prepares is not None and context.policy.judicial.approval is not None:
        settings += (("judicial", "approval"),)
    if case.approved is not None:
        by = f" par {case.approved.by}" if case.approved.by else ""
        return _go("approval", question, f"oui, {who} : validée le {case.approved.on:%d/%m/%Y}{by}", policy=settings)
    if case.approval is not None:
        asked = f"oui, {who} : demandé le {case.approval.on:%d/%m/%Y}, sans réponse"
        return _stops("approval", question, f"{asked}, caduc après le {case.approval.lapses_on:%d/%m/%Y}", settings)
    if asks:
        return _stops("approval", question, f"oui, {who} : à demander quand le jour vient", settings)
    return _go("approval", question, f"oui, {who}, mais autre chose manque d'abord", policy=settings)


def _first_by_the_clock(case: Case, context: Context, now: datetime, pause: Suspension | None) -> Iterator[Asked]:
    waits = watches(case, context)
    _, at, _ = ahead(case, context, now, pause)
    if not waits or (at is not None and at <= waits[0].at):
        return
    first = waits[0]
    day = f"{first.at.astimezone(context.policy.zone):%d/%m/%Y %H:%M}"
    yield Asked(
        rule="clock", question="Un délai finit-il avant ?", answer=f"oui, le {day} : {first.because}",
        verdict=Verdict.MOVES,
    )  # fmt: skip


def _go(rule: str, question: str, answer: str, policy: tuple[tuple[str, ...], ...] = ()) -> Asked:
    return Asked(rule=rule, question=question, answer=answer, verdict=Verdict.GOES_ON, policy=policy)


def _stops(
    rule: str, question: str, answer: str, policy: tuple[tuple[str, ...], ...] = (), article: str | None = None
) -> Asked:
    return Asked(rule=rule, question=question, answer=answer, verdict=Verdict.STOPS, policy=policy, article=article)


def _sum(amount: Decimal, case: Case) -> str:
    """« 1 200,00 € », with no-break spaces."""
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
    return f"{text} {'€' if case.invoice.currency == 'EUR' else case.invoice.currency}"
