"""What comes next for a case that is at rest, and why. Pure: ``decide(case, context, now)`` answers the same for
ever."""

from datetime import date, datetime, timedelta

from rules.answers import answer_letter
from rules.bank import REASON, waits_for_bank
from rules.base import remembered
from rules.calendars import local_day, start_of
from rules.case import Case, Pause, StepOutcome
from rules.claim import Context, asked_principal, claim_of, decompte_of
from rules.common_file import file_moment
from rules.decision import (
    AnyStep,
    AskApproval,
    Call,
    Close,
    Coming,
    Decision,
    Facts,
    Park,
    PrepareFile,
    Send,
    Suspension,
    Wait,
)
from rules.expiry import limitation_on
from rules.factoring import CONSENT, waits_for_consent
from rules.insolvency import insolvency_file
from rules.judicial import proceedings
from rules.ladder import moment_of, next_rung
from rules.law.kinds import DebtorKind
from rules.pauses import alerts, ends_by_itself, reason_of, suspension, watches
from rules.plan_letters import plan_letter
from rules.policy import Channel, Claims, Role, Rung
from rules.reach import channel_for, reachable
from rules.skips import reason_to_skip
from rules.staging import stage_of
from rules.tasks import tasks
from rules.voice import profile_of, tone_of, variant_of

KIND = "debtor_kind"
Next = tuple[AnyStep, datetime | None, str]


def coming(case: Case, context: Context, now: datetime) -> Coming:
    """What ``decide`` answers, less the claim, the tasks and all else that only a person reads: a preview asks at every
    step of every case."""
    return _coming(case, context, now, _paused(case, context, now))


def _paused(case: Case, context: Context, now: datetime) -> Suspension | None:
    return None if case.closed is not None else suspension(case, context, now)


def _coming(case: Case, context: Context, now: datetime, pause: Suspension | None) -> Coming:
    step, at, because = _next(case, context, now, pause)
    return Coming(_with_rung_ahead(step, case, context), at, _alert(case, context), because)


def decide(case: Case, context: Context, now: datetime) -> Decision:
    """The next step, its moment and its reason, for a case whose consequences at ``now`` are all entered.

    ``now`` is aware UTC (virtual). Never raises on a running case.
    """
    pause = _paused(case, context, now)
    step, at, alert_at, because = _coming(case, context, now, pause)
    today = local_day(now, context.policy.zone)
    return Decision(
        step=step,
        at=at,
        alert_at=alert_at,
        because=because,
        position=case.position,
        as_of=today,
        due_on=case.anchor_on,
        tasks=tasks(case, context, step, because, now, at),
        stage=stage_of(case, context, now),
        claim=claim_of(case, context.creditor, context.tables, today),
        suspended=pause,
        limitation_on=limitation_on(case, context.tables),
        profile=profile_of(case, context),
        facts=Facts(now=now, tables=context.tables.version, creditor=context.creditor.terms, debtor=context.debtor),
    )


def _alert(case: Case, context: Context) -> datetime | None:
    running = case.closed is None and case.reopened is None
    return min((watch.at for watch in alerts(case, context)), default=None) if running else None


def _next(case: Case, context: Context, now: datetime, pause: Suspension | None) -> Next:
    if case.closed is not None:
        return Close(outcome=case.closed.outcome), None, case.closed.because or "le dossier est clos"
    if case.reopened is not None:
        return Park(reason="reopened"), None, "dossier rouvert : en attente du fait qui le rouvre"
    waits = watches(case, context)
    step, at, because = ahead(case, context, now, pause)
    if not waits or (at is not None and at <= waits[0].at):
        return step, at, because
    if isinstance(step, Park):
        return step, waits[0].at, because
    return Wait(), waits[0].at, waits[0].because


def _with_rung_ahead(step: AnyStep, case: Case, context: Context) -> AnyStep:
    rung = next_rung(case, context.policy)
    if rung is None or not isinstance(step, Wait | Park):
        return step
    return step.model_copy(update={"step": rung.step})


@remembered
def ahead(case: Case, context: Context, now: datetime, pause: Suspension | None) -> Next:
    """What is ahead if nothing ends by the clock first; what is written waits while the bank's word is too old."""
    step, at, because = _ahead(case, context, now, pause)
    waits = waits_for_bank(step, at, context, now)
    return (step, at, because) if waits is None else (Park(reason=REASON), None, waits)


def _ahead(case: Case, context: Context, now: datetime, pause: Suspension | None) -> Next:
    declared = _declaration(case, context, now)
    if declared is not None:
        return declared
    if pause is not None and pause.by is Pause.PAYMENT_PLAN:
        letter = plan_letter(case, context, now)
        if letter is not None:
            return letter
    if pause is not None and pause.by is Pause.DISPUTE and not case.disputes:
        answer = answer_letter(case, context, now)
        if answer is not None:
            return answer
    if pause is not None:
        return Park(reason=pause.by), ends_by_itself(case, context, pause), reason_of(case, pause)
    if case.open_principal <= context.policy.tolerance:
        return Park(reason="accessories"), None, "le principal est payé, les accessoires restent réclamés"
    rung = next_rung(case, context.policy)
    if rung is None or proceedings(case) is not None:
        return _head_of_ladder(case) if rung is not None or context.policy.rung else _never_written()
    return _step_of(case, rung, context, now)


def _never_written() -> Next:
    """A policy without a rung writes nothing: the limitation alone is watched."""
    return Park(reason="ne_pas_relancer"), None, "la politique ne relance pas : la prescription est surveillée"


def _declaration(case: Case, context: Context, now: datetime) -> Next | None:
    """In insolvency the claim is not recovered but declared: its file is prepared once, at once."""
    due = insolvency_file(case)
    if due is None:
        return None
    name, at, because = due
    if case.gave_up is not None and case.gave_up.step == name:
        at = start_of(case.gave_up.on + timedelta(days=1), context.policy.zone)
    return PrepareFile(step=name, passage=case.passage), max(at, now), because


def _head_of_ladder(case: Case) -> Next:
    now = proceedings(case)
    if now is not None:
        return Park(reason="court"), None, f"procédure en cours ({now.events[-1].event}) : suivie par une personne"
    if case.file is not None:
        return Park(reason="lodge"), None, "le dossier judiciaire est prêt : à vérifier, signer et déposer"
    return Park(reason="ladder_ended"), None, "l'échelle est finie : une personne décide de la suite"


def _step_of(case: Case, rung: Rung, context: Context, now: datetime) -> Next:
    planned = moment_of(case, rung, context, now)
    skipped = reason_to_skip(case, rung, context, now if planned is None else planned.at)
    if skipped is not None and planned is not None:
        return Wait(), planned.at, f"{rung.step} sera passée : {skipped}"
    if planned is None:
        return _waiting_for_a_fact(case, rung)
    role = approver(case, rung, context)
    if role is not Role.NONE and case.approved is None:
        if case.approval is not None:
            return Park(reason="approval"), None, f"{rung.step} : en attente de la validation ({role})"
        blocked = blocker(case, rung, context, now)
        if blocked is not None:
            return blocked
        return AskApproval(step=rung.step, passage=case.passage, role=role), planned.at, planned.because
    blocked = blocker(case, rung, context, now)
    if blocked is not None:
        return blocked
    if rung.is_call:
        by = None if rung.channel[0] is Channel.CALL else rung.channel[0]
        return Call(step=rung.step, passage=case.passage, channel=by), planned.at, planned.because
    if rung.prepares is not None:
        at = file_moment(case, context, planned.at)
        return PrepareFile(step=rung.step, passage=case.passage), at, planned.because
    return letter_step(case, rung, context, local_day(planned.at, context.policy.zone)), planned.at, planned.because


def _waiting_for_a_fact(case: Case, rung: Rung) -> Next:
    """The answer period of a mise en demeure runs only from its delivery: somebody must post it and say so."""
    taken = case.taken(rung.when.step or "")
    if taken is not None and taken.outcome is StepOutcome.IN_TRAY:
        return Park(reason="post_letter"), None, f"{taken.step} : à poster en recommandé"
    if taken is not None and taken.outcome is StepOutcome.POSTED:
        return Park(reason="delivery_news"), None, f"{taken.step} postée : en attente de l'avis de réception"
    if taken is not None and taken.outcome is StepOutcome.RETURNED and case.astray:
        because = f"{taken.step} revenue sans avoir atteint le débiteur : elle repart à une adresse donnée ou confirmée"
        return Park(reason="contact"), None, because
    return (
        Park(reason="no_mise_en_demeure"),
        None,
        f"{rung.step} : aucune mise en demeure distribuée, une personne décide",
    )


def blocker(case: Case, rung: Rung, context: Context, now: datetime) -> Next | None:
    """What keeps a rung from being taken although its day has come: no way to reach the debtor, a missing rate for a
    sum before a judge, a debtor of whom nobody has said what it is."""
    if rung.prepares is None and not rung.is_call and channel_for(case, rung) is None:
        return (
            Park(reason="contact"),
            None,
            f"{rung.step} : aucun moyen de joindre le débiteur ({_wanted(rung)})",
        )
    if rung.is_formal and _nobody_said_what_the_debtor_is(case):
        return Park(reason=KIND), None, f"{rung.step} : une personne dit d'abord ce qu'est le débiteur"
    consent = waits_for_consent(case, rung)
    if consent is not None:
        return Park(reason=CONSENT), None, consent
    if rung.claims is Claims.ALL and (rung.is_formal or rung.prepares is not None):
        drawn = decompte_of(case, context.creditor, context.tables, local_day(now, context.policy.zone))
        if any(warning.code == "rate_missing" for warning in drawn.warnings):
            return Park(reason="rate"), None, f"{rung.step} : le taux du semestre n'est pas encore publié"
    return None


def _nobody_said_what_the_debtor_is(case: Case) -> bool:
    """An association, an SCI or a syndicat is none of the kinds that the law knows: the task is then ticked off."""
    return case.invoice.debtor.kind is DebtorKind.UNKNOWN and kind_task(case) not in case.done


def kind_task(case: Case) -> str:
    """The id of the task by which a person is asked what the debtor is."""
    return f"{KIND}/{case.passage}/{KIND}"


def _wanted(rung: Rung) -> str:
    return ", ".join(rung.channel)


def approver(case: Case, rung: Rung, context: Context) -> Role:
    """Whose approval the rung needs: its own, a higher one above the policy's amount, a manager's for accessories
    pursued past the last relance or after an unanswered request."""
    if rung.prepares is not None and _rate_below_the_floor(case, context):
        return Role.MANAGER
    if rung.prepares is not None and context.policy.judicial.approval is not None:
        return context.policy.judicial.approval
    if rung.approval is Role.NONE:
        return Role.NONE
    above = context.policy.approval_above
    if above is not None and case.open_principal > above.amount:
        return above.by
    return Role.MANAGER if case.approvals_lapsed else rung.approval


def _rate_below_the_floor(case: Case, context: Context) -> bool:
    """Whether the rate agreed is below the legal floor in some semester: a judge is not asked for it without a
    manager."""
    if context.creditor.agreed_rate is None:
        return False
    drawn = decompte_of(case, context.creditor, context.tables, local_day(case.last_at, context.policy.zone))
    return any(warning.code == "rate_below_floor" for warning in drawn.warnings)


def letter_step(case: Case, rung: Rung, context: Context, on: date) -> Send:
    """A rung's letter as it goes out ``on`` a day: by which channel, in which tone and wording, asking for what."""
    channel = channel_for(case, rung) or rung.channel[0]
    copies = tuple(c for c in rung.copy_ if c is not channel and reachable(case, c) and not _has_copy(case, rung, on))
    as_of = case.approval.as_of if case.approval is not None else on
    return Send(
        step=rung.step,
        passage=case.passage,
        channel=channel,
        copies=copies,
        tone=tone_of(context.policy, rung, profile_of(case, context).name),
        claims=rung.claims if as_of > case.anchor_on else Claims.PRINCIPAL,
        formal=rung.is_formal,
        as_of=as_of,
        variant=variant_of(case.invoice.creditor, case.invoice.debtor.id, rung),
    )


def _has_copy(case: Case, rung: Rung, on: date) -> bool:
    """Whether the debtor already holds a copy of this demand: the letter lay in the tray unposted, and asked the
    same."""
    asked = asked_principal(case, on)
    return any((s.step, s.passage, s.principal) == (rung.step, case.passage, asked) for s in case.unposted)
