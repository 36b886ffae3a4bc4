"""What came back, understood: which address is dead, who wrote, what was a machine's."""

import pytest

from correspondence.mailbox_url import parse_mailbox_url
from correspondence.reading import MOST, read_mail
from rules.incoming import Incoming
from rules.refusals import Refused
from tests.correspondence.mails import ID, reply, report, wire


@pytest.mark.parametrize("whole", [True, False])
def test_an_unknown_user_bounces_the_message_that_is_returned(whole: bool) -> None:
    mail = read_mail(report(whole=whole))
    assert mail.kind is Incoming.BOUNCE
    assert mail.about == (ID, "3f2a9c")
    assert mail.diagnostic == "5.1.1 smtp; 550 5.1.1 no such user"
    assert mail.id == "<dsn1@mail.example>"


@pytest.mark.parametrize(
    ("action", "status", "said", "kind"),
    [
        ("failed", "5.1.1", "smtp; 550 unknown", Incoming.BOUNCE),
        ("failed", "5.1.10", "smtp; 550 5.1.10 recipient not found", Incoming.BOUNCE),
        ("failed", "5.2.1", "smtp; 550 mailbox disabled", Incoming.BOUNCE),
        ("failed", "5.4.4", "dns; host not found", Incoming.BOUNCE),
        ("failed", "5.0.0", "smtp; 550 no", Incoming.BOUNCE),
        ("Failed", "5.1.2", "smtp; 550 bad domain", Incoming.BOUNCE),
        ("failed", "5.0.0", "smtp; 554 5.7.1 refused by policy", Incoming.UNDELIVERED),
        ("failed", "5.7.1", "smtp; 550 spam", Incoming.UNDELIVERED),
        ("failed", "5.3.4", "smtp; 552 too big", Incoming.UNDELIVERED),
        ("failed", "5.1.8", "smtp; 550 bad sender", Incoming.UNDELIVERED),
        ("failed", "5.2.2", "smtp; 552 mailbox full", Incoming.DELAYED),
        ("failed", "4.4.7", "smtp; expired", Incoming.DELAYED),
        ("delayed", "4.4.1", "smtp; no answer", Incoming.DELAYED),
        ("delayed", "5.1.1", "smtp; odd", Incoming.DELAYED),
        ("delivered", "2.1.5", "smtp; 250 ok", Incoming.DELAYED),
    ],
)
def test_only_a_permanent_failure_of_the_address_makes_it_dead(
    action: str, status: str, said: str, kind: Incoming
) -> None:
    assert read_mail(report(action, status, said)).kind is kind


def test_a_report_without_recipients_condemns_nobody() -> None:
    assert read_mail(report().replace(b"Action: failed\r\n", b"")).kind is Incoming.DELAYED


def test_a_reply_names_the_message_nearest_to_it_first() -> None:
    about = f"In-Reply-To: {ID}\nReferences: <old@acme.example>\n\t<later@acme.example>\n"
    mail = read_mail(reply(about=about))
    assert mail.kind is Incoming.REPLY
    assert mail.about == (ID, "<later@acme.example>", "<old@acme.example>")
    assert mail.text == "Bonjour,\n\nLe virement est parti hier."


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To"])
def test_a_reply_that_lost_its_references_is_known_by_its_plus_address(header: str) -> None:
    about = f"{header}: relances+3f2a9c@acme.example\n"
    base = reply(about=about)
    mail = read_mail(base.replace(b"To: relances@acme.example\r\n", b"") if header == "To" else base)
    assert mail.about == ("3f2a9c",)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated (vacation)\n",
        "X-Autoreply: yes\n",
        "X-Autorespond: x\n",
        "Precedence: bulk\n",
        "Precedence: auto_reply\n",
        "List-Id: <list.example>\n",
        "Return-Path: <>\n",
    ],
)
def test_what_a_machine_wrote_is_no_reply(header: str) -> None:
    assert read_mail(reply(more=header)).kind is Incoming.AUTOMATIC


@pytest.mark.parametrize("header", ["Auto-Submitted: no\n", "Precedence: normal\n", "Return-Path: <a@b.example>\n", ""])
def test_what_a_person_wrote_is_one(header: str) -> None:
    assert read_mail(reply(more=header)).kind is Incoming.REPLY


def test_a_read_receipt_is_automatic() -> None:
    receipt = report().replace(b"report-type=delivery-status", b"report-type=disposition-notification")
    receipt = receipt.replace(b"message/delivery-status", b"message/disposition-notification")
    assert read_mail(receipt.replace(b"Auto-Submitted: auto-replied\r\n", b"")).kind is Incoming.AUTOMATIC


@pytest.mark.parametrize(
    "quoted",
    [
        "> Bonjour,\n> Votre facture\n",
        "Le mar. 3 mars 2026 à 09:30, Acme <compta@acme.example> a écrit :\n> Bonjour\n",
        "On Tue, 3 Mar 2026 at 09:30, Acme\n<compta@acme.example> wrote:\n> Hello\n",
        "-----Message d'origine-----\nDe : Acme\n",
        "________________________________\nDe : Acme\n",
    ],
)
def test_what_is_quoted_below_is_left_out(quoted: str) -> None:
    assert read_mail(reply(f"Déjà payée.\n\n{quoted}")).text == "Déjà payée."


def test_a_reply_that_is_all_quotation_is_kept_whole() -> None:
    assert read_mail(reply("> payée le 2\n")).text == "> payée le 2"


def test_html_becomes_words_and_runs_nothing() -> None:
    page = "<html><style>p{}</style><p>Nous <b>contestons</b> &amp; refusons.</p><script>alert(1)</script></html>"
    mail = reply(page).replace(b"text/plain", b"text/html")
    assert " ".join(read_mail(mail).text.split()) == "Nous contestons & refusons."


def test_a_long_reply_is_cut_and_control_signs_are_gone() -> None:
    mail = read_mail(reply("x\x07\u202ey " + "mot " * 5000))
    assert len(mail.text) <= MOST
    assert mail.text.endswith("…")
    assert mail.text.startswith("xy mot")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: only\r\n\r\n",
        wire("To: =?utf-8?q?=?=\nMessage-ID: <<<>>>\nIn-Reply-To: [broken\nContent-Type: multipart/mixed\n\nx"),
        wire("Content-Type: text/plain; charset=nonsense\n\nx"),
        wire("Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n"),
        reply().replace(b"charset=utf-8", b"charset=no-such"),
        b"To: " + b"a," * 3000 + b"\r\n\r\nx",
    ],
)
def test_whatever_a_stranger_sends_is_read_without_harm(content: bytes) -> None:
    mail = read_mail(content)
    assert mail.id
    assert read_mail(content) == mail


@pytest.mark.parametrize(
    "url",
    [
        "pop://u:p@host/", "imaps://host/", "imaps://u@host/", "imap://u:p@mail.example/", "imaps://u:p@h:99999/",
        "imaps://u:p@host/INBOX?x=1", "",
    ],
)  # fmt: skip
def test_a_mailbox_that_cannot_be_read_safely_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="RELANCE_IMAP_URL") as refused:
        parse_mailbox_url(url)
    assert "u:p" not in refused.value.sentence


def test_a_mailbox_url_says_everything_but_shows_no_password() -> None:
    url = parse_mailbox_url("imaps://relances%40acme.example:s3cr%40t@mail.acme.example/Relances/Retours")
    assert (url.user, url.password, url.port, url.folder, url.tls) == (
        "relances@acme.example", "s3cr@t", 993, "Relances/Retours", True,
    )  # fmt: skip
    assert "s3cr" not in f"{url} {url!r}"
    assert parse_mailbox_url("imap+starttls://u:p@h").starttls
    assert parse_mailbox_url("imaps://u:p@h").folder == "INBOX"
