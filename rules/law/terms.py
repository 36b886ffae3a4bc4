"""Payment terms: when an invoice falls due, and whether the law allows it. Warns, never recomputes. Pure."""

from datetime import date, timedelta
from typing import Literal

from rules.base import Frozen
from rules.law.days import end_of_month
from rules.law.statement import Warning_
from rules.law.tables import Sector, Tables
from rules.refusals import Code, Refused

ARTICLE = "L441-10 I C. com."
Method = Literal["before", "after"]

_TEXTS = {
    "beyond_cap": (
        "Échéance du {due} au-delà du plafond légal du {cap} : amende administrative encourue "
        "(art. L441-16 C. com.). La date n'est pas recalculée."
    ),
    "method_not_fixed": "Mode de calcul « fin de mois » non fixé par le contrat : l'autre donne le {other}.",
    "receipt_unknown": "Date de réception ou d'exécution inconnue : délai compté de la date de facture.",
    "on_receipt": "Paiement à réception : l'usage laisse environ une semaine, acheminement compris.",
}


class TermFacts(Frozen):
    """What the contract and the invoice say; ``received_on``: goods received or service performed."""

    issued_on: date
    received_on: date | None = None
    days: int | None = None
    end_of_month_days: int | None = None
    method: Method | None = None
    sector: str | None = None

    @property
    def starts_on(self) -> date:
        """Where the legal default starts: receipt or performance, the invoice when that is unknown."""
        return self.received_on or self.issued_on


class Terms(Frozen):
    """The due date, and the latest one that the law allows."""

    due_on: date
    default: bool
    default_on: date
    cap_on: date
    allowed: bool
    article: str
    label: str
    warnings: tuple[Warning_, ...] = ()


def end_of_month_term(issued_on: date, days: int, method: Method) -> date:
    """Days « fin de mois »: before, the days are added then the month ends; after, the month ends then days
    run.

    Both are lawful, the contract says which (L441-10 I C. com.; DGCCRF; service-public.fr F23211: an invoice
    of 2 January at 45 days falls due on 28 or 29 February, or on 17 March). Checked 2026-11-22.
    """
    if method == "before":
        return end_of_month(issued_on + timedelta(days=days))
    return end_of_month(issued_on) + timedelta(days=days)


def payment_terms(facts: TermFacts, tables: Tables) -> Terms:
    """The due date of an invoice and its legal cap.

    L441-10 I C. com.: 30 days from receipt of the goods or performance by default; at most 60 days from the
    invoice, or 45 days end of month; L441-11 by sector. A term beyond the cap is told (L441-16), not
    corrected. Checked 2026-11-22. Raises Refused for a length that is none, both lengths at once, or an unknown
    sector.
    """
    if facts.days is not None and facts.end_of_month_days is not None:
        raise Refused("terms: give a number of days or days end of month, not both.", Code.DATE_INVALID)
    for length in (facts.days or 0, facts.end_of_month_days or 0):
        if not 0 <= length <= 3_650:
            raise Refused("terms: a payment term is between 0 and 3650 days.", Code.DATE_INVALID)
    default_days = int(tables.amount("default_term_days", facts.issued_on))
    default_on = facts.starts_on + timedelta(days=default_days)
    row = _sector(facts.sector, facts.issued_on, tables) if facts.sector is not None else None
    cap_on = _cap(facts, row, tables)
    due_on = _agreed(facts, row) or min(default_on, cap_on)
    return Terms(
        due_on=due_on,
        default=facts.days is None and facts.end_of_month_days is None,
        default_on=default_on,
        cap_on=cap_on,
        allowed=due_on <= cap_on,
        article=row.article if row is not None else ARTICLE,
        label=row.label if row is not None else "règle générale",
        warnings=tuple(_warnings(facts, row, due_on, cap_on)),
    )


def _agreed(facts: TermFacts, row: Sector | None) -> date | None:
    """The due date the parties agreed; None when they agreed nothing."""
    if facts.days is not None:
        from_delivery = row is not None and row.basis == "delivery"
        return (facts.starts_on if from_delivery else facts.issued_on) + timedelta(days=facts.days)
    if facts.end_of_month_days is not None:
        return end_of_month_term(facts.issued_on, facts.end_of_month_days, facts.method or "before")
    return None


def sectors(tables: Tables) -> tuple[str, ...]:
    """The names of the sectors the tables know."""
    return tuple(dict.fromkeys(row.name for row in tables.of(Sector)))


def _sector(name: str, issued_on: date, tables: Tables) -> Sector:
    for row in tables.of(Sector):
        if row.name == name and row.confirmed and _in_season(row, issued_on):
            return row
    raise Refused(f"sector: « {name} » is not known; write one of {', '.join(sectors(tables))}.")


def _in_season(row: Sector, issued_on: date) -> bool:
    if row.season is None:
        return True
    first, last = (int(month) for month in row.season.split("-"))
    return first <= issued_on.month <= last


def _cap(facts: TermFacts, row: Sector | None, tables: Tables) -> date:
    issued_on, method = facts.issued_on, facts.method or "before"
    monthly = facts.end_of_month_days is not None
    if row is None:
        if monthly:
            return end_of_month_term(issued_on, int(tables.amount("end_of_month_cap_days", issued_on)), method)
        return issued_on + timedelta(days=int(tables.amount("invoice_cap_days", issued_on)))
    if monthly and row.alternative_days is not None:
        return end_of_month_term(issued_on, row.alternative_days, method)
    match row.basis:
        case "invoice":
            return issued_on + timedelta(days=row.days)
        case "delivery":
            return facts.starts_on + timedelta(days=row.days)
        case "end_of_month":
            return end_of_month_term(issued_on, row.days, method)
        case "end_of_month_of_delivery":
            return end_of_month(facts.starts_on) + timedelta(days=row.days)
        case "decade_of_delivery":
            return _end_of_decade(facts.starts_on) + timedelta(days=row.days)


def _end_of_decade(day: date) -> date:
    """The 10th, the 20th or the last day of the month."""
    return day.replace(day=10 if day.day <= 10 else 20) if day.day <= 20 else end_of_month(day)


def _warnings(facts: TermFacts, row: Sector | None, due_on: date, cap_on: date) -> list[Warning_]:
    said = []
    if due_on > cap_on:
        said.append(_say("beyond_cap", due=f"{due_on:%d/%m/%Y}", cap=f"{cap_on:%d/%m/%Y}"))
    if facts.end_of_month_days is not None and facts.method is None:
        other = end_of_month_term(facts.issued_on, facts.end_of_month_days, "after")
        said.append(_say("method_not_fixed", other=f"{other:%d/%m/%Y}"))
    nothing_agreed = facts.days is None and facts.end_of_month_days is None
    if (nothing_agreed or (row is not None and "delivery" in row.basis)) and facts.received_on is None:
        said.append(_say("receipt_unknown"))
    if row is None and facts.days is not None and facts.days < 7:
        said.append(_say("on_receipt"))
    return said


def _say(code: str, **values: str) -> Warning_:
    return Warning_(code=code, text=_TEXTS[code].format(**values))
