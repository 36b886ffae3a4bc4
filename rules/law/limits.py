"""Time limits: procedural (641 and 642 CPC), private ones, and the clocks of the procedures. Pure."""

from datetime import date, timedelta

from rules.base import Frozen
from rules.law.days import MAINLAND, Distance, add_months, is_business_day, next_business_day
from rules.law.tables import Clock, Tables
from rules.refusals import Code, Refused

PROCEDURAL = "641 et 642 CPC"
PRIVATE = "2228 et 2229 C. civ."


class TimeLimit(Frozen):
    """The last day to act: as counted, and as the law extends it. ``safe_on``: the last business day not
    after.
    """

    theoretical: date
    expires_on: date
    article: str
    safe_on: date
    label: str = ""
    single_source: bool = False


def time_limit(
    from_on: date,
    *,
    days: int = 0,
    months: int = 0,
    years: int = 0,
    region: str = MAINLAND,
    private: bool = False,
) -> TimeLimit:
    """The end of a time limit opened by an act on a day: months first, then days.

    641 CPC: the day of the act is not counted; a limit in months or years ends on the day of the same number,
    or the last of the month. 642 CPC: it ends at midnight; on a Saturday, a Sunday or a public holiday it is
    extended to the next working day. ``private`` (prescription, contractual terms): never extended (2228 and
    2229 C. civ.; Cass. 2e civ. 7/04/2016 n° 15-12.960). Checked 2026-11-22. Raises Refused when no length is
    given or it is negative.
    """
    if min(days, months, years) < 0 or not (days or months or years):
        raise Refused("deadline: give a positive number of days, months or years.", Code.DATE_INVALID)
    if days > 36_500 or months + 12 * years > 1_200:
        raise Refused("deadline: no time limit is longer than a hundred years.", Code.DATE_INVALID)
    theoretical = add_months(from_on, months + 12 * years) + timedelta(days=days)
    expires = theoretical if private else next_business_day(theoretical, region)
    return TimeLimit(
        theoretical=theoretical,
        expires_on=expires,
        article=PRIVATE if private else PROCEDURAL,
        safe_on=previous_business_day(theoretical, region),
    )


def previous_business_day(day: date, region: str = MAINLAND) -> date:
    """The day itself if it is a business day, else the last one before it."""
    while not is_business_day(day, region):
        day -= timedelta(days=1)
    return day


def clock(
    name: str, from_on: date, tables: Tables, *, ruled_on: date | None = None, region: str = MAINLAND
) -> TimeLimit:
    """A clock of the tables started on a day, by the row in force on ``ruled_on`` (the day itself by
    default).

    Raises Refused for a clock that the tables do not hold on that day.
    """
    row = tables.at(Clock, ruled_on or from_on, name=name)
    if row is None:
        raise Refused(f"deadline: no time limit « {name} » is known on {ruled_on or from_on}.")
    counted = time_limit(from_on, days=row.days, months=row.months, region=region)
    return counted.model_copy(
        update={
            "article": f"{row.article} ; {PROCEDURAL}",
            "label": row.label,
            "single_source": row.single_source,
        }
    )


class OrderClocks(Frozen):
    """The clocks of an order to pay: ``serve_by`` never extended, by prudence; the others once served."""

    serve_by: date
    opposition: TimeLimit | None = None
    enforceable_from: date | None = None
    single_source: bool = False


def order_clocks(
    ordered_on: date,
    tables: Tables,
    *,
    served_on: date | None = None,
    to_person: bool = True,
    distance: Distance | None = None,
    region: str = MAINLAND,
) -> OrderClocks:
    """When an injonction de payer must be served, opposed, and becomes enforceable.

    1411 CPC: served within three months of its date if rendered from 1 September 2026 (six before), or it
    lapses. 1416: opposition within a month of service to the person; otherwise from the first act to the
    person or seizure, unknown here. 1422: enforceable two months after service (one before). Checked
    2026-11-22, décret 2026-96 through secondary sources.
    """
    serve = clock("order_service", ordered_on, tables, region=region)
    if served_on is None:
        return OrderClocks(serve_by=serve.theoretical, single_source=serve.single_source)
    enforceable = clock("order_enforceable", served_on, tables, ruled_on=ordered_on, region=region)
    opposition = _opposition(served_on, tables, distance, region) if to_person else None
    return OrderClocks(
        serve_by=serve.theoretical,
        opposition=opposition,
        enforceable_from=enforceable.theoretical if to_person else None,
        single_source=enforceable.single_source,
    )


def _opposition(served_on: date, tables: Tables, distance: Distance | None, region: str) -> TimeLimit:
    """A month; one more for a debtor overseas, two abroad (643 CPC)."""
    plain = clock("opposition", served_on, tables, region=region)
    farther = tables.at(Clock, served_on, name=f"distance_{distance}") if distance else None
    if farther is None:
        return plain
    row = tables.at(Clock, served_on, name="opposition")
    longer = time_limit(served_on, months=farther.months + (row.months if row else 0), region=region)
    return longer.model_copy(update={"article": f"{plain.article} ; {farther.article}", "label": plain.label})


class SummonsClocks(Frozen):
    """The last days before a hearing of a commercial court."""

    serve_by: date
    file_by: date
    article: str


def summons_clocks(hearing_on: date, tables: Tables) -> SummonsClocks:
    """When a summons to a commercial court must be served, and its copy filed, before the hearing.

    856 CPC: fifteen days before; 857: eight days before, or it lapses. Checked 2026-11-22.
    """
    serve = tables.at(Clock, hearing_on, name="commercial_summons")
    copy = tables.at(Clock, hearing_on, name="commercial_filing")
    if serve is None or copy is None:
        raise Refused(f"deadline: no time limit of a summons is known on {hearing_on}.")
    return SummonsClocks(
        serve_by=hearing_on - timedelta(days=serve.days),
        file_by=hearing_on - timedelta(days=copy.days),
        article=f"{serve.article} et {copy.article}",
    )


class UncontestedClocks(Frozen):
    """The clocks of an undisputed commercial claim: the two delays add up."""

    answer_by: date
    report_from: date
    article: str


def uncontested_clocks(served_on: date, tables: Tables) -> UncontestedClocks:
    """A month to pay or contest, then at the earliest eight days before the report of non-contestation.

    L126-1 to L126-5 CPCE, loi 2026-307; closed until its decree. Checked 2026-11-22.
    """
    answer = clock("l126_answer", served_on, tables)
    report = clock("l126_report", answer.theoretical, tables, ruled_on=served_on)
    return UncontestedClocks(answer_by=answer.theoretical, report_from=report.theoretical, article=report.article)


def declaration_deadline(
    published_on: date, tables: Tables, *, abroad: bool = False, region: str = MAINLAND
) -> TimeLimit:
    """The last day to declare a claim: two months from the BODACC publication, four from abroad.

    L622-24 and R622-24 C. com., 642 CPC; the day of sending counts. Checked 2026-11-22.
    """
    return clock("declaration_abroad" if abroad else "declaration", published_on, tables, region=region)


def foreclosure_relief_deadline(published_on: date, tables: Tables, region: str = MAINLAND) -> TimeLimit:
    """The last day to ask for relief from foreclosure: six months from the publication (L622-26 C. com.)."""
    return clock("foreclosure_relief", published_on, tables, region=region)


def answer_deadline(presented_on: date, days: int, region: str = MAINLAND) -> date:
    """The end of the period a mise en demeure gives, extended by courtesy to the next business day.

    No statute sets it (« délai raisonnable », 1231 C. civ.). Checked 2026-11-22.
    """
    return next_business_day(presented_on + timedelta(days=days), region)
