"""E-mail over a real SMTP server: what is on the wire, what is refused, lost, reused."""

import asyncio
import email.policy
import hashlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import pytest

from letters.mailer import SmtpDispatcher
from letters.render import Renderer
from letters.smtp_pool import Limits
from letters.smtp_url import parse_smtp_url
from letters.store import FolderStore
from rules.dispatch import NotTaken, OutcomeUnknown, Refusal
from rules.law.kinds import DebtorKind
from rules.letter import Letter
from rules.policy import Claims
from tests.letters.post_office import PostOffice, certificate, check_login, open_office, server_context
from tests.letters.samples import ACME, DEBTORS, letter

QUICK = Limits(connections=2)


@asynccontextmanager
async def mailer(
    folder: Path, url: str, limits: Limits = QUICK, trust: Path | None = None, **more: Any
) -> AsyncIterator[SmtpDispatcher]:
    tls = None if trust is None else lambda: ssl.create_default_context(cafile=str(trust))
    made = SmtpDispatcher(parse_smtp_url(url), Renderer(), FolderStore(folder), limits=limits, tls=tls, **more)
    try:
        yield made
    finally:
        await made.close()


def to(name: str = "Boulangerie Martin SARL", address: str | None = "compta@martin.example", **more: Any) -> Letter:
    debtor = DEBTORS[DebtorKind.BUSINESS].model_copy(update={"name": name, "email": address})
    return letter(debtor=debtor, **more)


def kept(folder: Path) -> list[Path]:
    return list(folder.rglob("*.eml"))


def parsed(mail: bytes) -> EmailMessage:
    found = message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


async def test_a_reminder_leaves_in_the_creditors_name_with_the_cases_date(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            done = await out.hand_over(to(step="relance_2", claims=Claims.MENTION))
    mail = parsed(office.mails[0])
    assert mail["From"] == "Acme Comptabilité <compta@acme.example>"
    assert mail["To"] == "Boulangerie Martin SARL <compta@martin.example>"
    assert mail["Message-ID"] == "<relance_2.c-104.20260303@relance.acme.example>"
    assert mail["Date"] == "Tue, 03 Mar 2026 08:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is None
    assert mail["Subject"].startswith("Deuxième rappel")
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
    (path,) = kept(tmp_path)
    assert done.document == str(path)
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == done.sha256
    assert content.rstrip() == office.mails[0].rstrip()


async def test_sent_again_it_is_the_same_message_to_the_byte(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        for _ in range(2):
            async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
                await out.hand_over(to(step="relance_2"))
    assert office.mails[0] == office.mails[1]
    assert len(kept(tmp_path)) == 1


@pytest.mark.parametrize(
    "name", ["Foo\r\nBcc: x@evil.example", "Foo\nSubject: y", 'A" <x@evil.example>, "B', "Foo\x00\x0b\x85\u2028Bcc: x"]
)
async def test_a_name_injects_neither_header_nor_recipient(tmp_path: Path, name: str) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            creditor = ACME.model_copy(update={"contact": f"{name} <direction@acme.example>"})
            await out.hand_over(to(name, creditor=creditor))
    mail = parsed(office.mails[0])
    assert office.recipients == ["compta@martin.example"]
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["compta@martin.example"]
    assert mail.keys().count("Subject") == 1
    assert set(mail.keys()) <= {
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type", "Content-Language",
    }  # fmt: skip


async def test_replies_go_to_the_contact_when_it_is_an_address(tmp_path: Path) -> None:
    office = PostOffice()
    creditor = ACME.model_copy(update={"contact": "Claire Dubois <claire@acme.example>"})
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            await out.hand_over(to(creditor=creditor))
    assert parsed(office.mails[0])["Reply-To"] == "Claire Dubois <claire@acme.example>"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "martin",
        "a@b@c",
        "a@x.example, b@x.example",
        "é@x.example",
        "a\r\nRCPT TO:<b@x>@x.example",
        "<>",
        "@x.example",
    ],
)
async def test_an_address_no_server_could_take_is_not_tried(tmp_path: Path, address: str | None) -> None:
    async with mailer(tmp_path, "smtp://127.0.0.1:9") as out:
        with pytest.raises(NotTaken) as refused:
            await out.hand_over(to(address=address))
    assert refused.value.refusal is Refusal.ADDRESS


async def test_an_accented_domain_travels_in_ascii(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            await out.hand_over(to(address="compta@boulangère.example"))
    assert office.recipients == ["compta@xn--boulangre-63a.example"]


@pytest.mark.parametrize(
    ("office", "refusal"),
    [
        (PostOffice(rcpt="550 5.1.1 no such user"), Refusal.ADDRESS),
        (PostOffice(rcpt="550 5.7.1 relaying denied"), Refusal.CONTENT),
        (PostOffice(data="554 5.6.0 not wanted"), Refusal.CONTENT),
        (PostOffice(sender="552 5.3.4 too big"), Refusal.CONTENT),
    ],
)
async def test_a_refusal_for_good_is_said_with_the_servers_words(
    tmp_path: Path, office: PostOffice, refusal: Refusal
) -> None:
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            with pytest.raises(NotTaken) as refused:
                await out.hand_over(to())
    assert refused.value.refusal is refusal
    assert refused.value.diagnostic == (office.rcpt or office.data or office.sender)


@pytest.mark.parametrize(
    "office",
    [
        PostOffice(rcpt="450 4.2.1 later"),
        PostOffice(data="451 4.3.0 later"),
        PostOffice(sender="421 4.7.0 busy"),
        PostOffice(sender="530 5.7.0 authenticate first"),
        PostOffice(sender="550 5.7.1 not your address"),
    ],
)
async def test_what_may_pass_later_or_is_the_operators_is_raised_and_the_pool_lives_on(
    tmp_path: Path, office: PostOffice
) -> None:
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            with pytest.raises(aiosmtplib.SMTPResponseException):
                await out.hand_over(to())
            office.rcpt = office.data = office.sender = ""
            await out.hand_over(to())
    assert len(office.mails) == 1


async def test_an_answer_lost_after_the_message_went_is_a_doubt(tmp_path: Path) -> None:
    office = PostOffice(hang_up=True)
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            with pytest.raises(OutcomeUnknown, match=r"compta@martin\.example"):
                await out.hand_over(to())
    assert len(office.mails) == 1


async def test_a_server_that_never_answers_is_a_doubt_in_good_time(tmp_path: Path) -> None:
    office = PostOffice(silent=1.5)
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}", Limits(content=0.3)) as out:
            with pytest.raises(OutcomeUnknown):
                await out.hand_over(to())


async def test_a_dead_server_is_not_now(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
        with pytest.raises(OSError, match="onnect"):
            await out.hand_over(to())


async def test_a_server_that_accepts_and_says_nothing_is_not_now(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{mute.getsockname()[1]}", Limits(opening=0.3)) as out:
            with pytest.raises(TimeoutError):
                await out.hand_over(to())


async def test_connections_are_reused_up_to_their_number_of_messages(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}", Limits(1, messages_per_connection=3)) as out:
            for _ in range(7):
                await out.hand_over(to())
    assert len(office.mails) == 7
    assert len(office.sessions) == 3


async def test_an_idle_or_dropped_connection_is_replaced(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office, timeout=0.3) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}", Limits(1)) as out:
            await out.hand_over(to())
            await asyncio.sleep(0.6)
            await out.hand_over(to())
    assert len(office.sessions) == 2


async def test_many_letters_at_once_share_few_connections(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}", Limits(3)) as out:
            await asyncio.gather(*(out.hand_over(to(message_id=f"<{n}@x.example>")) for n in range(20)))
    assert len({parsed(mail)["Message-ID"] for mail in office.mails}) == 20
    assert len(office.sessions) <= 3


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # smtps has TLS before AUTH
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
async def test_encryption_and_login(tmp_path: Path, scheme: str) -> None:
    cert, key = certificate(tmp_path)
    context = server_context(cert, key)
    options = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}
    office = PostOffice()
    with open_office(
        office, authenticator=check_login, auth_required=True, auth_require_tls=scheme != "smtps", **options
    ) as port:
        async with mailer(tmp_path, f"{scheme}://relance:s3cr%40t@localhost:{port}", trust=cert) as out:
            await out.hand_over(to())
            await out.hand_over(to())
        async with mailer(tmp_path, f"{scheme}://relance:wrong@localhost:{port}", trust=cert) as out:
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await out.hand_over(to())
        async with mailer(tmp_path, f"{scheme}://relance:s3cr%40t@localhost:{port}") as out:
            with pytest.raises((aiosmtplib.SMTPException, ssl.SSLError)):
                await out.hand_over(to())
    assert office.tls == [True, True]
    assert len(office.sessions) == 1


async def test_a_message_above_the_cap_is_not_sent(tmp_path: Path) -> None:
    async with mailer(tmp_path, "smtp://127.0.0.1:9", max_bytes=1000) as out:
        with pytest.raises(NotTaken, match="more than the 1000 allowed") as refused:
            await out.hand_over(to())
    assert refused.value.refusal is Refusal.CONTENT
