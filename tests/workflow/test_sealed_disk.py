"""A whole case under master keys, with all that writes to the disk: nobody reads it there, every door opens it."""

import asyncio
import dataclasses
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle

import starter
import worker
from activities.ports import Dispatchers
from demo.catcher import catching
from evidence.cabinet import FolderCabinet
from letters.mailer import SmtpDispatcher
from letters.render import Renderer
from letters.smtp_url import parse_smtp_url
from letters.store import FolderStore
from rules.dispatch import NotTaken, Refusal
from rules.letter import Dispatched, Letter
from rules.policy import Channel
from sealing.documents import DocumentSeal
from sealing.keys import new_entry, parse_ring
from sealing.payloads import converter_of
from settings import Settings
from tests.audit.book import audited, kept, settings_of
from tests.workflow.house import House, house
from tests.workflow.test_acts import approve, eventually
from tests.workflow.test_doors import ORIGIN, an_invoice, submit

KEYS = new_entry("2026")
CASE = "invoice/acme/F-SCELLE"
"""A case of its own: all tests share an engine, and an audit reads every run of an id."""
READABLE = (b"Martin", b"martin.example", b"Lilas", b"livraison incompl", b"%PDF", b"<html", b"PK\x03\x04")
"""The debtor, what he says, and what pages, e-mails and zips begin with."""


class Post:
    """The worker's own channels; the debtor's mail server refuses one step, which goes by the tray."""

    repeatable = False

    def __init__(self, channels: Dispatchers) -> None:
        self._channels = channels

    async def hand_over(self, letter: Letter) -> Dispatched:
        if letter.channel is Channel.EMAIL and letter.step == "relance_2":
            raise NotTaken(Refusal.ADDRESS, "550 no such user")
        return await self._channels[letter.channel].hand_over(letter)

    async def withdraw(self, message_id: str) -> None:
        await self._channels[Channel.LETTER].withdraw(message_id)


async def play(its: House, handle: WorkflowHandle[Any, Any]) -> None:
    """To the judicial file, then paid."""
    await submit(handle, kind="note", note="Martin dit : livraison incomplète")
    await eventually(its, "approval_requested", step="mise_en_demeure", case_id=CASE)
    await approve(handle, "mise_en_demeure")
    await eventually(its, "notice_sent", step="mise_en_demeure", case_id=CASE)
    await submit(handle, kind="letter_delivered", step="mise_en_demeure")
    await eventually(its, "approval_requested", step="dossier_judiciaire", case_id=CASE)
    await approve(handle, "dossier_judiciaire")
    await eventually(its, "file_prepared", case_id=CASE)
    await submit(handle, kind="paid", reference="VIR-1")
    await handle.result()


def in_the_open(folder: Path) -> list[str]:
    """What can be read in any file under a folder: what, and where."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert len(files) > 20
    read = ((path, word) for path, content in files.items() for word in READABLE if word in content)
    return [f"{word!r} in {path.relative_to(folder)}" for path, word in read]


async def changed_unseen(settings: Settings) -> AsyncIterator[str]:
    """The files of the store of which a byte may change, and an audit says nothing."""
    for path in sorted(settings.store.rglob("*")):
        if path.is_dir() or path.is_relative_to(settings.store / "tray") or not path.stat().st_size:
            continue
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        if not (await audited(settings, CASE)).findings:
            yield str(path.relative_to(settings.store))
        path.write_bytes(whole)


@pytest.mark.slow
async def test_nothing_of_a_case_lies_open_on_the_disk_and_every_door_opens_it(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(activity, "heartbeat", lambda *_: None)
    config = client.config()
    config["data_converter"] = converter_of(KEYS)
    sealed, seal = Client(**config), DocumentSeal(parse_ring(KEYS))
    home, mail = tmp_path / "home", tmp_path / "mail"
    for folder in (home, mail):
        folder.mkdir()
    store = FolderStore(home / "store", seal)
    async with house(sealed, home, origin=ORIGIN, patient=True, keys=KEYS) as its, catching(mail, None) as catcher:
        settings = settings_of(tmp_path, f"sqlite:///{next(home.glob('*.db'))}", KEYS)
        settings = dataclasses.replace(settings, store=home / "store")
        smtp = SmtpDispatcher(parse_smtp_url(catcher.url), Renderer(), store)
        its.post = Post(worker.dispatchers_of(settings, smtp, Renderer(), store))  # type: ignore[assignment]
        its.cabinet = FolderCabinet(settings.store, seal=seal, stays=True)  # type: ignore[assignment]
        handle = await its.start(an_invoice(number="F-SCELLE"))
        async with its.open(), asyncio.timeout(60):
            await play(its, handle)
        await kept(its.ledger, sealed, settings.store, CASE)
        messages = await its.ledger.reads.messages_of(CASE)
        await smtp.close()
    assert {message.channel for message in messages if message.document} == {*Channel} - {Channel.CALL, Channel.SMS}
    assert in_the_open(home) == []
    for message in messages:
        if message.document is not None:
            assert hashlib.sha256(store.get(message.document)).hexdigest() == message.sha256
    assert (await audited(settings, CASE)).findings == ()
    assert [one async for one in changed_unseen(settings)] == []
    monkeypatch.setenv("RELANCE_STORE", str(settings.store))
    monkeypatch.setenv("RELANCE_PAYLOAD_KEYS", KEYS)
    assert starter.main(["tray", "-o", str(tmp_path / "print"), "--json"]) == 0
    laid = json.loads(capsys.readouterr().out)["letters"]
    assert len(laid) >= 2
    for one in laid:
        page = (tmp_path / "print" / one["jour"] / one["fichier"]).read_bytes()
        assert hashlib.sha256(page).hexdigest() == one["sha256"]
