"""Which court hears a claim for payment, and where. Pure.

The subject and the parties give the kind of judge; the debtor's seat gives the place (42 and 43 CPC; for an
injonction de payer it is the only one, 1406). The court's name is certain only in the commune of its seat.
Checked 2026-11-22.
"""

from datetime import date
from enum import StrEnum

from rules.base import Frozen
from rules.law.days import ALSACE_MOSELLE, region_of
from rules.law.kinds import DebtorKind, Subject
from rules.law.tables import Seat, Tables


class Court(StrEnum):
    """The judges of first instance."""

    COMMERCE = "tribunal_de_commerce"
    ECONOMIC = "tribunal_des_activites_economiques"
    JUDICIAL = "tribunal_judiciaire"
    PROTECTION = "juge_des_contentieux_de_la_protection"
    COMMERCIAL_CHAMBER = "chambre_commerciale_tribunal_judiciaire"
    ADMINISTRATIVE = "tribunal_administratif"


COMMERCIAL = frozenset({Court.COMMERCE, Court.ECONOMIC, Court.COMMERCIAL_CHAMBER})
# Part of the tribunal judiciaire, so that its rules on amicable attempts and contribution apply.
CIVIL = frozenset({Court.JUDICIAL, Court.PROTECTION, Court.COMMERCIAL_CHAMBER})


class Competence(Frozen):
    """The court, the place, whether its name is certain, and why."""

    court: Court
    place: str | None
    confirmed: bool
    because: str
    article: str
    alternative: Court | None = None


def competence(
    debtor_kind: DebtorKind,
    subject: Subject,
    tables: Tables,
    on: date,
    *,
    merchant: bool | None = None,
    creditor_merchant: bool = True,
    postal_code: str | None = None,
) -> Competence:
    """The court of a contract debt.

    L721-3 C. com. (between merchants, commercial companies, acts of commerce); TAE pilot, loi 2023-1059;
    commercial chambers of Alsace-Moselle; L213-4-4 and L213-4-5 COJ (residential lease, consumer credit);
    otherwise the tribunal judiciaire. A debtor who is a business is taken for a merchant unless said
    otherwise. Checked 2026-11-22.
    """
    if debtor_kind is DebtorKind.PUBLIC_BODY:
        why = "débiteur public : juge administratif, sans injonction de payer ni saisie"
        return _at(Court.ADMINISTRATIVE, postal_code, why, "R541-1 CJA")
    if subject is Subject.CONSUMER_CREDIT or (subject is Subject.RENT and debtor_kind is not DebtorKind.BUSINESS):
        why = "bail d'habitation ou crédit à la consommation"
        return _at(Court.PROTECTION, postal_code, why, "service-public.fr F20688")
    commercial = debtor_kind is DebtorKind.BUSINESS and merchant is not False and subject is Subject.TRADE
    if not commercial:
        why = "débiteur non commerçant : le tribunal judiciaire est seul compétent"
        return _at(Court.JUDICIAL, postal_code, why, "L721-3 C. com. a contrario")
    found = _commercial(postal_code, tables, on)
    if creditor_merchant:
        return found
    why = "débiteur commerçant, créancier non commerçant : le créancier choisit, au tribunal judiciaire ou ici"
    return found.model_copy(update={"because": why, "alternative": Court.JUDICIAL})


def seat_of(postal_code: str | None, tables: Tables, on: date) -> Seat | None:
    """The commercial court whose seat is in the commune of a postal code; else the only one of the
    département.
    """
    code = (postal_code or "").replace(" ", "")
    if not code:
        return None
    open_then = [row for row in tables.of(Seat) if row.from_on <= on and (row.to_on is None or on <= row.to_on)]
    for row in open_then:
        if code in row.postal_codes:
            return row
    return next((row for row in open_then if row.department == _department(code)), None)


def _department(code: str) -> str:
    return code[:3] if code[:2] in {"97", "98"} else code[:2]


def _commercial(postal_code: str | None, tables: Tables, on: date) -> Competence:
    seat = seat_of(postal_code, tables, on)
    article = "L721-3 C. com."
    if region_of(postal_code) in ALSACE_MOSELLE:
        why = "Alsace-Moselle : chambre commerciale du tribunal judiciaire"
        found = _at(Court.COMMERCIAL_CHAMBER, postal_code, why, article)
        return found if seat is None else found.model_copy(update={"place": seat.commune, "confirmed": True})
    if seat is None:
        why = "entre commerçants ; tribunal de commerce ou des activités économiques du siège du débiteur"
        return _at(Court.COMMERCE, postal_code, why, article)
    certain = (postal_code or "").replace(" ", "") in seat.postal_codes
    if Court(seat.kind) is Court.ECONOMIC:
        why = "entre commerçants ; tribunal de commerce devenu tribunal des activités économiques (2025-2028)"
        article = "L721-3 C. com. ; loi 2023-1059, arrêté du 5/07/2024"
    else:
        why = "entre commerçants, sociétés commerciales ou pour actes de commerce"
    return Competence(
        court=Court(seat.kind),
        place=seat.commune,
        confirmed=certain and not seat.single_source,
        because=why,
        article=article,
    )


def _at(court: Court, postal_code: str | None, because: str, article: str) -> Competence:
    """A court known by its kind; of the place only the debtor's postal code is known."""
    place = f"ressort du {postal_code}" if postal_code else None
    return Competence(court=court, place=place, confirmed=False, because=because, article=article)
