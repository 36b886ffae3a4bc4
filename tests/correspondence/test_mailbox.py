"""The mailbox over real sockets: what is read, what is marked, what is told to the cases; nothing is ever deleted."""

import hashlib
import ssl
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError
from temporalio.testing import ActivityEnvironment

from activities.letterbox import Letterbox, MailRead
from correspondence import mailbox as adapter
from correspondence.mailbox import KEYWORD, ImapMailbox
from correspondence.mailbox_url import parse_mailbox_url
from letters.store import FolderStore
from rules.outbox import Covered, Message, MessageState
from rules.refusals import Code, Refused
from tests.correspondence.imap_server import Folder, open_imap
from tests.correspondence.mails import ID, reply, report
from tests.letters.post_office import certificate, server_context

DELETING = ("EXPUNGE", "MOVE", "COPY", "CLOSE", "\\Deleted", "APPEND")


class Outbox:
    """One message, for two cases."""

    async def message(self, message_id: str) -> Message | None:
        if message_id not in (ID, ID.strip("<>").partition("@")[0]):
            return None
        covers = tuple(
            Covered(case=f"invoice/acme/F-{n}", passage=1, step="relance_1", balance=Decimal(1), claim=Decimal(1))
            for n in (1, 2)
        )
        return Message(
            id=ID, creditor="acme", debtor="C-1", currency="EUR", day=date(2026, 3, 3), channel="email",
            state=MessageState.SENT, started_at=datetime(2026, 3, 3, 9, tzinfo=UTC), sender=covers[0].case,
            covers=covers,
        )  # fmt: skip


class Door:
    """Hears everything, or refuses everything."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any], str]] = []
        self.shut = False
        self.away = False

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object:
        if self.away:
            raise TimeoutError("no answer")
        if self.shut:
            raise Refused("not now", Code.NOT_ALLOWED_NOW)
        self.heard.append((case_id, dict(body), event_id))
        return None


class Post:
    """The letterbox over a folder."""

    def __init__(self, folder: Folder, store: Path) -> None:
        self.folder, self.store, self.door = folder, store, Door()

    async def read(self) -> MailRead:
        with open_imap(self.folder) as port:
            mailbox = ImapMailbox(parse_mailbox_url(f"imap://relance:s3cr%40t@127.0.0.1:{port}"))
            letterbox = Letterbox(mailbox, Outbox(), self.door, FolderStore(self.store))
            found: MailRead = await ActivityEnvironment().run(letterbox.read_mailbox)
        assert not [one for one in self.folder.commands if any(word in one for word in DELETING)]
        return found


async def test_a_bounce_is_told_to_every_case_of_the_message(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    uid = post.folder.put(report())
    assert (await post.read()).dealt == {"bounced": 1}
    assert [case for case, _, _ in post.door.heard] == ["invoice/acme/F-1", "invoice/acme/F-2"]
    assert post.door.heard[0][1] == {
        "kind": "notice_bounced", "message_id": ID, "diagnostic": "5.1.1 smtp; 550 5.1.1 no such user", "by": "mailbox",
        "scope": "case",
    }  # fmt: skip
    assert post.folder.flags(uid) == {KEYWORD}


async def test_a_reply_is_told_and_kept_whole_in_the_store(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    content = reply("Déjà payée.\n> Bonjour\n")
    uid = post.folder.put(content)
    assert (await post.read()).dealt == {"replied": 1}
    _, body, event_id = post.door.heard[0]
    assert (body["kind"], body["channel"], body["summary"]) == ("debtor_replied", "email", "Déjà payée.")
    assert FolderStore(tmp_path).get(body["document"]) == content
    assert body["sha256"] == hashlib.sha256(content).hexdigest()
    assert event_id.startswith("mail/")
    assert "\\Seen" not in post.folder.flags(uid)


async def test_a_mail_is_heard_once_however_often_it_is_read(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    uid = post.folder.put(reply())
    await post.read()
    assert (await post.read()).dealt == {}
    post.folder.mails[uid].flags.clear()
    await post.read()
    assert len({event_id for _, _, event_id in post.door.heard}) == 1
    assert len({body["document"] for _, body, _ in post.door.heard}) == 1


async def test_machines_and_delays_are_passed_over_silently(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    post.folder.put(reply(more="Auto-Submitted: auto-replied\n"))
    post.folder.put(report("delayed", "4.4.1"))
    assert (await post.read()).dealt == {"ignored": 2}
    assert post.door.heard == []


@pytest.mark.parametrize(
    "content",
    [reply(about="In-Reply-To: <other@else.example>\n"), reply(about=""), report("failed", "5.7.1", "smtp; 550 spam")],
)
async def test_what_matches_nothing_stays_flagged_for_a_person(tmp_path: Path, content: bytes) -> None:
    post = Post(Folder(), tmp_path)
    uid = post.folder.put(content)
    assert (await post.read()).dealt == {"unmatched": 1}
    assert post.folder.flags(uid) == {KEYWORD, "\\Flagged"}
    assert post.folder.mails[uid].content == content


async def test_what_no_case_may_hear_is_flagged_too(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    post.door.shut = True
    uid = post.folder.put(report())
    assert (await post.read()).dealt == {"refused": 1}
    assert "\\Flagged" in post.folder.flags(uid)


async def test_a_case_that_does_not_answer_is_told_again_at_the_next_run(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    post.door.away = True
    uid = post.folder.put(report())
    with pytest.raises(TimeoutError):
        await post.read()
    assert post.folder.flags(uid) == set()
    post.door.away = False
    assert (await post.read()).dealt == {"bounced": 1}


async def test_the_bounce_of_a_copy_names_the_copy(tmp_path: Path) -> None:
    post = Post(Folder(), tmp_path)
    post.folder.put(report().replace(ID.encode(), b"<email.3f2a9c@acme.example>").replace(b"+3f2a9c", b"+email.3f2a9c"))
    assert (await post.read()).dealt == {"bounced": 1}
    assert post.door.heard[0][1]["message_id"] == "<email.3f2a9c@acme.example>"


async def test_a_server_without_keywords_gets_seen_instead(tmp_path: Path) -> None:
    post = Post(Folder(keywords=False), tmp_path)
    uid = post.folder.put(reply())
    assert (await post.read()).dealt == {"replied": 1}
    assert post.folder.flags(uid) == {"\\Seen"}
    assert (await post.read()).dealt == {}


async def test_a_mail_too_large_is_left_for_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "LARGEST", 100)
    post = Post(Folder(), tmp_path)
    uid = post.folder.put(reply())
    assert (await post.read()).dealt == {"unmatched": 1}
    assert "\\Flagged" in post.folder.flags(uid)


def test_a_wrong_password_or_folder_is_said() -> None:
    with open_imap(Folder()) as port:
        for url, error in (
            (f"imap://relance:wrong@127.0.0.1:{port}", MailboxLoginError),
            (f"imap://relance:s3cr%40t@127.0.0.1:{port}/Nowhere", MailboxFolderSelectError),
        ):
            with pytest.raises(error), ImapMailbox(parse_mailbox_url(url)).open():
                pass


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    with open_imap(Folder(), server_context(cert, key)) as port:
        url = parse_mailbox_url(f"imaps://relance:s3cr%40t@localhost:{port}")
        with pytest.raises(ssl.SSLCertVerificationError), ImapMailbox(url).open():
            pass
        trusted = ImapMailbox(url, lambda: ssl.create_default_context(cafile=str(cert)))
        with trusted.open() as session:
            assert session.unread(10) == []
