"""The legal clocks of a procedure: each a last day with its text, told ahead and when it has passed. Pure.

The days are the law's (``rules/law/limits.py``); service of an order is never counted with an extension.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from rules import events as e
from rules.calendars import end_of, local_day, start_of
from rules.case import Case
from rules.claim import Context, region
from rules.insolvency import declaration_limit, declared, missed, relief
from rules.judicial import NO_DECLARATION, Proceedings, detail, proceedings
from rules.law import Procedure, Tables, add_months, add_years, clock, order_clocks
from rules.law.courts import Court
from rules.law.days import MAINLAND, distance_of
from rules.law.limits import (
    foreclosure_relief_deadline,
    summons_clocks,
    time_limit,
    uncontested_clocks,
)
from rules.refusals import Refused
from rules.watch import Watch


class Running(NamedTuple):
    """A clock that runs. ``own``: its end is a loss for the creditor, who is told ahead; otherwise its end is waited
    for. ``single_source``: to be confirmed before anybody relies on it."""

    name: str
    last_day: date
    label: str
    article: str
    cause: str
    own: bool
    single_source: bool = False


def running(case: Case, context: Context) -> tuple[Running, ...]:
    """Every clock of the case's procedure and of its debtor's insolvency that still matters, the earliest first."""
    found = [*_of_insolvency(case, context)]
    now = proceedings(case)
    if now is not None and case.stay is None:
        found += _CLOCKS.get(now.procedure, _none)(now, case, context)
        found += _of_title(now, context)
    return tuple(sorted(found, key=lambda one: (one.last_day, one.name)))


def watches(case: Case, context: Context) -> list[Watch]:
    """The moments at which a clock is told of, that were not told yet. An alert of which a later one is already due
    is passed over."""
    told = {(told.cause, told.clock, getattr(told, "distance", "")) for told in case.deadlines}
    today = local_day(case.last_at, context.policy.zone)
    found = []
    for one in running(case, context):
        if (one.cause, one.name, "") in told:
            continue
        found.append(_passed(one, context))
        ahead = [(days_before(one.last_day, text), text) for text in context.policy.judicial.alerts] if one.own else []
        ahead = sorted(entry for entry in ahead if entry[0] < one.last_day)
        past = [entry for entry in ahead if entry[0] <= today]
        for day, text in (entry for entry in ahead if entry not in past[:-1]):
            if (one.cause, one.name, text) not in told:
                found.append(_near(one, day, text, context))
    return found


def _near(one: Running, day: date, text: str, context: Context) -> Watch:
    fields = {"clock": one.name, "distance": text, "last_day": one.last_day, "cause": one.cause}
    because = f"{one.label}, au plus tard le {one.last_day:%d/%m/%Y}"
    return Watch(start_of(day, context.policy.zone), e.DeadlineNear, fields, because)


def _passed(one: Running, context: Context) -> Watch:
    fields = {"clock": one.name, "last_day": one.last_day, "cause": one.cause}
    because = f"{one.label} : jusqu'au {one.last_day:%d/%m/%Y}"
    return Watch(end_of(one.last_day, context.policy.zone), e.DeadlinePassed, fields, because)


def days_before(last_day: date, distance: str) -> date:
    """The day of an alert: ``14d`` fourteen days before, ``1m`` a month."""
    count = int(distance[:-1])
    return last_day - timedelta(days=count) if distance.endswith("d") else add_months(last_day, -count)


def _counted(
    name: str, event: e.Event, on: date, tables: Tables, *, own: bool, ruled_on: date | None = None, strict: bool = True
) -> Iterator[Running]:
    """A clock of the tables started by an event; ``strict``: its last day as counted, not as extended."""
    try:
        limit = clock(name, on, tables, ruled_on=ruled_on)
    except Refused:
        return  # an act older than the law that the tables know
    day = limit.theoretical if strict else limit.expires_on
    yield Running(name, day, limit.label, limit.article, event.id, own, limit.single_source)


def _order(now: Proceedings, case: Case, context: Context) -> Iterator[Running]:
    """1411 CPC: served within three months, or six if rendered before September 2026; 1416: opposed within a month of
    service to the person, else of the first act that reaches him; 1422: then enforceable."""
    ordered, served = now.last("ordered"), now.last("served")
    if now.has("opposed"):
        yield from _after_opposition(now, case, context)
        return
    if ordered is None:
        yield from _deposit(now, case, context)
    if ordered is None or now.has("enforceable"):
        return
    if served is None:
        yield from _counted("order_service", ordered, ordered.on, context.tables, own=True)
        return
    if to_person(served) and not now.has("not_opposed"):
        yield from _opposition(ordered, served, case, context)
    yield from _counted(
        "order_enforceable", served, served.on, context.tables, own=False, ruled_on=ordered.on, strict=False
    )


def _deposit(now: Proceedings, case: Case, context: Context) -> Iterator[Running]:
    """1425 CPC, commercial courts: the greffe's costs consigned within fifteen days of the requête, or it lapses; until
    they were paid, or a person has said so."""
    filed = now.last("filed")
    if filed is None or now.has("enforceable") or _court(case) not in _COMMERCIAL:
        return
    paid = bool(detail(filed, "costs")) or any(cost.nature == "court_fee" for cost in case.costs)
    if not paid and f"order_deposit/{filed.id}" not in case.done:
        yield from _counted("order_deposit", filed, filed.on, context.tables, own=True)


def to_person(served: e.JudicialEventNoted) -> bool:
    """Whether the order reached the debtor himself; not said is not known, and counts as no (1416 al. 2 CPC)."""
    return served.details.get("served_to_person") is True


def _opposition(ordered: e.Event, served: e.Event, case: Case, context: Context) -> Iterator[Running]:
    """One month more overseas, two abroad (643 CPC); ends on a working day (642)."""
    here = region(case)
    distance = distance_of(here)
    court = MAINLAND if distance == "abroad" else here
    found = order_clocks(ordered.on, context.tables, served_on=served.on, distance=distance, region=court).opposition
    if found is not None:
        label = found.label or "former opposition"
        yield Running("opposition", found.expires_on, label, found.article, served.id, False, found.single_source)


def _after_opposition(now: Proceedings, case: Case, context: Context) -> Iterator[Running]:
    """The hearing; before the tribunal judiciaire above the threshold, an avocat within fifteen days of the notice
    (1418 CPC)."""
    opposed = now.last("opposed")
    if opposed is None or now.decision is not None:
        return
    civil = _court(case) in _CIVIL
    if civil and case.open_principal > context.tables.amount("lawyer_threshold", opposed.on) and not now.has("hearing"):
        yield from _counted("lawyer_constitution", opposed, opposed.on, context.tables, own=True)
    yield from _hearing(now)


_CIVIL = frozenset({Court.JUDICIAL, Court.PROTECTION})
_COMMERCIAL = frozenset({Court.COMMERCE, Court.ECONOMIC})


def _court(case: Case) -> str | None:
    return case.file.court if case.file is not None else None


def _hearing(now: Proceedings) -> Iterator[Running]:
    """The next hearing, until what came of it is told."""
    fixed = [event for event in now.events if event.hearing_on is not None]
    if not fixed or fixed[-1].hearing_on is None:
        return
    after = now.events[now.events.index(fixed[-1]) + 1 :]
    if not any(event.event in ("ordered", "hearing") for event in after):
        yield Running("hearing", fixed[-1].hearing_on, "audience", "–", fixed[-1].id, True)


def _summons(now: Proceedings, case: Case, context: Context) -> Iterator[Running]:
    """856 and 857 CPC, commercial courts: served fifteen days before the hearing, its copy filed eight days before.
    They bind the action on the merits; a référé leaves time to answer, and is held to the same by prudence."""
    fixed = next((event for event in reversed(now.events) if event.hearing_on is not None), None)
    if now.has("ordered", "enforceable"):
        return
    if fixed is not None and fixed.hearing_on is not None and _court(case) in _COMMERCIAL:
        days = summons_clocks(fixed.hearing_on, context.tables)
        prudent = now.procedure == Procedure.INTERIM
        aside = " (délai du fond, par prudence)" if prudent else ""
        if not now.has("served"):
            article = "–" if prudent else "856 CPC"
            label = f"signifier l'assignation{aside}"
            yield Running("summons_service", days.serve_by, label, article, fixed.id, True, prudent)
        if not now.has("filed"):
            article = "–" if prudent else "857 CPC"
            label = f"remettre l'assignation au greffe{aside or ', à peine de caducité'}"
            yield Running("summons_filing", days.file_by, label, article, fixed.id, True, prudent)
    yield from _hearing(now)


def _small_claim(now: Proceedings, _case: Case, context: Context) -> Iterator[Running]:
    """L125-1 CPCE: a month to answer; silence is a refusal."""
    filed = now.last("filed")
    if filed is not None and not now.has("ordered", "enforceable"):
        yield from _counted("small_claim_answer", filed, filed.on, context.tables, own=False)


def _uncontested(now: Proceedings, _case: Case, context: Context) -> Iterator[Running]:
    """L126-1 to L126-5 CPCE: a month to pay or contest, then eight days before the report."""
    served = now.last("served")
    if served is not None and not now.has("ordered", "enforceable", "opposed"):
        days = uncontested_clocks(served.on, context.tables)
        label = "payer ou contester le commandement"
        yield Running("l126_answer", days.answer_by, label, days.article, served.id, False, True)
        label = "procès-verbal de non-contestation au plus tôt"
        yield Running("l126_report", days.report_from, label, days.article, served.id, False, True)


def _none(_now: Proceedings, _case: Case, _context: Context) -> Iterator[Running]:
    return iter(())


_CLOCKS: dict[str, Callable[[Proceedings, Case, Context], Iterator[Running]]] = {
    Procedure.ORDER: _order,
    Procedure.INTERIM: _summons,
    Procedure.SUMMONS: _summons,
    Procedure.SMALL_CLAIM: _small_claim,
    Procedure.UNCONTESTED: _uncontested,
}


def _of_title(now: Proceedings, context: Context) -> Iterator[Running]:
    """L111-4 CPCE: a title is enforced within ten years. L313-3 CMF: five points more after two months."""
    title = now.enforceable
    if title is None or now.decision is None:
        return
    months = int(context.tables.amount("majoration_months", title.on))
    label = "majoration de cinq points du taux légal"
    yield Running("majoration", add_months(title.on, months), label, "L313-3 CMF", title.id, False)
    years = context.tables.figure("title_years", title.on)
    if years is not None:
        label = "exécuter le titre"
        yield Running(
            "title", add_years(title.on, int(years.value)), label, years.article, title.id, True, years.single_source
        )


def _of_insolvency(case: Case, context: Context) -> Iterator[Running]:
    """L622-24 and R622-24 C. com.: declared within two months of the publication, four from abroad; L622-26: relief
    from forclusion within six, and then a month, from the day the decision was told."""
    opened = case.stay
    if opened is None or opened.published_on is None or opened.procedure == NO_DECLARATION:
        return
    if declared(case) is not None or relief(case, "rejected") is not None:
        return
    granted = relief(case, "ordered")
    if granted is not None:
        last = time_limit(granted.on, months=1).expires_on
        label = "déclarer la créance, la forclusion relevée"
        yield Running("declaration", last, label, "L622-24 et L622-26 C. com.", granted.id, True)
        return
    limit = declaration_limit(opened.published_on, case, context)
    yield Running("declaration", limit.expires_on, limit.label, limit.article, opened.id, True, limit.single_source)
    if missed(case, "declaration") is not None and relief(case, "filed") is None:
        last_day = foreclosure_relief_deadline(opened.published_on, context.tables)
        yield Running("foreclosure_relief", last_day.expires_on, last_day.label, last_day.article, opened.id, True)
