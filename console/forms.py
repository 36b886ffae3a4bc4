"""The forms of the actions on a case: their fields, and what a filled one says to the case. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from console.actions import ACTIONS, ON_THEIR_WAY, Action
from console.fields import Field
from console.i18n import noted as _
from rules.case import Case
from rules.commands import Command
from rules.events import Noted
from rules.law.days import add_months
from rules.money import CENT, parse_amount
from rules.reading import parse_command
from rules.refusals import Refused

_LONGEST = 2000


@dataclass(frozen=True)
class Filled:
    """A form as it was sent. ``errors``: what is wrong, by field; ``body``: what to say to the case when nothing is."""

    action: Action
    values: Mapping[str, str]
    errors: Mapping[str, str]
    body: Mapping[str, Any]


def fill(action: Action, sent: Mapping[str, Any], case: Case, by: str, actor: str = "operator") -> Filled:
    """Read a form. Errors are words that the page translates."""
    values = {field.name: str(sent.get(field.name, "")).strip()[:_LONGEST] for field in action.fields}
    errors: dict[str, str] = {}
    body: dict[str, Any] = {"by": by, "actor": actor, "via": "console", **_about(action, case)}
    asked = str(sent.get("task", ""))[:200]
    if action.name == "task_done":
        body["task"] = asked
        if asked.startswith("grant/"):
            errors["outcome"] = _("Un responsable accorde ou refuse, dans l’action qui porte ce nom")
    elif action.name == "grant" and asked.startswith("grant/"):
        body["task"] = asked
    for field in action.fields:
        try:
            value = _value(field, values[field.name])
        except ValueError:
            errors[field.name] = field.wrong
            continue
        if value is not None:
            body[field.name] = value
        elif field.required:
            errors[field.name] = field.missing
    if not errors and action.name == "payment_plan":
        body["instalments"] = _shares(
            case.open_principal, int(body.pop("parts")), date.fromisoformat(body.pop("first"))
        )
    if not errors:
        body, errors = _checked(action, body, errors)
    return Filled(action, values, errors, body)


def _about(action: Action, case: Case) -> dict[str, Any]:
    """The step that the action speaks of: the one a person was asked about, or the letter that is on its way."""
    if action.name in ("approve", "approve_file", "decline") and case.approval is not None:
        return {"step": case.approval.step, "passage": case.approval.passage}
    if action.name == "in_doubt" and case.doubt is not None:
        return {"task": f"in_doubt/{case.doubt.id}"}
    if action.name == "grant":
        asking = (note.id for note in case.open_notes if isinstance(note, Noted) and note.asks is not None)
        return {"task": f"grant/{next(asking, '')}"}
    if action.name not in ON_THEIR_WAY:
        return {}
    letters = [s for s in case.steps if s.channel == "registered_letter" and s.outcome in ON_THEIR_WAY[action.name]]
    return {"step": letters[-1].step, "passage": letters[-1].passage} if letters else {}


def _value(field: Field, text: str) -> Any:
    """What a field says, as the command wants it; None when it says nothing. Raises ValueError."""
    if not text:
        return None
    if field.kind == "money":
        try:
            amount = parse_amount(text)
        except Refused:
            raise ValueError(text) from None
        if amount <= 0:
            raise ValueError(text)
        return str(amount)
    if field.kind == "date":
        return date.fromisoformat(text).isoformat()
    if field.kind == "number":
        number = int(text)
        if not field.least <= number <= field.most:
            raise ValueError(text)
        return number
    if field.options and text not in dict(field.options):
        raise ValueError(text)
    return text


def _checked(action: Action, body: dict[str, Any], errors: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The body as the case's own rules read it; what they refuse is said of the form."""
    name = action.kind
    inner = {key: value for key, value in body.items() if key != "kind"}
    if name == "contact_changed":
        inner = _contact(inner)
    try:
        command: Command = parse_command(name, inner)
    except Refused as refused:
        return body, {**errors, "form": refused.sentence}
    return command.model_dump(mode="json", exclude_defaults=True) | {"kind": name}, errors


def _contact(body: dict[str, Any]) -> dict[str, Any]:
    """Street, postal code and town are one address."""
    street, code, city = (body.pop(name, None) for name in ("street", "postal_code", "city"))
    if street or code or city:
        body["address"] = {"lines": [street or ""], "postal_code": code or "", "city": city or "", "country": "FR"}
    return body


def _shares(whole: Decimal, parts: int, first: date) -> list[dict[str, str]]:
    """Equal monthly instalments; the last one bears the cents."""
    share = (whole / parts).quantize(CENT, rounding=ROUND_DOWN)
    amounts = [share] * (parts - 1) + [whole - share * (parts - 1)]
    days = [add_months(first, number) for number in range(parts)]
    return [{"due_on": day.isoformat(), "amount": str(amount)} for day, amount in zip(days, amounts, strict=True)]


def action_named(name: str) -> Action | None:
    """The action of that name."""
    return next((action for action in ACTIONS if action.name == name), None)


def default_of(start: str, today: date) -> str:
    """What a field shows before it is filled."""
    if start == "today":
        return today.isoformat()
    return start
