"""Mails as they really come back: reports of several servers, replies of several programs, automatic answers."""

ID = "<3f2a9c@acme.example>"
HEAD = f"From: Acme <compta@acme.example>\nTo: compta@martin.example\nSubject: Votre facture\nMessage-ID: {ID}\n"


def wire(text: str) -> bytes:
    """As a mailbox keeps it: CRLF."""
    return text.replace("\n", "\r\n").encode()


def report(
    action: str = "failed", status: str = "5.1.1", said: str = "smtp; 550 5.1.1 no such user", *, whole: bool = True
) -> bytes:
    """A report of Postfix's form; ``whole``: the message returned entire, else its head only."""
    returned = (
        f"--B\nContent-Type: message/rfc822\n\n{HEAD}\nBonjour,\n"
        if whole
        else f"--B\nContent-Type: text/rfc822-headers\n\n{HEAD}\n"
    )
    return wire(
        "From: MAILER-DAEMON@mail.example (Mail Delivery System)\nTo: relances+3f2a9c@acme.example\n"
        "Subject: Undelivered Mail Returned to Sender\nMessage-ID: <dsn1@mail.example>\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        "--B\nContent-Type: text/plain; charset=utf-8\n\nI could not deliver your message.\n"
        "--B\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example\nArrival-Date: Tue, 3 Mar 2026 09:30:00 +0100\n\n"
        f"Final-Recipient: rfc822; compta@martin.example\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {said}\n\n{returned}--B--\n"
    )


def reply(
    body: str = "Bonjour,\n\nLe virement est parti hier.\n", more: str = "", about: str = f"In-Reply-To: {ID}\n"
) -> bytes:
    """A person's answer."""
    return wire(
        "From: Paul Martin <compta@martin.example>\nTo: relances@acme.example\nSubject: Re: Votre facture\n"
        f"Message-ID: <r1@martin.example>\n{about}{more}MIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}"
    )
