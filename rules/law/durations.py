"""How long a procedure takes at the least: the time limits the law itself sets; a court's own delays are not known.
Pure."""

from datetime import date

from rules.law.courts import CIVIL, COMMERCIAL, Court
from rules.law.procedures import Procedure, Reason
from rules.law.tables import Clock, Tables

_CLOCKS = {
    Procedure.ORDER: ("order_service", "opposition", "order_enforceable"),
    Procedure.SMALL_CLAIM: ("small_claim_answer",),
    Procedure.UNCONTESTED: ("l126_answer", "l126_report"),
    Procedure.DECLARATION: ("declaration", "foreclosure_relief"),
}
_HEARING = ("commercial_summons", "commercial_filing")


def durations(procedure: Procedure, court: Court | None, tables: Tables, on: date) -> tuple[Reason, ...]:
    """The legal time limits on the way of a procedure, one sentence each with its article.

    A row known from one source only is marked « à confirmer ». Checked 2026-11-22.
    """
    names = _CLOCKS.get(procedure, ())
    if procedure in {Procedure.INTERIM, Procedure.SUMMONS} and court in COMMERCIAL - CIVIL:
        names = _HEARING
    found = []
    for name in names:
        row = tables.at(Clock, on, name=name)
        if row is not None:
            length = f"{row.months} mois" if row.months else f"{row.days} jours"
            doubt = " (à confirmer)" if row.single_source else ""
            found.append(Reason(text=f"{row.label} : {length}{doubt}", article=row.article))
    if procedure in _BEFORE_A_JUDGE:
        found.append(Reason(text="délai propre de la juridiction : variable, à demander au greffe", article="–"))
    return tuple(found)


_BEFORE_A_JUDGE = frozenset({Procedure.ORDER, Procedure.INTERIM, Procedure.SUMMONS})
