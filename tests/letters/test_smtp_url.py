"""The setting that names the mail server."""

import pytest

from letters.smtp_url import SmtpUrl, parse_smtp_url
from rules.refusals import Refused


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpUrl("mail.example", 25)),
        ("smtp+starttls://a:b%40c@mail.example", SmtpUrl("mail.example", 587, starttls=True, user="a", password="b@c")),
        ("smtps://mail.example:2465", SmtpUrl("mail.example", 2465, tls=True)),
    ],
)
def test_the_setting_names_a_server(url: str, server: SmtpUrl) -> None:
    assert parse_smtp_url(url) == server
    assert "b@c" not in repr(server) + str(server)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.example:25", "not a way to a mail server"),
        ("http://mail.example", "not a way to a mail server"),
        ("smtp://", "names no host"),
        ("smtp://mail.example:port", "port is not a number"),
        ("smtp://mail.example:70000", "port is not a number"),
        ("smtp://a@mail.example", "user without a password"),
        ("smtp://mail.example/x", "something follows the port"),
    ],
)
def test_a_setting_that_names_none_is_refused_with_a_sentence(url: str, reason: str) -> None:
    with pytest.raises(Refused, match=r"^RELANCE_SMTP_URL: ") as refused:
        parse_smtp_url(url)
    assert reason in refused.value.sentence
