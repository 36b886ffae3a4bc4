"""Whom an act is addressed to, in the words a court is written to with. Pure."""

from letters.typography import fold
from rules.law.courts import Court
from rules.proposal import Proposal

NAMES = {
    Court.COMMERCE: "tribunal de commerce",
    Court.ECONOMIC: "tribunal des activités économiques",
    Court.JUDICIAL: "tribunal judiciaire",
    Court.PROTECTION: "tribunal judiciaire",
    Court.COMMERCIAL_CHAMBER: "tribunal judiciaire",
    Court.ADMINISTRATIVE: "tribunal administratif",
}
_UNKNOWN_TOWN = "ressort du "
"""How a route names a place of which only the postal code is known."""


def court_name(route: Proposal | None) -> str:
    """« tribunal de commerce de Lyon »; without its town when only the debtor's postal code is known: a court's name
    is never guessed."""
    if route is None or route.court is None:
        return "tribunal compétent"
    name = NAMES[Court(route.court)]
    return name if town_of(route) is None else f"{name} {of_town(route.place or '')}"


def judge_of_order(route: Proposal | None) -> str:
    """Who rules on a requête en injonction de payer (1406 CPC): a president, or the juge de la protection."""
    judges = {
        Court.PROTECTION: "juge des contentieux de la protection du ",
        Court.COMMERCIAL_CHAMBER: "président de la chambre commerciale du ",
    }
    court = Court(route.court) if route is not None and route.court else None
    return f"{judges.get(court, 'président du ') if court is not None else ''}{court_name(route)}"


def town_of(route: Proposal | None) -> str | None:
    """The town of the court; None when nobody has said it."""
    place = route.place if route is not None else None
    return None if not place or place.startswith(_UNKNOWN_TOWN) else place


def of_town(town: str) -> str:
    """« de Lyon », « d’Avignon », « du Havre », « des Sables »."""
    for article, short in (("le ", "du "), ("les ", "des ")):
        if town.lower().startswith(article):
            return short + town[len(article) :]
    return f"d’{town}" if fold(town)[:1] in "aeiouyh" else f"de {town}"


def president(route: Proposal | None) -> tuple[str, ...]:
    """The lines of the addressee of a requête."""
    judge = {
        Court.PROTECTION: "À Madame ou Monsieur le juge des contentieux de la protection",
        Court.COMMERCIAL_CHAMBER: "À Madame ou Monsieur le président de la chambre commerciale",
        Court.ADMINISTRATIVE: "À Madame ou Monsieur le juge des référés",
    }.get(Court(route.court)) if route is not None and route.court else None  # fmt: skip
    first = judge or "À Madame ou Monsieur le président"
    return (first, f"du {court_name(route)}", *_doubt(route))


def before(route: Proposal | None, *, interim: bool = False) -> tuple[str, ...]:
    """The lines that name the court of an assignation; a référé is heard by its president (835 and 873 CPC), or by the
    juge des contentieux de la protection."""
    court = route.court if route is not None else None
    if court == Court.PROTECTION:
        where = f"le juge des contentieux de la protection du {court_name(route)}"
    elif court == Court.COMMERCIAL_CHAMBER:
        where = f"{'le président de ' if interim else ''}la chambre commerciale du {court_name(route)}"
    else:
        where = f"le {'président du ' if interim else ''}{court_name(route)}"
    return (f"Devant {where}", *_doubt(route))


def _doubt(route: Proposal | None) -> tuple[str, ...]:
    if route is None or route.court is None:
        return ("(juridiction à compléter)",)
    if town_of(route) is None:
        return (f"({route.place or 'ressort du débiteur'} : siège à compléter)",)
    return () if route.court_confirmed else ("(siège à confirmer d’après la commune du débiteur)",)
