"""What people have to do for a case on its way to a judge, at another's, or in insolvency. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from rules import events as e
from rules.case import Case, Outcome
from rules.claim import Context
from rules.decision import Task
from rules.insolvency import declared, opened_abroad, relief
from rules.judicial import NO_DECLARATION, Proceedings, detail, proceedings, recoverable
from rules.judicial_clocks import Running, running, to_person
from rules.law import Procedure
from rules.law.courts import Court
from rules.law.wording import euros
from rules.money import ZERO
from rules.pieces import Severity, unmet
from rules.procedure import ground_of, held

MANAGER = "manager"
FORECLOSED = "forclusion définitive : créance inopposable à la procédure, passage en perte à décider"
OVER_INDEBTED = (
    "surendettement : répondre à la commission (Banque de France) qui demande la créance ; poursuites suspendues "
    "(L722-2 et L722-5 C. conso, à confirmer)"
)
NEWS = timedelta(days=30)
"""After which a silent court, agency or mediator is asked for news: practice, no law."""


def judicial_tasks(case: Case, context: Context, today: date) -> list[Task]:
    """The open tasks of that kind; one that a person has said done is left out."""
    found = [*_after_the_end(case, today)] if case.closed is not None else [*_open(case, context)]
    return [task for task in found if task.id not in case.done]


def _open(case: Case, context: Context) -> Iterator[Task]:
    clocks = {clock.name: clock for clock in running(case, context)}
    yield from _of_insolvency(case, clocks)
    yield from _of_others(case)
    now = proceedings(case)
    if case.stay is not None:
        return
    if now is None:
        yield from _of_file(case, context)
        return
    yield from _of_procedure(now, case, clocks)


def _of_file(case: Case, context: Context) -> Iterator[Task]:
    """A file that is ready: to be checked, signed and lodged; what blocks it first."""
    if case.file is None:
        return
    if case.outdated is not None and f"do_not_lodge/{case.outdated[0]}" not in case.done:
        cause, what = case.outdated
        summary = f"{what} : ne pas déposer le dossier en l'état ; le rappeler (recall), puis l'approuver à nouveau"
        task_id = f"do_not_lodge/{cause}"
        yield Task(id=task_id, kind="do_not_lodge", due_on=case.file.on, summary=summary, owner=MANAGER)
        return
    blocking = sum(1 for _, severity in unmet(ground_of(case, context), held(case)) if severity is Severity.BLOCKS)
    lacks = f" ({blocking} pièce{'s' if blocking > 1 else ''} à réunir d'abord)" if blocking else ""
    deposit = ""
    if case.file.procedure == Procedure.ORDER and case.file.court in (Court.COMMERCE, Court.ECONOMIC):
        deposit = ", puis consigner les frais de greffe sous 15 jours (1425 CPC)"
    summary = f"vérifier, signer et déposer le dossier{lacks}{deposit}"
    if case.file.joined_to is not None:
        summary = f"facture jointe au dossier de {case.file.joined_to} : dire ici aussi ce qu'il devient (filed …)"
    elif case.file.covers:
        summary += f" ; il porte aussi sur {', '.join(case.file.covers)}"
    yield _task("lodge_file", case.file, case.file.on, summary)


def _of_procedure(now: Proceedings, case: Case, clocks: dict[str, Running]) -> Iterator[Task]:
    passed = {(told.cause, told.clock) for told in case.deadlines if isinstance(told, e.DeadlinePassed)}
    yield from _of_own_clocks(now, clocks)
    yield from _of_opposition(now, case)
    last = now.events[-1]
    if now.has("appealed"):
        yield _task("follow_appeal", last, last.on + NEWS, "appel : voies et délais à confirmer avec un avocat")
    ordered, title = now.last("ordered"), now.enforceable
    if title is not None:
        yield _task("enforce", title, title.on + NEWS, "faire exécuter le titre par un commissaire de justice")
        return
    if ordered is not None and now.procedure == Procedure.ORDER and not now.has("opposed"):
        yield from _of_order(ordered, now.last("served"), case, passed)
        return
    if now.decision is not None and now.served_decision is None:
        yield _task("serve_decision", now.decision, now.decision.on + NEWS, "faire signifier la décision")
    elif not clocks.keys() - {"order_deposit"}:
        yield _task("follow_court", last, last.on + NEWS, f"suivre la procédure ({last.event})")


def _of_opposition(now: Proceedings, case: Case) -> Iterator[Task]:
    """1416 CPC: an opposition may come too late; 1425: before a commercial court the greffe asks the creditor for its
    costs again."""
    opposed, court = now.last("opposed"), case.file.court if case.file is not None else None
    if opposed is None or now.decision is not None or now.has("hearing"):
        return
    ended = [x.last_day for x in case.deadlines if isinstance(x, e.DeadlinePassed) and x.clock == "opposition"]
    if ended and max(ended) < opposed.on:
        day = f"{max(ended):%d/%m/%Y}"
        summary = f"opposition après le {day}, dernier jour connu : en soulever l'irrecevabilité (1416 CPC)"
        yield _task("late_opposition", opposed, opposed.on, summary)
    if now.procedure == Procedure.ORDER and court in (Court.COMMERCE, Court.ECONOMIC):
        summary = "opposition : consigner les frais sous quinze jours de la demande du greffe (1425 CPC)"
        yield _task("opposition_deposit", opposed, opposed.on + timedelta(days=15), summary)


def _of_own_clocks(now: Proceedings, clocks: dict[str, Running]) -> Iterator[Task]:
    """What must be done before a last day; to be confirmed when one source only knows it."""
    for clock in clocks.values():
        cause = next((event for event in now.events if event.id == clock.cause), None)
        if not clock.own or clock.name in ("order_service", "title") or cause is None:
            continue
        doubt = " (à confirmer)" if clock.single_source else ""
        text = "" if clock.article == "–" else f" ({clock.article})"
        summary = f"{clock.label} : au plus tard le {clock.last_day:%d/%m/%Y}{text}{doubt}"
        if clock.name == "hearing":
            summary = f"audience du {clock.last_day:%d/%m/%Y} : s'y préparer, puis dire ce qui a été décidé"
        yield _task(clock.name, cause, clock.last_day, summary)


def _of_order(
    ordered: e.JudicialEventNoted, served: e.JudicialEventNoted | None, case: Case, passed: set[tuple[str, str]]
) -> Iterator[Task]:
    granted = detail(ordered, "principal")
    if granted and granted < case.open_principal:
        summary = f"ordonnance partielle ({euros(granted)}) : la signifier, ou y renoncer et agir au fond (1409 CPC)"
        yield _task("partial_order", ordered, ordered.on, summary)
    if served is None:
        if (ordered.id, "order_service") in passed:
            summary = "ordonnance non signifiée à temps, donc non avenue (1411 CPC) : vérifier, puis dire lapsed"
            yield _task("order_lapsed", ordered, ordered.on, summary)
        else:
            yield _task("serve_order", ordered, ordered.on + NEWS, "faire signifier l'ordonnance (1411 CPC)")
        return
    if not to_person(served):
        summary = "signifiée autrement qu'à personne, ou non dit : l'opposition reste ouverte (1416 CPC)"
        yield _task("not_to_person", served, served.on, summary)
    elif (served.id, "opposition") in passed:
        yield _task("ask_certificate", served, served.on + NEWS, "demander au greffe le certificat de non-opposition")
    if (served.id, "order_enforceable") in passed:
        summary = "demander l'ordonnance exécutoire, puis dire enforceable (1422 CPC, à confirmer)"
        yield _task("ask_title", served, served.on + NEWS, summary)


def _of_insolvency(case: Case, clocks: dict[str, Running]) -> Iterator[Task]:
    opened, sent = case.stay, declared(case)
    if opened is None:
        return
    if sent is not None:
        summary = "créance déclarée : suivre la vérification du passif et l'admission"
        yield _task("follow_declaration", sent, sent.on + 6 * NEWS, summary)
        return
    if case.age_unknown:
        summary = f"livrée ou exécutée avant le {opened.opened_on:%d/%m/%Y} ? Dire earlier, ou later : elle se poursuit"
        yield _task("performance_date", opened, opened.on, summary)
    if opened.procedure == NO_DECLARATION:
        yield _task("over_indebtedness", opened, opened.on, OVER_INDEBTED)
        return
    if opened.published_on is None:
        yield _task(
            "find_publication", opened, opened.on, "trouver la date de publication au BODACC : le délai en court"
        )
    yield from _of_relief(case, opened, clocks)


def _of_relief(case: Case, opened: e.InsolvencyOpened, clocks: dict[str, Running]) -> Iterator[Task]:
    """The declaration while there is time; then the relief: to be asked, followed, or lost."""
    granted, refused, window = relief(case, "ordered"), relief(case, "rejected"), clocks.get("foreclosure_relief")
    asked = relief(case, "filed")
    if granted is not None:
        yield _relieved(granted, clocks.get("declaration"), case)
    elif refused is not None:
        yield _task("foreclosed", refused, refused.on, FORECLOSED)
    elif asked is not None:
        summary = "relevé de forclusion demandé : dire ordered ou rejected (procedure releve_de_forclusion)"
        yield _task("follow_relief", asked, asked.on + NEWS, summary)
    elif window is not None and _has_passed(window, case):
        yield _task("foreclosed", opened, window.last_day, FORECLOSED)
    elif window is not None:
        summary = (
            f"forclusion : demander le relevé au juge-commissaire au plus tard le {window.last_day:%d/%m/%Y} (L622-26)"
        )
        yield _task("foreclosure_relief", opened, window.last_day, summary)
    else:
        due = opened.declare_by or opened.on
        anew = f" ; {case.outdated[1]} : refaire d'abord le dossier (recall)" if case.outdated is not None else ""
        whose = " (débiteur à l'étranger : délai et destinataire selon la loi de la procédure, à confirmer)"
        doubt = whose if opened_abroad(case) else ""
        yield _task("declare_claim", opened, due, f"déclarer la créance au mandataire judiciaire{doubt}{anew}")


def _relieved(granted: e.JudicialEventNoted, again: Running | None, case: Case) -> Task:
    """The claim may be declared once more, for as long as the law gives."""
    last = again.last_day if again is not None else granted.on
    if again is not None and _has_passed(again, case):
        return _task("foreclosed", granted, last, FORECLOSED)
    summary = f"forclusion relevée : déclarer la créance au plus tard le {last:%d/%m/%Y} (L622-24)"
    return _task("declare_claim", granted, last, summary)


def _has_passed(clock: Running, case: Case) -> bool:
    told = (clock.cause, clock.name)
    return any(isinstance(one, e.DeadlinePassed) and (one.cause, one.clock) == told for one in case.deadlines)


def _of_others(case: Case) -> Iterator[Task]:
    """Another holds the case, or a mediator meets the parties."""
    if case.handed is not None:
        due = case.handed.returns_on or case.handed.since + 3 * NEWS
        yield _task("follow_hand_over", case.handed, due, f"dossier confié à {case.handed.to} : demander où il en est")
    if case.mediation is not None:
        due = case.mediation.until or case.mediation.agreed_on + 2 * NEWS
        yield _task("follow_mediation", case.mediation, due, "médiation en cours : dire son issue")


def _after_the_end(case: Case, today: date) -> Iterator[Task]:
    """What a closed case leaves to do: a procedure to stop, costs to recover, the VAT of a loss."""
    closed, now = case.closed, proceedings(case)
    if closed is None:
        return
    if closed.outcome == Outcome.WRITTEN_OFF:
        proof = "certificat au dossier" if "irrecoverable" in case.pieces else "joindre le certificat (document)"
        summary = f"facture demeurée impayée : récupérer la TVA (272-1 CGI, à confirmer), {proof}"
        yield _task("vat_bad_debt", closed, closed.on + NEWS, summary)
        return
    if now is not None and now.procedure != Procedure.DECLARATION and not now.has("paid"):
        summary = "dossier clos : se désister, prévenir le greffe, l'avocat ou le commissaire de justice"
        yield _task("stop_procedure", closed, closed.on, summary)
    elif now is None and case.file is not None and case.file.procedure != Procedure.DECLARATION:
        summary = "dossier clos : le dossier préparé n'est plus à déposer"
        if case.file.joined_to is not None or case.file.covers:
            summary = "dossier clos : le dossier commun est à refaire sans cette facture avant tout dépôt"
        yield _task("do_not_lodge", closed, closed.on, summary)
    owed = recoverable(case, today)
    if closed.outcome == Outcome.PAID and owed > ZERO:
        yield _task("recover_costs", closed, closed.on + NEWS, f"frais accordés restant à recouvrer : {euros(owed)}")


def _task(kind: str, event: e.Event, due_on: date, summary: str) -> Task:
    return Task(id=f"{kind}/{event.id}", kind=kind, due_on=due_on, summary=summary, owner=MANAGER)
