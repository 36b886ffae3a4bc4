"""What the bank says: a credit that may be this invoice's, and how old the bank's word may be. Pure."""

from datetime import date, datetime
from typing import Literal

from rules.calendars import local_day
from rules.claim import Context
from rules.commands_base import Command, Name, Positive, Text
from rules.decision import AnyStep, AskApproval, Park, PrepareFile, Send, Task
from rules.judicial import IN_INSOLVENCY

REASON = "bank_data"
PROPOSED = "payment_proposed"


class PaymentProposed(Command):
    """A credit at the bank that may pay this case: nothing is written until a person says ``paid`` under the same
    ``reference``, or closes the task."""

    kind: Literal["payment_proposed"] = "payment_proposed"
    amount: Positive
    received_on: date
    reference: Name
    method: Name | None = None
    because: Text | None = None


def waits_for_bank(step: AnyStep, at: datetime | None, context: Context, now: datetime) -> str | None:
    """Why a written step whose moment has come waits for a bank statement, in French; None when it need not.

    A declaration of claim never waits: its time limit is the law's. A call does not either: who calls can look."""
    most = context.policy.bank_data_max_age_days
    if most is None or at is None or at > now or not isinstance(step, Send | PrepareFile | AskApproval):
        return None
    if step.step in IN_INSOLVENCY:
        return None
    known = context.debtor.bank_until
    if known is None:
        return f"{step.step} attend : aucun relevé bancaire n'a été importé"
    if (local_day(now, context.policy.zone) - known).days <= most:
        return None
    return f"{step.step} attend : dernier relevé bancaire du {known:%d/%m/%Y}, plus de {most} jours"


def bank_task(step: AnyStep, creditor: str, context: Context, today: date) -> list[Task]:
    """One task for all the creditor's cases, whichever asks."""
    if not isinstance(step, Park) or step.reason != REASON:
        return []
    known = context.debtor.bank_until
    last = f" (dernier : {known:%d/%m/%Y})" if known is not None else ""
    since = known.isoformat() if known is not None else "none"
    summary = f"importer le relevé bancaire{last} : les courriers attendent"
    return [Task(id=f"{REASON}/{creditor}/{since}", kind=REASON, due_on=today, summary=summary)]
