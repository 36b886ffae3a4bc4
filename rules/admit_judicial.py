"""Admitting what is said of a file, of a procedure and of those who hold a case. Pure."""

from datetime import timedelta

from rules import commands_judicial as c
from rules import events as e
from rules.admission import Admission
from rules.commands_base import Command
from rules.judicial import procedure_of, proceedings, rate_granted
from rules.law import Procedure
from rules.money import ZERO
from rules.plausible import not_ahead
from rules.procedure import chosen_route
from rules.refusals import Code, Refused

_BEFORE = {
    "ordered": "filed", "served": "ordered", "opposed": "served", "not_opposed": "served", "enforceable": "served",
}  # fmt: skip
"""Of an order to pay: what must have come first, if it is known at all."""


def judicial(a: Admission, command: c.JudicialEvent) -> tuple[e.Event, ...]:
    """What a court did. Money that came in execution is a payment too, and counts as one."""
    not_ahead(command, a.today, "interest_from")
    try:
        rate_granted(command.rate)
    except ValueError as wrong:
        raise Refused(f"judicial_event: {wrong}.", Code.AMOUNT_INVALID) from None
    procedure = command.procedure or procedure_of(a.case)
    _check_order(a, command, procedure)
    kept = {"id", "by", "on", "note", "scope", "kind", "event", "court", "reference", "hearing_on", "procedure"}
    details = command.model_dump(mode="json", exclude_none=True, exclude=kept)
    noted = a.event(
        e.JudicialEventNoted, command,
        event=command.event,
        court=command.court,
        reference=command.reference,
        hearing_on=command.hearing_on,
        procedure=procedure,
        details=details,
    )  # fmt: skip
    return (noted, *_executed(a, command))


def _check_order(a: Admission, command: c.JudicialEvent, procedure: str) -> None:
    now = proceedings(a.case)
    before = _BEFORE.get(command.event)
    if now is None or before is None or procedure != Procedure.ORDER or now.procedure != procedure:
        return
    first = now.last(before)
    if first is not None and a.day < first.on:
        raise Refused(
            f"judicial_event: {command.event} on {a.day} is before {before} on {first.on}; correct one of them.",
            Code.DATE_INVALID,
        )


def _executed(a: Admission, command: c.JudicialEvent) -> tuple[e.Event, ...]:
    if command.event != "paid":
        return ()
    amount = command.principal or a.case.open_principal
    if amount <= ZERO:
        return ()
    paid = a.event(
        e.PaymentReceived, command,
        amount=amount, received_on=a.day, reference=command.reference, method="exécution",
    )  # fmt: skip
    return (paid.model_copy(update={"id": f"{a.id}/payment"}),)


def picked(a: Admission, command: c.Approve) -> str | None:
    """The procedure an approval picks; raises Refused when it is not open for this claim, with the reason, or when
    what is approved is no judicial file."""
    if command.procedure is None:
        return None
    rung = a.context.policy.at(command.step)
    if rung is None or rung.prepares is None:
        raise Refused(f"approve: {command.step} prepares no judicial file; leave procedure out.")
    chosen_route(a.case, a.context, a.today, Procedure(command.procedure))
    return command.procedure


def recall(a: Admission, command: c.Recall) -> tuple[e.Event, ...]:
    """A case that another holds comes back; else a file of less than the policy's hours, or one that something has
    overtaken, not yet lodged."""
    case = a.case
    if command.file is not None:
        return _recalled_with(a, command)
    if case.handed is not None:
        return (a.event(e.TakenBack, command, reason=command.reason),)
    if case.file is None or proceedings(case) is not None:
        raise Refused("recall: no file waits to be lodged, and nobody else holds this case.", Code.NOT_ALLOWED_NOW)
    until = case.file.at + timedelta(hours=a.context.policy.judicial.recall_hours)
    if a.now > until and case.outdated is None:
        zone = a.context.policy.zone
        raise Refused(
            f"recall: the file could be called back until {until.astimezone(zone):%d/%m/%Y %H:%M}; "
            "once lodged, say judicial_event withdrawn.",
            Code.NOT_ALLOWED_NOW,
        )
    return (_recalled(a, command, case.file),)


def _recalled_with(a: Admission, command: c.Recall) -> tuple[e.Event, ...]:
    """A common file was called back for another invoice: so it is for this one, at whatever hour it hears of it."""
    file = a.case.file
    if file is None or file.manifest != command.file:
        return ()
    if proceedings(a.case) is not None:
        raise Refused(
            "recall: the common file was called back for another invoice, and is lodged for this one; say which is "
            "true: judicial_event withdrawn here, or filed there.",
            Code.NOT_ALLOWED_NOW,
        )
    return (_recalled(a, command, file),)


def overtaken(a: Admission, command: c.FileOvertaken) -> tuple[e.Event, ...]:
    """The file is not to be lodged as it stands; a common one that this invoice does not stand in is no news."""
    file = a.case.file
    if file is None or proceedings(a.case) is not None:
        if of_a_common_file(command):
            return ()
        raise Refused("file_overtaken: no file waits to be lodged.", Code.NOT_ALLOWED_NOW)
    if command.file not in (None, file.manifest):
        return ()
    fields = command.model_dump(include={"invoice", "what", "because"})
    return (a.event(e.FileOvertaken, command, manifest=file.manifest, **fields),)


def of_a_common_file(command: Command) -> bool:
    """Whether it is what the debtor's other case says of the file that both stand in."""
    return isinstance(command, c.Recall | c.FileOvertaken) and command.file is not None


def _recalled(a: Admission, command: c.Recall, file: e.FilePrepared) -> e.Event:
    return a.event(e.FileRecalled, command, step=file.step, passage=file.passage, reason=command.reason)


def handed_over(a: Admission, command: c.HandOver) -> tuple[e.Event, ...]:
    """An agency needs a written agreement (R124-3 CPCE); nobody else may hold the case meanwhile."""
    if a.case.handed is not None:
        raise Refused(f"handed_over: {a.case.handed.to} holds this case; recall it first.", Code.NOT_ALLOWED_NOW)
    not_ahead(command, a.today, "since")
    if command.returns_on is not None and command.returns_on <= a.today:
        raise Refused(f"handed_over: returns_on {command.returns_on} is not after today.", Code.DATE_INVALID)
    if command.role == "collection_agency" and command.mandate is None:
        raise Refused("handed_over: a collection agency acts under a written agreement (R124-3 CPCE); give mandate.")
    fields = command.model_dump(include={"to", "role", "commission", "fee", "mandate", "returns_on"})
    return (a.event(e.HandedOver, command, since=command.since or a.day, **fields),)


def mediation(a: Admission, command: c.Mediation) -> tuple[e.Event, ...]:
    """Art. 2238 C. civ.: limitation is suspended from the written agreement, or else the first meeting."""
    not_ahead(command, a.today, "agreed_on")
    if command.outcome is not None:
        if a.case.mediation is None:
            raise Refused("mediation: none has begun; leave outcome out to begin one.", Code.NOT_ALLOWED_NOW)
        return (a.event(e.MediationEnded, command, outcome=command.outcome, ended_on=a.day),)
    if a.case.mediation is not None:
        raise Refused("mediation: one is going on; say its outcome first.", Code.NOT_ALLOWED_NOW)
    fields = {"mediator": command.mediator, "until": command.until, "document": command.document}
    return (a.event(e.MediationOpened, command, agreed_on=command.agreed_on or a.day, **fields),)


def cost(a: Admission, command: c.Cost) -> tuple[e.Event, ...]:
    fields = {"nature": command.nature, "amount": command.amount, "document": command.document}
    return (a.event(e.CostIncurred, command, **fields),)
