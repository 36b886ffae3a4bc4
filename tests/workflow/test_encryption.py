"""A case under master keys: the server reads nothing about the debtor, and yesterday's key still opens."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import History
from temporalio.client import Client, WorkflowHistory
from temporalio.common import RawValue
from temporalio.worker import Replayer

from rules.invoice import InvoiceIssued
from sealing.keys import UnknownKey, new_entry
from sealing.payloads import ENCODING, converter_of, payloads_in, readable
from tests.replay.shelf import answers, start_of
from tests.workflow.house import House, house
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import sandbox

OLD, NEW = new_entry("2025"), new_entry("2026")
WORDS = (b"Martin", b"martin.example", b"Lilas", b"1200", b"livraison incompl")


def under(client: Client, keys: str) -> Client:
    config = client.config()
    config["data_converter"] = converter_of(keys)
    return Client(**config)


def invoice() -> InvoiceIssued:
    address = {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"}
    debtor = {"id": "C-104", "name": "Boulangerie Martin SARL", "kind": "business", "email": "compta@martin.example"}
    return InvoiceIssued.model_validate(
        {"creditor": "acme", "number": "F-SEALED", "issued_on": "2025-08-06", "due_on": "2025-09-05",
         "total": "1200.00", "debtor": {**debtor, "address": address}}
    )  # fmt: skip


async def refused(its: House) -> bool:
    events = await its.ledger.reads.case_events("invoice/acme/F-SEALED")
    return any(event.kind == "signal_refused" for event in events)


async def played(client: Client, folder: Path) -> WorkflowHistory:
    """A case that is written to, disputed, told nonsense, refused an act, and written off."""
    async with house(client, folder, origin="2025-09-06T08:00:00+02:00") as its:
        its.post.failures = [RuntimeError("Martin ne répond pas")]
        handle = await its.start(invoice())
        await handle.signal("dispute", {"reason": "livraison incomplète", "on": "2025-09-20"})
        garbage = Payload(
            metadata={"encoding": ENCODING, "encryption-key-id": b"2025"}, data=b"\x01\x042025" + b"x" * 40
        )
        await handle.signal("paid", RawValue(garbage))
        await handle.signal("write_off", {"reason": "abandon", "on": "2025-10-03"})
        async with its.open(), asyncio.timeout(60):
            await handle.result()
            assert await refused(its)
        return await handle.fetch_history()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def history(client: Client, tmp_path_factory: pytest.TempPathFactory) -> WorkflowHistory:
    return await played(under(client, OLD), tmp_path_factory.mktemp("sealed"))


def replayer(keys: str) -> Replayer:
    return Replayer(
        workflows=[InvoiceRecovery],
        workflow_runner=sandbox(),
        data_converter=converter_of(keys),
        interceptors=[Guard()],
    )


def _proto(history: WorkflowHistory) -> History:
    return History(events=history.events)


def raw(history: WorkflowHistory) -> bytes:
    return b"".join(event.SerializeToString() for event in history.events)


def test_the_server_reads_nothing_personal(history: WorkflowHistory) -> None:
    found = [word for word in WORDS if word in raw(history)]
    assert not found
    assert b"Encoded failure" in raw(history)


async def test_a_history_written_under_a_retired_key_is_read_and_replayed(history: WorkflowHistory) -> None:
    converter = converter_of(f"{NEW},{OLD}")
    opened = await readable(_proto(history), converter)
    plain = WorkflowHistory(history.workflow_id, list(opened.events))
    started, _ = start_of(plain)
    assert started is not None
    assert started.debtor.name == "Boulangerie Martin SARL"
    assert any(event.kind == "notice_sent" for answer in answers(plain) for event in answer.events)
    assert b"Martin ne r" in raw(plain)
    await replayer(f"{NEW},{OLD}").replay_workflow(history)


async def test_without_the_retired_key_nothing_is_guessed(history: WorkflowHistory) -> None:
    with pytest.raises(UnknownKey, match="2025"):
        await readable(_proto(history), converter_of(NEW))


async def test_search_attributes_are_no_payloads_of_ours(history: WorkflowHistory) -> None:
    plain = [payload.data for payload in payloads_in(_proto(history)) if payload.metadata["encoding"] != ENCODING]
    assert all(data.startswith(b'{"seq":') for data in plain), "only the engine's own notes on local activities"
    assert b"C-104" in raw(history)
