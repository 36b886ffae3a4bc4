"""What only a manager may grant: said by anybody else it is kept as it was said, the letters wait, and it takes effect
once granted. Pure."""

from datetime import date
from decimal import Decimal

from rules import commands as c
from rules import events as e
from rules.actors import PEOPLE, Actor
from rules.admission import Admission
from rules.admit_terms import noted
from rules.case import Case
from rules.claim import claim_of
from rules.commands_judicial import Approve
from rules.events_said import is_remission
from rules.expiry import limitation_on
from rules.law.days import add_months
from rules.money import ZERO, total
from rules.policy import Role
from rules.refusals import Code, Refused

LIMITATION_MONTHS = 4
"""No pause ends within this many months of the last useful day unless a manager says so: practice, no law."""


def to_be_granted(a: Admission, command: c.Command) -> tuple[e.Event, ...]:
    """The request for a manager's word; empty when the command may take effect at once, or is a manager's own. What the
    case was forgiven before counts with what is forgiven now."""
    if a.actor(command) == Actor.MANAGER:
        return ()
    above, asked = a.context.policy.waiver_above, _given_up(a, command)
    given_up = asked + _forgiven(a.case)
    if above is not None and asked > ZERO and given_up > above.amount and above.by is not Role.NONE:
        because = f"{given_up} {a.case.invoice.currency} abandonnés, au-dessus de {above.amount}"
        return (noted(a, command, pauses=True, asks=above.by, because=because),)
    end, last_day = _end(command), limitation_on(a.case, a.context.tables)
    if end is not None and last_day is not None and end > add_months(last_day, -LIMITATION_MONTHS):
        because = f"jusqu'au {end:%d/%m/%Y}, et la créance se prescrit le {last_day:%d/%m/%Y}"
        return (noted(a, command, pauses=True, asks=Role.MANAGER, because=because),)
    return ()


def check_grants(a: Admission, command: c.TaskDone, asked: str) -> None:
    """Raises Refused when who says « granted » is not known to be somebody who may."""
    actor = a.actor(command)
    if asked == Role.MANAGER and actor != Actor.MANAGER:
        said = f"task_done: a manager grants, and {_OTHERS.get(actor, _NOBODY)}; {REMEDY}."
        raise Refused(said, Code.NOT_ALLOWED_NOW)
    if actor is not None and actor not in PEOPLE:
        raise Refused(f"task_done: a person grants, no program does; {REMEDY}.", Code.NOT_ALLOWED_NOW)


def check_approves(a: Admission, command: Approve) -> None:
    """Raises Refused when somebody known to be no manager approves what the policy submits to one. The word of a door
    that knows nobody's role is taken, and the event says that it proves none."""
    asked = a.case.approval
    role = asked.role if asked is not None and asked.step == command.step else None
    if role == Role.MANAGER and a.actor(command) == Actor.OPERATOR:
        said = f"approve: the policy submits {command.step} to a manager, and {_OTHERS[Actor.OPERATOR]}; {REMEDY}."
        raise Refused(said, Code.NOT_ALLOWED_NOW)


_NOBODY = "a raw signal proves nobody's role"
_OTHERS: dict[str | None, str] = {
    Actor.OPERATOR: "an operator is none", Actor.BILLING: "no program is one", Actor.SYSTEM: "no program is one",
    Actor.DEBTOR: "the debtor is none",
}  # fmt: skip
REMEDY = "say it in the console, or with starter.py signal … --as LOGIN"


def _given_up(a: Admission, command: c.Command) -> Decimal:
    if isinstance(command, c.Waive):
        return command.interest + command.indemnity + command.principal
    if isinstance(command, c.Settlement):
        owed = claim_of(a.case, a.context.creditor, a.context.tables, a.today).total
        return max(ZERO, owed - command.amount)
    return ZERO


def _forgiven(case: Case) -> Decimal:
    """What people have given up of the case so far; what the policy dropped by itself is none of it."""
    said = (w.interest + w.indemnity for w in case.waived if w.door is not None)
    return total(said) + total(note.amount for note in case.credits if is_remission(note.number))


def _end(command: c.Command) -> date | None:
    """The day until which nothing is recovered; a signed plan recognises the debt and begins its limitation anew."""
    if isinstance(command, c.Hold):
        return command.until
    if isinstance(command, c.Promise):
        return command.pay_on
    if isinstance(command, c.PaymentPlan) and command.signed_on is None:
        return max(part.due_on for part in command.instalments)
    return None
