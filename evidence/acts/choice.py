"""The acts that a file's procedure needs. Pure."""

from collections.abc import Callable

from evidence.acts.administrative import administrative
from evidence.acts.blocks import Act
from evidence.acts.declaration import declaration
from evidence.acts.execution import execution
from evidence.acts.loss import loss
from evidence.acts.officer import officer
from evidence.acts.order import order
from evidence.acts.relief import relief
from evidence.acts.summons import summons
from evidence.manifest import Piece
from rules.brief import Brief
from rules.judicial import RELIEF
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


def acts_of(brief: Brief, pieces: tuple[Piece, ...]) -> tuple[Act, ...]:
    """The drafts of the brief's procedure, none when none is open for the claim; a claim that was not declared in time
    needs two, the relief and then the declaration. Of a claim that was written off, what the accounts keep;
    once there is a title, what its execution needs."""
    if brief.written_off:
        return (loss(brief, pieces),)
    if brief.title is not None and brief.procedure != Procedure.DECLARATION:
        return (execution(brief, brief.title, pieces),)
    act = _act(brief, pieces)
    if act is None:
        return ()
    return (relief(brief, pieces), act) if brief.step == RELIEF else (act,)


def _act(brief: Brief, pieces: tuple[Piece, ...]) -> Act | None:
    if brief.debtor.kind is DebtorKind.PUBLIC_BODY and brief.procedure == Procedure.INTERIM:
        return administrative(brief, pieces)
    write = _ACTS.get(brief.procedure)
    return None if write is None else write(brief, pieces)
