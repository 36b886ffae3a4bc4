"""Why nothing is written for now, and the moments at which something ends by the clock alone. Pure."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from rules import events as e
from rules.approvals import approval_watch
from rules.base import remembered
from rules.calendars import end_of, local_day, start_of
from rules.case import Case, Pause, StepOutcome, StepTaken
from rules.claim import Context, asked_principal, given_up, region
from rules.decision import Suspension
from rules.expiry import limitation_on
from rules.judicial import NO_DECLARATION
from rules.judicial_clocks import watches as court_watches
from rules.law import alert_days
from rules.law.days import add_business_days
from rules.plan_watches import plan_watches
from rules.settlements import settlement_watches
from rules.stops import ends_stopped, paused_by_note, stop
from rules.watch import Watch


@remembered
def suspension(case: Case, context: Context, now: datetime) -> Suspension | None:
    """The pause that holds the whole ladder at ``now``, the strongest first; None when it may go on."""
    on = local_day(now, context.policy.zone)
    if case.stay is not None:
        return Suspension(by=Pause.HOLD)
    if case.disputes and _dispute_stops_all(case, context, on):
        return Suspension(by=Pause.DISPUTE, until=_undisputed_from(case, context, on))
    return stop(case, context, on) or _agreed(case) or _said_by_the_debtor(case) or _answer_first(case)


def _agreed(case: Case) -> Suspension | None:
    """What was agreed with the debtor, or what a person declined."""
    if case.plan is not None:
        return Suspension(by=Pause.PAYMENT_PLAN, until=case.plan.instalments[-1].due_on)
    if case.settlement is not None and not case.settlement_lapsed:
        return Suspension(by=Pause.HOLD, until=case.settlement.pay_by)
    return Suspension(by=Pause.HOLD) if case.declined is not None else None


def _answer_first(case: Case) -> Suspension | None:
    """The reasons of a rejection are owed to the debtor before the ladder goes on."""
    return Suspension(by=Pause.DISPUTE) if case.answer_owed is not None else None


def _said_by_the_debtor(case: Case) -> Suspension | None:
    if case.promise is not None:
        return Suspension(by=Pause.PROMISE, until=case.promise.pay_on)
    if case.reply is not None:
        return Suspension(by=Pause.REPLY, until=case.reply.review_by)
    if case.returned is not None:
        return Suspension(by=Pause.RETURNED_LETTER)
    return None


def _dispute_stops_all(case: Case, context: Context, on: date) -> bool:
    return context.policy.dispute.undisputed_part == "pauses" or asked_principal(case, on) <= context.policy.tolerance


def _undisputed_from(case: Case, context: Context, on: date) -> date | None:
    """The day on which an instalment falls due that leaves something to ask beside the dispute."""
    if context.policy.dispute.undisputed_part == "pauses":
        return None
    ahead = (part.due_on for part in case.asked_when if part.due_on > max(on, case.anchor_on))
    return next((day for day in ahead if asked_principal(case, day) > context.policy.tolerance), None)


def ends_by_itself(case: Case, context: Context, pause: Suspension) -> datetime | None:
    """The moment at which a pause ends with nothing entered: an instalment outside the dispute falls due, a hold on
    the debtor runs out. Other pauses end by an event."""
    agreed = case.hold is not None or (case.settlement is not None and not case.settlement_lapsed)
    silent = pause.by is Pause.DISPUTE or (pause.by is Pause.HOLD and not agreed)
    return start_of(pause.until, context.policy.zone) if silent and pause.until is not None else None


def reason_of(case: Case, pause: Suspension) -> str:
    """The pause as a sentence, in French."""
    until = f" jusqu'au {pause.until:%d/%m/%Y}" if pause.until else ""
    if case.stay is not None:
        opened = f"{case.stay.opened_on:%d/%m/%Y}"
        if case.stay.procedure == NO_DECLARATION:
            return f"surendettement depuis le {opened} : plus aucune relance"
        return f"procédure collective ouverte le {opened} : plus aucune relance, créance à déclarer"
    if pause.by is Pause.DISPUTE and case.answer_owed is not None and not case.disputes:
        return "litige rejeté : une réponse motivée part d'abord"
    if pause.by is Pause.HOLD and case.settlement is not None and pause.until == case.settlement.pay_by:
        agreed = case.settlement
        return f"transaction : {agreed.amount} {case.invoice.currency} à payer avant le {agreed.pay_by:%d/%m/%Y} inclus"
    if pause.by is Pause.HOLD and case.settlement_shaken is not None:
        return "un paiement antérieur à la transaction a été repris : une personne dit si elle tient"
    if pause.by is Pause.HOLD and case.payments_held:
        return "un paiement semble annoncé deux fois : une personne tranche"
    if pause.by is Pause.HOLD and case.handed is not None:
        return f"dossier confié à {case.handed.to} depuis le {case.handed.since:%d/%m/%Y}"
    if pause.by is Pause.HOLD and case.mediation is not None:
        return f"médiation convenue le {case.mediation.agreed_on:%d/%m/%Y}"
    if pause.by is Pause.HOLD and case.declined is not None:
        return f"{case.declined.step} refusée par une personne : en attente d'une décision"
    if pause.by is Pause.HOLD and case.doubt is not None:
        return f"{case.doubt.step} : on ignore si le courrier est parti, une personne doit trancher"
    if pause.by is Pause.RETURNED_LETTER and case.returned is not None and case.returned.cause == "deceased":
        return "courrier revenu, débiteur décédé : une personne décide de la suite"
    if pause.by is Pause.HOLD and paused_by_note(case):
        return "un fait signalé attend l'avis d'une personne"
    return f"{_PAUSES[pause.by]}{until}"


_PAUSES = {
    Pause.DISPUTE: "litige en cours",
    Pause.PAYMENT_PLAN: "échéancier en cours",
    Pause.PROMISE: "promesse de paiement",
    Pause.HOLD: "suspension",
    Pause.REPLY: "réponse du débiteur à lire",
    Pause.RETURNED_LETTER: "courrier revenu, adresse à vérifier",
}


@remembered
def watches(case: Case, context: Context) -> tuple[Watch, ...]:
    """All that ends by the clock, the earliest first."""
    zone, policy = context.policy.zone, context.policy
    found: list[Watch] = []
    if case.hold is not None and case.hold.until is not None:
        found.append(Watch(start_of(case.hold.until, zone), e.HoldLifted, {}, "fin de la suspension"))
    if case.promise is not None:
        # « Paiement transmis » is five banking days in all; the grace is that of a promise.
        grace = 0 if case.promise.announced else policy.promise.grace_business_days
        ends = add_business_days(case.promise.pay_on, grace, region(case))
        fields: dict[str, object] = {"pay_on": case.promise.pay_on}
        judged = ends_stopped(case, context, end_of(ends, zone))
        if judged is not None:
            found.append(Watch(judged, e.PromiseBroken, fields, "fin du délai de la promesse de paiement"))
    if case.reply is not None and case.reply.review_by is not None:
        found.append(Watch(end_of(case.reply.review_by, zone), e.ReplyEscalated, {}, "réponse du débiteur non traitée"))
    lapse = approval_watch(case, context)
    if lapse is not None:
        found.append(lapse)
    if case.call is not None:
        fields = {"step": case.call.step, "passage": case.call.passage}
        found.append(Watch(end_of(case.call.lapses_on, zone), e.CallLapsed, fields, "appel non passé à temps"))
    found.extend(plan_watches(case, context))
    found.extend(settlement_watches(case, context))
    found.extend(_delivery_watches(case, context))
    found.extend(_tray_watches(case, context))
    found.extend(court_watches(case, context))
    return tuple(sorted(found, key=lambda watch: watch.at))


def _delivery_watches(case: Case, context: Context) -> list[Watch]:
    """A registered letter that was posted and of which nothing is heard."""
    days = timedelta(days=context.policy.delivery_news_days)
    return [
        Watch(
            start_of(taken.posted_on + days, context.policy.zone),
            e.DeliveryOverdue,
            {"step": taken.step, "passage": taken.passage},
            f"{taken.step} : aucune nouvelle de la distribution",
        )
        for taken in case.steps
        if taken.outcome is StepOutcome.POSTED and taken.channel == "registered_letter"
        if taken.posted_on is not None and not taken.overdue
    ]


def _tray_watches(case: Case, context: Context) -> list[Watch]:
    """A letter that lies too long in the tray is withdrawn, to be drawn up anew: two business days, then longer each
    time that nobody came."""
    days = context.policy.tray_days * min(5, 1 + case.withdrawals)
    return [
        Watch(
            end_of(add_business_days(taken.on, days, region(case)), context.policy.zone),
            e.LetterWithdrawn,
            withdrawal(taken, "personne ne l'a postée à temps"),
            f"{taken.step} : à poster en recommandé",
        )
        for taken in in_tray(case)
    ]


def in_tray(case: Case) -> list[StepTaken]:
    """The registered letters that wait to be posted."""
    return [taken for taken in case.steps if taken.outcome is StepOutcome.IN_TRAY]


def lies_in_tray(taken: StepTaken, message_id: str) -> bool:
    """Whether the rung's letter is that message and waits to be posted."""
    return taken.outcome is StepOutcome.IN_TRAY and taken.message_id == message_id


def letter_lost(case: Case, event: e.Event) -> str | None:
    """The message that an event says did not reach the debtor, or came back; ``case``: as it stood before."""
    if isinstance(event, e.NoticeBounced):
        return event.message_id
    taken = case.taken(event.step, event.passage) if isinstance(event, e.LetterReturned) else None
    return None if taken is None else taken.message_id


def withdrawal(taken: StepTaken, because: str) -> dict[str, object]:
    """The fields of a withdrawal."""
    return {"step": taken.step, "passage": taken.passage, "message_id": taken.message_id or "", "because": because}


def overtaken(case: Case, context: Context, now: datetime) -> tuple[StepTaken, str] | None:
    """A letter in the tray that no longer says the truth: closed, paused, or another sum; None when there is none."""
    for taken in in_tray(case):
        if case.closed is not None:
            return taken, "le dossier est clos"
        if taken.passage != case.passage:
            return taken, "l'échéance a changé"
        if (case.open_principal, case.disputed) != (taken.principal, taken.disputed):
            return taken, "le montant dû a changé"
        if (asked_principal(case, taken.on), given_up(case)) != (taken.asked, taken.given_up):
            return taken, "le montant réclamé a changé"
        pause = suspension(case, context, now)
        if pause is not None:
            return taken, reason_of(case, pause)
        if case.factor is not None and not case.factor_consents:
            return taken, "la créance a été cédée : l'accord de l'affactureur est attendu"
    return None


@remembered
def alerts(case: Case, context: Context) -> tuple[Watch, ...]:
    """The policy's alerts ahead of the last useful day; when that day moves, they begin again. Of several already past,
    only the nearest to the day is told."""
    last_day = limitation_on(case, context.tables)
    if last_day is None:
        return ()
    told = {alert.distance for alert in case.limitation if alert.last_day == last_day}
    ahead = _alerts_of(last_day, context.policy.limitation_alerts)
    today = local_day(case.last_at, context.policy.zone)
    past = [entry for entry in ahead if entry[0] <= today]
    open_ = [entry for entry in ahead if entry[1] not in told and entry not in past[:-1]]
    return tuple(
        Watch(
            start_of(day, context.policy.zone),
            e.LimitationNear,
            {"distance": text, "last_day": last_day},
            f"prescription le {last_day:%d/%m/%Y}",
        )
        for day, text in open_[:1]
    )


@lru_cache(1024)
def _alerts_of(last_day: date, distances: tuple[str, ...]) -> list[tuple[date, str]]:
    """The days of the alerts, in order, each with its distance."""
    return sorted((alert_days(last_day, [text])[0], text) for text in distances)


def today(now: datetime, context: Context) -> date:
    """The day of a moment in the creditor's time zone."""
    return local_day(now, context.policy.zone)
