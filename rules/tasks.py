"""What people have to do for a case, derived from where it stands: a task closes by itself when its cause is gone.
Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rules import events as e
from rules.answers import answer_letter
from rules.bank import PROPOSED, bank_task
from rules.calendars import local_day
from rules.case import Case, StepOutcome, StepTaken
from rules.claim import Context, region
from rules.decision import AnyStep, Park, Task
from rules.factoring import CONSENT, account_task, consent_task
from rules.judicial_tasks import judicial_tasks
from rules.law.days import add_business_days, semester_of, semester_start
from rules.law.rates import default_rate
from rules.money import ZERO
from rules.plan_watches import last_day_of_notice
from rules.policy import Channel
from rules.settlements import to_refund

OPERATOR = "operator"


def tasks(
    case: Case, context: Context, step: AnyStep, because: str, now: datetime, at: datetime | None
) -> tuple[Task, ...]:
    """The open tasks of a case at ``now`` whose next step comes at ``at``, the most urgent first; those of a closed
    case are what reached it late."""
    today = local_day(now, context.policy.zone)
    found = [*_of_notes(case), *_of_money(case, context, today), *judicial_tasks(case, context, today)]
    if case.closed is None:
        found += [
            *_of_limitation(case),
            *_of_rates(case, context, today),
            *_of_pauses(case, context),
            *_of_answer(case, context, now),
            *_of_holds(case, context, today),
            *_of_steps(case, context),
            *_of_park(case, step, because, today),
            *bank_task(step, case.invoice.creditor, context, today),
        ]
    open_ = {task.id: _given(task, case.owner) for task in found if task.id not in case.done}
    if _stands(case, context, step, None if at is None else at - now) and not _moves(open_.values(), step):
        last = Task(id=f"decide/{case.passage}/waiting", kind="decide", due_on=today, summary=because, owner="manager")
        open_[last.id] = last
    return tuple(sorted(open_.values(), key=lambda task: (task.due_on, task.kind, task.id)))


def _given(task: Task, owner: str | None) -> Task:
    """What any operator could do is for the one who looks after the case."""
    return task if owner is None or task.owner != OPERATOR else task.model_copy(update={"owner": owner})


_FAR = timedelta(days=180)
_ASIDE = frozenset({
    "refund", "publish_rate", "signal_refused", "fix_contact", "fix_phone", "notice_failed", "delivery_news",
    "limitation", "penalty_note",
})  # fmt: skip
"""Tasks that, done, leave a case that stands where it stood."""


def _stands(case: Case, context: Context, step: AnyStep, ends_in: timedelta | None) -> bool:
    """Whether the case stands still: with every task of its cause said done, somebody must decide all the same. A title
    that lapses in ten years is no end to wait for."""
    if case.closed is not None or not isinstance(step, Park) or not context.policy.rung:
        return False
    return ends_in is None or (step.reason == "court" and ends_in > _FAR)


def _moves(open_: Iterable[Task], step: AnyStep) -> bool:
    """Whether a task is open that gets the case going."""
    awaited = step.reason if isinstance(step, Park) else None
    wanted = "publish_rate" if awaited == "rate" else awaited
    return any(task.kind not in _ASIDE or task.kind == wanted for task in open_)


def _of_limitation(case: Case) -> list[Task]:
    """The latest alert of the day that holds now; an interruption makes the earlier ones moot."""
    if not case.limitation:
        return []
    alert = case.limitation[-1]
    if any(day > alert.on for day in case.recognitions):
        return []
    summary = f"prescription le {alert.last_day:%d/%m/%Y} : faire reconnaître la dette ou assigner"
    return [_task("limitation", alert, alert.last_day, summary, "manager")]


def _of_pauses(case: Case, context: Context) -> list[Task]:
    found = []
    for dispute in case.disputes:
        due = dispute.answer_by or dispute.on
        what = f"{dispute.amount} {case.invoice.currency}" if dispute.amount else "toute la facture"
        found.append(_task("answer_dispute", dispute, due, f"répondre au litige ({what})", dispute.owner))
    if case.reply is not None:
        due = case.reply.review_by or case.reply.on
        found.append(_task("code_reply", case.reply, due, "lire la réponse du débiteur et la qualifier"))
    if case.returned is not None:
        found.append(
            _task("check_address", case.returned, case.returned.on, f"courrier revenu : {case.returned.cause}")
        )
    if case.declined is not None:
        found.append(
            _task(
                "decide",
                case.declined,
                case.declined.on,
                f"{case.declined.step} refusée : décider de la suite",
            )
        )
    if case.plan_missed is not None:
        missed = case.plan_missed
        breaks_on = last_day_of_notice(case, missed, context.policy.plan.notice_days)
        after = f"rompt le {breaks_on:%d/%m/%Y}" if breaks_on else "ne rompt qu'après le préavis"
        summary = f"échéance du {missed.due_on:%d/%m/%Y} impayée, l'échéancier {after}"
        found.append(_task("plan_missed", missed, breaks_on or missed.breaks_on, summary))
    return found


def _of_answer(case: Case, context: Context, now: datetime) -> list[Task]:
    """The reasons of a rejection, unless the letter with them is on its way."""
    owed = case.answer_owed
    if owed is None or answer_letter(case, context, now) is not None:
        return []
    due = add_business_days(owed.on, 2, region(case))
    return [_task("write_answer", owed, due, "litige rejeté : répondre par écrit, avec les motifs")]


def _of_holds(case: Case, context: Context, today: date) -> list[Task]:
    """A hold that no day ends is looked at again by a person."""
    summary = "suspension sans date : la lever ou lui donner une fin"
    if case.hold is not None and case.hold.until is None:
        return [_task("review_hold", case.hold, case.hold.on + timedelta(days=30), summary)]
    if context.debtor.held and context.debtor.held_until is None:
        return [Task(id="review_hold/debtor", kind="review_hold", due_on=today, summary=summary)]
    return []


def _of_steps(case: Case, context: Context) -> list[Task]:
    found = []
    if case.approval is not None and case.approved is None:
        asked = case.approval
        found.append(_task("approve", asked, asked.lapses_on, f"valider {asked.step}", asked.role))
    if case.call is not None:
        found.append(_call(case, case.call, _owner_of(case.call.step, context)))
    if case.doubt is not None:
        found.append(_task("in_doubt", case.doubt, case.doubt.on, f"{case.doubt.step} : le courrier est-il parti ?"))
    for taken in case.steps:
        found += _of_letter(case, taken, context)
    return found


def _owner_of(step: str, context: Context) -> str | None:
    """Who does what a rung asks for, when the policy names somebody."""
    rung = context.policy.at(step)
    return rung.owner if rung is not None else None


def _call(case: Case, call: e.CallRequested, owner: str | None) -> Task:
    """The call to make, or the text message to send: which attempt, and whether a number has to be found first."""
    texts = call.channel == Channel.SMS
    summary = f"{'envoyer un SMS au' if texts else 'appeler le'} débiteur ({call.step})"
    if call.again_on is not None:
        summary += f", essai n° {call.attempt}, à partir du {call.again_on:%d/%m/%Y}"
    if case.phone is None and case.debtor.phone is not None:
        summary += " : numéro faux, en trouver un autre"
    return _task("sms" if texts else "call", call, call.again_on or call.lapses_on, summary, owner)


def _of_letter(case: Case, taken: StepTaken, context: Context) -> list[Task]:
    key = f"{taken.passage}/{taken.step}"
    if taken.outcome is StepOutcome.IN_TRAY:
        due = add_business_days(taken.on, 2, region(case))
        return [
            Task(
                id=f"post_letter/{key}",
                kind="post_letter",
                due_on=due,
                summary=f"poster {taken.step} en recommandé",
                owner=_owner_of(taken.step, context) or OPERATOR,
            )
        ]
    if taken.outcome is StepOutcome.POSTED and taken.overdue and taken.posted_on is not None:
        due = taken.posted_on + timedelta(days=context.policy.delivery_news_days)
        summary = f"{taken.step} : aucune nouvelle de la distribution, interroger la poste"
        return [Task(id=f"delivery_news/{key}", kind="delivery_news", due_on=due, summary=summary)]
    return []


def _of_park(case: Case, step: AnyStep, because: str, today: date) -> list[Task]:
    if not isinstance(step, Park) or step.reason not in _PARKS:
        return []
    if step.reason == "rate":
        return [_publish_rate(today)]
    if step.reason == CONSENT:
        return consent_task(case, because)
    kind, owner = _PARKS[step.reason]
    return [Task(id=f"{kind}/{case.passage}/{step.reason}", kind=kind, due_on=today, summary=because, owner=owner)]


def _of_rates(case: Case, context: Context, today: date) -> list[Task]:
    """A late case in a semester whose rate nobody has entered: interest stops at the last one known."""
    known = default_rate(semester_of(today), context.tables) is not None
    return [] if known or today <= case.anchor_on else [_publish_rate(today)]


def _publish_rate(today: date) -> Task:
    """One task for the whole book: its id is the semester's, whichever case asks."""
    year, half = semester_of(today)
    summary = f"taux du semestre {year}-S{half} à saisir dans les tables (docs/rates.md)"
    due = semester_start(year, half)
    return Task(id=f"publish_rate/{year}-S{half}", kind="publish_rate", due_on=due, summary=summary, owner="maintainer")


_PARKS = {
    "contact": ("find_contact", "operator"),
    "rate": ("publish_rate", "maintainer"),
    CONSENT: (CONSENT, "manager"),
    "debtor_kind": ("debtor_kind", "operator"),
    "ladder_ended": ("decide", "manager"),
    "no_mise_en_demeure": ("decide", "manager"),
    "reopened": ("decide", "operator"),
    "accessories": ("claim_accessories", "manager"),
}


def _of_notes(case: Case) -> list[Task]:
    found = []
    for note in case.open_notes:
        if isinstance(note, e.Noted) and note.asks is not None:
            summary = f"{note.what} à accorder : {note.because}"
            found.append(_task("grant", note, note.on, summary, note.asks))
        elif isinstance(note, e.Noted) and note.what == PROPOSED:
            found.append(_task(PROPOSED, note, note.on, _proposed(note, case.invoice.currency)))
        elif isinstance(note, e.Noted):
            if note.pauses and note.what == "assigned":
                found.append(account_task(note))
            elif note.pauses or (note.after_closure and note.what != "document"):
                found.append(_task(note.what, note, note.on, f"{note.what} : à examiner"))
        else:
            found.append(_of_trouble(note))
    return found


def _of_trouble(note: e.Event) -> Task:
    """What went wrong, for a person to look at."""
    match note:
        case e.SignalRefused():
            return _task("signal_refused", note, note.on, "un signal n'a pas pu être lu ou a été refusé")
        case e.NoticeBounced():
            return _task("fix_contact", note, note.on, "l'adresse e-mail ne reçoit plus : en trouver une autre")
        case e.CallEnded():
            return _task("fix_phone", note, note.on, "numéro qui n'est pas le sien : en trouver un autre")
        case e.ReplyEscalated():
            return _task("code_reply", note, note.on, "réponse du débiteur restée sans lecture", "manager")
        case e.PlanBroken():
            return _task("plan_broken", note, note.on, note.because)
        case e.NoticeFailed():
            return _task("notice_failed", note, note.on, f"{note.step} : courrier refusé, voir pourquoi")
    return _task("act_gave_up", note, note.on, f"{getattr(note, 'step', 'étape')} n'a pas pu partir")


def _of_money(case: Case, context: Context, today: date) -> list[Task]:
    """Sums that a person has to place: paid twice, perhaps; paid beyond what was owed; accessories to invoice."""
    found = []
    for held in case.payments_held:
        summary = f"paiement de {held.amount} {case.invoice.currency} peut-être déjà connu : same ou another"
        found.append(_task("probable_duplicate", held, held.on, summary))
    excess, shaken = to_refund(case), case.settlement_shaken
    if excess > ZERO:
        summary = f"trop-perçu de {excess} {case.invoice.currency} : rembourser ou imputer"
        found.append(Task(id=f"refund/{excess}", kind="refund", due_on=today, summary=summary))
    if shaken is not None:
        summary = "paiement antérieur à la transaction repris : la transaction tient-elle (stands ou void) ?"
        found.append(_task("settlement_shaken", shaken, shaken.on, summary, "manager"))
    if context.policy.accessories == "invoice" and case.closed is not None and case.closed.outcome == "paid":
        found.append(_task("penalty_note", case.closed, case.closed.on, "émettre une note de pénalités"))
    return found


def _proposed(note: e.Noted, currency: str) -> str:
    amount = note.details.get("amount")
    what = f" de {amount} {currency}" if amount else ""
    return f"virement{what} reçu, peut-être pour cette facture : le confirmer (paid) ou l'écarter"


def _task(kind: str, event: e.Event, due_on: date, summary: str, owner: str | None = None) -> Task:
    return Task(id=f"{kind}/{event.id}", kind=kind, due_on=due_on, summary=summary, owner=owner or OPERATOR)
