"""A message is what the standard library writes, byte for byte, whatever a debtor is called and a letter says."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.message import message_id_of, message_of, recipient_of, reply_address, sender_of
from letters.mime import header
from letters.pdf import moment_of
from letters.render import Rendered
from letters.typography import clean
from rules.letter import Letter
from tests.letters.samples import letter

_SIGNS = st.one_of(st.characters(codec="utf-8"), st.sampled_from(list("aé œ\u00a0\u202f\"\\<>@,;:()[]=?._'-\t\r\n")))
_TEXT = st.text(_SIGNS, max_size=130)
_BODY = st.builds("\n".join, st.lists(_TEXT, max_size=4))


def _by_the_library(sent: Letter, rendered: Rendered) -> bytes:
    message, reply_to = EmailMessage(policy=SMTP), reply_address(sent)
    message["From"] = sender_of(sent)
    message["To"] = recipient_of(sent)
    if reply_to is not None:
        message["Reply-To"] = reply_to
    message["Subject"] = clean(rendered.subject, 200)
    message["Date"] = format_datetime(moment_of(sent))
    message["Message-ID"] = message_id_of(sent)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    if rendered.pdf is not None:
        message.add_attachment(rendered.pdf, maintype="application", subtype="pdf", filename=rendered.pdf_name)
    message["Content-Language"] = sent.language
    for rank, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_relance_{sha256(f'{sent.message_id}/{rank}'.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def _letter(creditor: str, debtor: str, contact: str, name: str) -> Letter:
    plain = letter()
    names = {"name": creditor or "Acme", "sender": "compta@acme.example", "contact": f"{contact} <suivi@acme.example>"}
    update = {
        "creditor": plain.creditor.model_copy(update=names),
        "debtor": plain.debtor.model_copy(update={"name": debtor}),
        "message_id": f"<{name}@acme.example>",
    }
    return plain.model_copy(update=update)


@settings(max_examples=60, deadline=None)
@given(names=st.tuples(*[_TEXT] * 3), subject=_TEXT, bodies=st.tuples(_BODY, _BODY), pdf=st.none() | st.binary())
def test_whatever_is_said_the_message_is_the_standard_librarys(
    names: tuple[str, str, str], subject: str, bodies: tuple[str, str], pdf: bytes | None
) -> None:
    sent = _letter(*names, "0123456789abcdef." * (len(subject) % 7) + "20260303")
    rendered = Rendered(subject or "Votre facture", *bodies, pdf, "statement-of-account.pdf")
    assert message_of(sent, rendered) == _by_the_library(sent, rendered)


def test_a_contact_that_is_no_address_gets_no_replies() -> None:
    plain = letter()
    creditor = plain.creditor.model_copy(update={"contact": "@0 <suivi@acme.example>"})
    assert reply_address(plain.model_copy(update={"creditor": creditor})) is None


def test_a_line_feed_cannot_start_a_header() -> None:
    with pytest.raises(ValueError, match="line feed"):
        header("Subject", "Votre facture\r\nBcc: tous@exemple.example")


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Exemple SARL", "Exemple SARL"),
        ("e\u0301te\u0301", "été"),
        ("1\u202f234,56\u00a0€", "1\u202f234,56\u00a0€"),
        ("a\r\nBcc: b", "a Bcc: b"),
        ("a\u202eb\u200bc", "abc"),
        ("a\u2028b\u0000c\ue000", "a b c"),
        ("  a   b\t ", "a b"),
        ("a\u3000b", "a\u3000b"),
    ],
)
def test_a_datum_stays_on_its_line(given: str, cleaned: str) -> None:
    assert clean(given) == cleaned
