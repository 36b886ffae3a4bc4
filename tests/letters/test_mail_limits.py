"""What bounds the mail that leaves (size, pace by domain), what vouches for it (DKIM), where answers come back."""

from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from letters.dkim_signature import Signer, signer_of
from letters.send_rate import BURST, PATIENCE, DomainRate
from rules.creditor import parse_creditors
from rules.dispatch import NotNow
from rules.policy import Claims
from rules.refusals import Refused
from tests.letters.post_office import PostOffice, open_office
from tests.letters.samples import ACME
from tests.letters.test_mailer import kept, mailer, parsed, to

MAILBOX = ACME.model_copy(update={"mailbox": "relances@acme.example", "contact": "Claire <claire@acme.example>"})


def texts(mail: EmailMessage) -> str:
    return " ".join(str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text").replace(
        "\n", " "
    )


async def test_a_statement_too_large_stays_behind_and_the_message_says_so(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            await out.hand_over(to(step="relance_2", claims=Claims.MENTION))
        whole = len(office.mails[0])
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}", max_bytes=whole - 1) as out:
            await out.hand_over(to(step="relance_2", claims=Claims.MENTION))
    heavy, light = (parsed(mail) for mail in office.mails)
    assert light.get_content_type() == "multipart/alternative"
    assert "ci-joint votre relevé" in texts(heavy)
    assert "ci-joint votre relevé" not in texts(light)
    assert texts(light).count("trop volumineux pour ce message") == 2
    assert "trop volumineux" not in texts(heavy)


async def test_answers_and_bounces_come_back_to_the_mailbox_that_is_read(tmp_path: Path) -> None:
    office = PostOffice()
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}") as out:
            await out.hand_over(to(creditor=MAILBOX, message_id="<3f2a@acme.example>"))
    mail = parsed(office.mails[0])
    assert mail["Reply-To"] == "Acme Comptabilité <relances+3f2a@acme.example>"
    assert mail["From"] == "Acme Comptabilité <compta@acme.example>"
    assert office.senders == ["relances+3f2a@acme.example"]


@pytest.mark.parametrize("mailbox", ["", "relances", "Relances <r@acme.example>", "a@b", "r" * 30 + "@acme.example"])
def test_a_mailbox_that_cannot_bear_a_mark_is_refused(mailbox: str) -> None:
    text = f'[acme]\nname = "Acme"\nsender = "compta@acme.example"\nmailbox = "{mailbox}"\n'
    with pytest.raises(Refused, match="bare address such as"):
        parse_creditors(text, file="creditors.toml")


def a_key(folder: Path) -> tuple[Path, bytes]:
    """A private key in a file, and its public half as the DNS would have it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file = folder / "dkim.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    body = b"".join(line for line in public.splitlines() if not line.startswith(b"--"))
    return file, b"v=DKIM1; k=rsa; p=" + body


async def test_a_signed_message_verifies_against_the_key_in_the_dns(tmp_path: Path) -> None:
    file, record = a_key(tmp_path)
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    office = PostOffice()
    with open_office(office) as port:
        signer = signer_of(file, "relance", "Acme.example")
        async with mailer(tmp_path / "store", f"smtp://127.0.0.1:{port}", signer=signer) as out:
            await out.hand_over(to(step="relance_2"))
    (mail,) = office.mails
    assert dkim.verify(mail, dnsfunc=dns)
    assert asked == [b"relance._domainkey.acme.example."]
    assert not dkim.verify(mail.replace(b"Subject: ", b"Subject: not ", 1), dnsfunc=dns)
    assert not dkim.verify(b"From: someone@else.example\r\n" + mail, dnsfunc=dns)


def test_another_domain_is_not_signed_for(tmp_path: Path) -> None:
    file, _ = a_key(tmp_path)
    signer = signer_of(file, "relance", "acme.example")
    message = b"From: a@other.example\r\nSubject: x\r\n\r\nBonjour\r\n"
    assert signer.sign(message, "a@other.example") == message
    assert signer.sign(message, "a@notacme.example") == message
    assert signer.sign(message, "a@mail.acme.example").startswith(b"DKIM-Signature:")


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"]
)
def test_a_key_that_cannot_be_used_stops_the_program_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "dkim.pem"
    file.write_bytes(content)
    with pytest.raises(Refused, match=r"RELANCE_DKIM_KEY: .* is not an RSA private key"):
        signer_of(file, "relance", "acme.example")
    with pytest.raises(Refused, match="cannot be read"):
        signer_of(tmp_path / "none.pem", "relance", "acme.example")


def test_a_signer_never_shows_its_key() -> None:
    assert "secret" not in repr(Signer("acme.example", "relance", b"secret"))


class Ticking:
    """A clock that stands until it is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_domain_gets_its_share_and_another_does_not_wait_for_it() -> None:
    clock = Ticking()
    rate = DomainRate(60, clock)
    for _ in range(int(BURST) + 1):
        assert rate._reserve("orange.example") == 0
    assert rate._reserve("orange.example") == pytest.approx(1.0)
    assert rate._reserve("ORANGE.example".lower()) == pytest.approx(2.0)
    assert rate._reserve("free.example") == 0
    for _ in range(int(PATIENCE) - 2):
        rate._reserve("orange.example")
    with pytest.raises(NotNow, match="orange") as later:
        await rate.turn("Orange.example")
    assert later.value.pause.total_seconds() == pytest.approx(11.0)
    clock.now += 60
    await rate.turn("orange.example")


async def test_a_letter_that_must_wait_is_neither_sent_nor_written(tmp_path: Path) -> None:
    office, rate = PostOffice(), DomainRate(1, Ticking())
    with open_office(office) as port:
        async with mailer(tmp_path, f"smtp://127.0.0.1:{port}", rate=rate) as out:
            await out.hand_over(to())
            with pytest.raises(NotNow):
                await out.hand_over(to(message_id="<2@acme.example>"))
            await out.hand_over(to(address="a@autre.example", message_id="<3@acme.example>"))
    assert len(office.mails) == 2
    assert len(kept(tmp_path)) == 2
