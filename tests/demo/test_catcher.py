"""The mail catcher takes messages and keeps them as they came."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from demo.catcher import catching


def message(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "compta@acme.example", "boutique@martinet.example"
    mail["Subject"], mail["Message-ID"] = "Relance – 1 240,00 €", f"<{number}@acme.example>"
    mail.set_content("Bonjour,\n\n.une ligne qui commence par un point\n")
    return mail


def kept_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))


async def test_each_message_is_a_file(tmp_path: Path) -> None:
    async with catching(tmp_path, None) as catcher:
        for number in (1, 2, 1):
            await aiosmtplib.send(message(number), hostname="127.0.0.1", port=catcher.port, start_tls=False)
        assert catcher.message_ids == ["<1@acme.example>", "<2@acme.example>", "<1@acme.example>"]
    files = kept_in(tmp_path)
    assert [file.name[:5] for file in files] == ["0001-", "0002-", "0003-"]
    kept = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert isinstance(kept, EmailMessage)
    assert kept["Subject"] == "Relance – 1 240,00 €"
    assert ".une ligne" in kept.get_content()


async def test_a_taken_port_is_replaced(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        async with catching(tmp_path, taken) as catcher:
            assert catcher.port != taken
            assert catcher.url == f"smtp://127.0.0.1:{catcher.port}"


async def test_it_lets_go_of_its_port(tmp_path: Path) -> None:
    async with catching(tmp_path, None) as catcher:
        port = catcher.port
    await asyncio.sleep(0)
    async with catching(tmp_path, port) as again:
        assert again.port == port


async def test_a_dead_address_is_refused_for_good(tmp_path: Path) -> None:
    async with catching(tmp_path, None, dead=frozenset({"boutique@martinet.example"})) as catcher:
        with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
            await aiosmtplib.send(message(1), hostname="127.0.0.1", port=catcher.port, start_tls=False)
    assert refused.value.recipients[0].code == 550
    assert kept_in(tmp_path) == []
