"""The doors of a running case: updates, raw signals, queries; what is refused, what is never lost."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from rules.events import SignalRefused
from rules.invoice import InvoiceIssued
from tests.workflow.house import House, house

ORIGIN = "2025-09-06T08:00:00+02:00"
CASE = "invoice/acme/F-1"


def an_invoice(**changed: Any) -> InvoiceIssued:
    facts: dict[str, Any] = {
        "creditor": "acme",
        "number": "F-1",
        "issued_on": "2025-09-05",
        "due_on": "2025-10-05",
        "total": "1200.00",
        "debtor": {
            "id": "C-104",
            "name": "Boulangerie Martin SARL",
            "kind": "business",
            "email": "compta@martin.example",
        },
    }
    facts["debtor"] |= {"address": {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"}}
    return InvoiceIssued.model_validate(facts | changed)


async def submit(handle: WorkflowHandle[Any, Any], **body: Any) -> dict[str, Any]:
    view: dict[str, Any] = await handle.execute_update("submit", body)
    return view


async def held(its: House) -> WorkflowHandle[Any, Any]:
    """A case on hold from its first day, so that its clock stands while the test talks to it."""
    handle = await its.start(an_invoice())
    await handle.signal("hold", {"on": "2025-09-06"})
    return handle


async def closed(handle: WorkflowHandle[Any, Any]) -> None:
    await submit(handle, kind="cancel")
    await handle.result()


async def test_an_update_answers_with_the_case_after_it(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        async with its.open():
            view = await submit(handle, kind="paid", amount="200.00", reference="VIR-1")
            assert view["paid"] == "200.00"
            assert view["claim"]["principal"] == "1000.00"
            assert view["suspended"]["by"] == "hold"
            assert view == await handle.query("case")
            await closed(handle)


async def test_a_refused_update_leaves_only_its_answer(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        async with its.open():
            before = await submit(handle, kind="reconsider")
            for body, code in (
                ({"kind": "paid", "amount": "-5.00"}, "amount_invalid"),
                ({"kind": "paid", "received_on": "2025-02-30"}, "date_invalid"),
                ({"kind": "approve", "step": "mise_en_demeure"}, "not_allowed_now"),
                ({"kind": "dispute_settled", "outcome": "rejected"}, "not_allowed_now"),
                ({"kind": "unheard_of"}, "unknown_event"),
                ({"amount": "5.00"}, "malformed"),
            ):
                with pytest.raises(WorkflowUpdateFailedError) as refused:
                    await submit(handle, **body)
                assert isinstance(refused.value.cause, ApplicationError)
                assert refused.value.cause.type == code
                assert len(refused.value.cause.message) > 20
            assert await handle.query("case") == before
            await closed(handle)


async def test_the_same_event_twice_is_entered_once(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        async with its.open():
            await submit(handle, kind="paid", amount="200.00", id="bank-7")
            again = await submit(handle, kind="paid", amount="200.00", id="bank-7")
            assert again["paid"] == "200.00"
            with pytest.raises(WorkflowUpdateFailedError) as refused:
                await submit(handle, kind="paid", amount="300.00", id="bank-7")
            assert isinstance(refused.value.cause, ApplicationError)
            assert refused.value.cause.type == "id_conflict"
            other = await submit(handle, kind="paid", amount="200.00", reference="VIR-9", received_on="2025-09-06")
            same = await submit(handle, kind="paid", amount="200.00", reference="VIR-9", received_on="2025-09-06")
            assert other["paid"] == same["paid"] == "400.00"
            await closed(handle)


async def test_no_raw_signal_is_lost_and_none_fails_the_case(client: Client, tmp_path: Path) -> None:
    def raw(data: bytes, encoding: bytes) -> RawValue:
        return RawValue(Payload(metadata={"encoding": encoding}, data=data))

    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        await handle.signal("paid", {"amount": "not a number"})
        await handle.signal("paid", args=[{"amount": "1.00"}, {"amount": "2.00"}])
        await handle.signal("paid", ["a", "list"])
        await handle.signal("paid", [])
        await handle.signal("paid", "a sentence")
        await handle.signal("nobody_knows", {})
        await handle.signal("paid", raw(b"\xff\xfe{", b"json/plain"))
        await handle.signal("paid", raw(b"12", b"binary/plain"))
        await handle.signal("resume")
        async with its.open():
            await submit(handle, kind="note", note="all read")
            events = await its.ledger.reads.case_events(CASE)
            refused = [event for event in events if isinstance(event, SignalRefused)]
            assert [event.name for event in refused] == ["paid"] * 5 + ["nobody_knows"] + ["paid"] * 2
            assert [event.code for event in refused][:2] == ["amount_invalid", "malformed"]
            assert [event.kind for event in events if event.kind == "hold_lifted"] == ["hold_lifted"]
            view = await handle.query("case")
            assert sum(task["kind"] == "signal_refused" for task in view["tasks"]) == 8
            await closed(handle)


async def test_a_start_that_is_no_invoice_fails_with_a_sentence(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await client.start_workflow(
            "InvoiceRecovery", {"creditor": "acme"}, id="invoice/acme/nothing", task_queue=its.queue
        )
        async with its.open():
            with pytest.raises(WorkflowFailureError) as failed:
                await asyncio.wait_for(handle.result(), 20)
            assert "not an InvoiceIssued" in str(failed.value.cause)


async def test_a_policy_that_is_not_for_the_debtor_refuses_the_case(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        debtor = {"id": "P-1", "name": "Mme Petit", "kind": "consumer", "email": "lea@petit.example"}
        handle = await its.start(an_invoice(number="F-2", policy="standard", debtor=debtor))
        async with its.open():
            ending = await asyncio.wait_for(handle.result(), 20)
            assert ending.outcome is None
            assert "not for a debtor of kind consumer" in (ending.refused or "")


@pytest.mark.slow
async def test_a_long_case_continues_as_new_with_everything(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        async with its.open():
            first = (await handle.describe()).run_id
            for number in range(45):
                await submit(handle, kind="paid", amount="1.00", reference=f"VIR-{number}")
            view = await submit(handle, kind="note", note="the last")
            assert view["paid"] == "45.00"
            assert (await client.get_workflow_handle(CASE).describe()).run_id != first
            assert await its.ledger.reads.chain_head(CASE) is not None
            await closed(client.get_workflow_handle(CASE))


async def test_a_cancel_of_the_engine_is_no_business_act(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        async with its.open():
            await submit(handle, kind="note", note="before")
            await handle.cancel()
            view = await asyncio.wait_for(submit(handle, kind="note", note="after"), 20)
            assert view["stage"] != "closed"
            kinds = [event.kind for event in await its.ledger.reads.case_events(CASE)]
            assert kinds.count("signal_refused") == 1
            await closed(handle)


async def test_a_cancel_together_with_an_update_loses_neither(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handles = []
        for number in range(6):
            handle = await its.start(an_invoice(number=f"F-{number}"))
            await handle.signal("hold", {"on": "2025-09-06"})
            handles.append(handle)
        async with its.open():
            for handle in handles:
                answers = await asyncio.gather(handle.cancel(), submit(handle, kind="note", note="at once"))
                assert answers[1]["stage"] == "not_due"
            for number, handle in enumerate(handles):
                assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
                view = await submit(handle, kind="reconsider")
                assert "signal_refused" in [task["kind"] for task in view["tasks"]]
                events = [event.kind for event in await its.ledger.reads.case_events(f"invoice/acme/F-{number}")]
                assert events.count("noted") == 1


async def test_a_case_adopts_another_ladder_and_keeps_what_was_sent(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await its.start(an_invoice())
        await handle.signal("hold", {"on": "2025-10-12"})
        async with its.open():
            view = await submit(handle, kind="adopt", policy="fidele", by="direction")
            assert [step["step"] for step in view["steps"]] == ["rappel", "relance_1"]
            assert view["next"]["step"] == "appel"
            for policy in ("particulier", "unheard_of"):
                with pytest.raises(WorkflowUpdateFailedError):
                    await submit(handle, kind="adopt", policy=policy)
            again = await submit(handle, kind="adopt", policy="fidele")
            assert again["ledger"] == view["ledger"]
            await closed(handle)
