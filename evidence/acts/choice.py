"""The act that a file's procedure needs. Pure."""

from collections.abc import Callable

from evidence.acts.administrative import administrative
from evidence.acts.blocks import Act
from evidence.acts.declaration import declaration
from evidence.acts.officer import officer
from evidence.acts.order import order
from evidence.acts.summons import summons
from evidence.manifest import Piece
from rules.brief import Brief
from rules.law import Procedure
from rules.law.kinds import DebtorKind

_ACTS: dict[str, Callable[[Brief, tuple[Piece, ...]], Act]] = {
    Procedure.ORDER: order,
    Procedure.INTERIM: summons,
    Procedure.SUMMONS: summons,
    Procedure.DECLARATION: declaration,
    Procedure.SMALL_CLAIM: officer,
    Procedure.UNCONTESTED: officer,
}


def act_of(brief: Brief, pieces: tuple[Piece, ...]) -> Act | None:
    """The draft of the brief's procedure; None when none is open for the claim."""
    if brief.debtor.kind is DebtorKind.PUBLIC_BODY and brief.procedure == Procedure.INTERIM:
        return administrative(brief, pieces)
    write = _ACTS.get(brief.procedure)
    return None if write is None else write(brief, pieces)
