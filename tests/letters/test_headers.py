"""The sparing header policy writes what the standard library's writes, byte for byte, whatever a debtor is called."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.header_policy import SPARING
from letters.typography import clean

_SIGNS = st.one_of(st.characters(codec="utf-8"), st.sampled_from(list("aé œ\u00a0\u202f\"\\<>@,;:()[]=?._'-\t\r\n")))
_TEXT = st.text(_SIGNS, max_size=130)


def _written(policy: "EmailPolicy[Any]", subject: str, sender: str, debtor: str) -> bytes:
    message = EmailMessage(policy=policy)
    message["From"] = Address(display_name=clean(sender, 120), addr_spec="compta@acme.example")
    message["To"] = Address(display_name=clean(debtor, 120), username="a.b+c", domain="client.example")
    message["Subject"] = clean(subject, 200)
    message["Date"] = "Wed, 05 Nov 2025 07:00:00 +0100"
    message["Message-ID"] = "<0123456789abcdef0123456789abcdef@acme.example>"
    message.set_content("Bonjour,\n", cte="quoted-printable")
    message.add_alternative("<p>Bonjour,</p>\n", subtype="html", cte="quoted-printable")
    for part in message.walk():
        if part.is_multipart():
            part.set_boundary("=_relance_0")
    return message.as_bytes()


@settings(max_examples=60, deadline=None)
@given(subject=_TEXT, sender=_TEXT, debtor=_TEXT)
def test_whatever_a_debtor_is_called_the_headers_are_the_standard_librarys(
    subject: str, sender: str, debtor: str
) -> None:
    """Written twice: what was remembered of the first is what is written the second time."""
    expected = _written(SMTP, subject, sender, debtor)
    assert _written(SPARING, subject, sender, debtor) == expected
    assert _written(SPARING, subject, sender, debtor) == expected


def test_a_line_feed_cannot_start_a_header() -> None:
    message = EmailMessage(policy=SPARING)
    with pytest.raises(ValueError, match="linefeed"):
        message["Subject"] = "Votre facture\r\nBcc: tous@exemple.example"


def test_a_header_that_stands_once_is_refused_twice() -> None:
    message = EmailMessage(policy=SPARING)
    message["Subject"] = "Votre facture"
    with pytest.raises(ValueError, match="at most 1"):
        message["Subject"] = "Une autre"


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
