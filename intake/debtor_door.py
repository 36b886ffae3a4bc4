"""The debtor's door: one thing said of a debtor, heard by each of its cases as its own share."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from intake.door import Door
from rules.allocation import chosen, plan_parts, shared
from rules.case import Case
from rules.commands import Command, Paid, PaymentPlan
from rules.creditor import Creditor
from rules.law import Tables
from rules.money import ZERO, exact
from rules.reading import COMMANDS, parse_command
from rules.refusals import Code, Refused
from rules.view import CaseView


class Cases(Protocol):
    """What is read of the ledger."""

    async def open_cases_of_debtor(self, debtor: str, creditor: str | None) -> Sequence[Case]:
        """The open cases of a customer number, with every creditor or one."""
        ...


class Heard(NamedTuple):
    """What each case answered, and what of a payment no invoice took."""

    views: tuple[CaseView, ...]
    left_over: Decimal = ZERO


class DebtorDoor:
    """Shares a payment or a plan between the debtor's open cases; says the rest to all of them."""

    def __init__(self, door: Door, cases: Cases, creditors: Mapping[str, Creditor], tables: Tables) -> None:
        self._door = door
        self._cases = cases
        self._creditors = creditors
        self._tables = tables

    async def submit(
        self, debtor: str, name: str, payload: Mapping[str, Any], event_id: str, *, creditor: str | None = None
    ) -> Heard:
        """Say ``name`` with ``payload`` of a debtor. ``paid`` may carry ``allocation`` (invoice number to amount;
        absent: art. 1342-10 C. civ.), ``payment_plan`` may carry ``covers`` (numbers; absent: all open invoices).

        Each case hears its share under ``event_id`` and its own id, so that saying it twice is harmless. Raises
        Refused."""
        cases = await self._open_cases(debtor, creditor)
        if name == "paid":
            return await self._pay(cases, dict(payload), event_id)
        if name == "payment_plan":
            return await self._plan(cases, dict(payload), event_id)
        command = parse_command(name, {**payload, "scope": "debtor"})
        return Heard((await self._door.submit(cases[0].id, _body(command, name), event_id),))

    async def _open_cases(self, debtor: str, creditor: str | None) -> Sequence[Case]:
        cases = await self._cases.open_cases_of_debtor(debtor, creditor)
        if not cases:
            raise Refused(f"debtor « {debtor} » has no open case.", Code.NOT_ALLOWED_NOW)
        creditors = {case.invoice.creditor for case in cases}
        if len(creditors) > 1:
            raise Refused(
                f"debtor « {debtor} » owes several creditors; say --creditor: {', '.join(sorted(creditors))}."
            )
        return sorted(cases, key=lambda case: case.id)

    async def _pay(self, cases: Sequence[Case], payload: dict[str, Any], event_id: str) -> Heard:
        allocation = payload.pop("allocation", None)
        command = parse_command("paid", payload)
        assert isinstance(command, Paid)
        if allocation is not None:
            wanted = {number: exact(part, field="allocation") for number, part in _pairs(allocation)}
            parts, left = chosen(wanted, cases, command.amount), ZERO
        elif command.amount is None:
            raise Refused("paid: give the amount; a debtor with several invoices does not say it by itself.")
        else:
            received = command.received_on or command.on
            if received is None:
                raise Refused("paid: give received_on; the order of art. 1342-10 depends on the day.")
            creditor = self._creditors[cases[0].invoice.creditor]
            parts, left = shared(cases, creditor, self._tables, command.amount, received)
            parts = _with_rest(parts, left, cases)
        said = {case_id: _body(command.model_copy(update={"amount": part}), "paid") for case_id, part in parts.items()}
        return Heard(await self._each(said, event_id), left)

    async def _plan(self, cases: Sequence[Case], payload: dict[str, Any], event_id: str) -> Heard:
        covers = payload.pop("covers", None)
        command = parse_command("payment_plan", payload)
        assert isinstance(command, PaymentPlan)
        covered = [case for case in cases if covers is None or case.invoice.number in covers]
        unknown = set(covers or ()) - {case.invoice.number for case in covered}
        if unknown:
            raise Refused(f"covers: {', '.join(sorted(unknown))} is no open invoice of this debtor.")
        plans = plan_parts(covered, command.instalments)
        said = {
            case_id: _body(command.model_copy(update={"instalments": parts}), "payment_plan")
            for case_id, parts in plans.items()
        }
        return Heard(await self._each(said, event_id))

    async def _each(self, said: Mapping[str, dict[str, Any]], event_id: str) -> tuple[CaseView, ...]:
        return tuple(
            [await self._door.submit(case_id, body, f"{event_id}@{case_id}"[:200]) for case_id, body in said.items()]
        )


def _with_rest(parts: dict[str, Decimal], left: Decimal, cases: Sequence[Case]) -> dict[str, Decimal]:
    """What no invoice takes is kept on the last one paid, where it shows as an excess and a task."""
    if left <= ZERO:
        return parts
    last = list(parts)[-1] if parts else cases[-1].id
    return {**parts, last: parts.get(last, ZERO) + left}


def _pairs(allocation: Any) -> list[tuple[str, Any]]:
    """``[{number, amount}]`` or ``{number: amount}``."""
    if isinstance(allocation, dict):
        return list(allocation.items())
    try:
        return [(str(entry["number"]), entry["amount"]) for entry in allocation]
    except (TypeError, KeyError):
        raise Refused("allocation: write [{number, amount}].") from None


def _body(command: Command, name: str) -> dict[str, Any]:
    assert name in COMMANDS
    return {**command.model_dump(mode="json", exclude_none=True, exclude={"id"}), "kind": name}
