"""A claim in its debtor's insolvency: whether it was declared, what the time limit that was missed leaves, and which
file is to be prepared. Pure."""

from datetime import date, datetime

from rules import events as e
from rules.case import Case
from rules.claim import Context, region
from rules.judicial import DECLARATION, NO_DECLARATION, RELIEF
from rules.law.days import distance_of, region_of
from rules.law.limits import TimeLimit, declaration_deadline


def declaration_limit(published_on: date, case: Case, context: Context) -> TimeLimit:
    """The last day to declare (R622-24 C. com.): two months more for a creditor who is not on the mainland, unless the
    debtor is at home with him; by prudence none for a debtor overseas, whose court may sit elsewhere. Of a debtor
    abroad the law of the procedure decides: to be confirmed."""
    seat = context.creditor.address
    home = region_of(seat.postal_code, seat.country)
    far = distance_of(home) is not None and home != region(case)
    limit = declaration_deadline(published_on, context.tables, abroad=far)
    return limit.model_copy(update={"single_source": limit.single_source or opened_abroad(case)})


def opened_abroad(case: Case) -> bool:
    """Whether the debtor's insolvency is likely to follow another country's law."""
    return distance_of(region(case)) == "abroad"


def declared(case: Case) -> e.JudicialEventNoted | None:
    """The sending of the declaration, the latest."""
    return _last(case, DECLARATION, "filed")


def relief(case: Case, event: str) -> e.JudicialEventNoted | None:
    """What became of the demand of relief from foreclosure: ``filed``, ``ordered`` (granted) or ``rejected``."""
    return _last(case, RELIEF, event)


def _last(case: Case, procedure: str, name: str) -> e.JudicialEventNoted | None:
    found = (one for one in reversed(case.judicial) if one.event == name and one.procedure == procedure)
    return next(found, None)


def missed(case: Case, clock: str) -> e.DeadlinePassed | None:
    """The event that told that a time limit of the insolvency at hand has passed."""
    opened = case.stay
    told = (one for one in case.deadlines if isinstance(one, e.DeadlinePassed) and one.clock == clock)
    return next((one for one in told if opened is not None and one.cause == opened.id), None)


def insolvency_file(case: Case) -> tuple[str, datetime, str] | None:
    """The file that the insolvency asks for: its step, since when, and why; None when there is none to prepare.

    The declaration at once (L622-24 C. com.); after its two months the demand of relief, within six (L622-26).
    Nobody knows whether a claim invoiced later is older: its file waits until a person has said so."""
    opened = case.stay
    unsure = opened is not None and case.age_unknown and case.invoice.issued_on > opened.opened_on
    if opened is None or unsure or opened.procedure == NO_DECLARATION:
        return None
    if not _prepared(case, DECLARATION, opened):
        return DECLARATION, opened.at, "procédure collective : la déclaration de créance est préparée"
    late = missed(case, "declaration")
    over = missed(case, "foreclosure_relief") or declared(case) or relief(case, "filed")
    if late is None or over is not None or _prepared(case, RELIEF, opened):
        return None
    return RELIEF, late.at, "créance non déclarée à temps : la requête en relevé de forclusion est préparée"


def _prepared(case: Case, step: str, opened: e.InsolvencyOpened) -> bool:
    """Whether the file was prepared: once for a procedure, though the ladder begins again for a later instalment."""
    return case.taken(step) is not None or any(s.step == step and s.at >= opened.at for s in case.steps)
