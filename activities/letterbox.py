"""The mailbox: what came back is told to the cases it is about. Idempotent: a mail is heard once by its own id."""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from temporalio import activity

from rules.base import Stored
from rules.incoming import Dealt, Incoming, Mail
from rules.outbox import Message
from rules.policy import Channel
from rules.refusals import Refused
from workflows import contracts

log = logging.getLogger("relance.mailbox")

MOST = 500
"""Mails of one run; what remains is read by the next."""


class Received(Protocol):
    """A mail with the number it has in its mailbox; without ``content`` when it is too large to be read."""

    @property
    def uid(self) -> str: ...

    @property
    def content(self) -> bytes | None: ...

    @property
    def mail(self) -> Mail | None: ...


class Session(Protocol):
    """The open mailbox. Its methods block."""

    def unread(self, most: int) -> Sequence[str]:
        """The numbers of the mails that Relance has not dealt with."""
        ...

    def fetch(self, uid: str) -> Received | None:
        """The mail; None when it is gone."""
        ...

    def mark(self, uid: str, dealt: Dealt) -> None:
        """Mark it as dealt with, flagged when a person has to look."""
        ...


class Mailbox(Protocol):
    """Where answers come back."""

    def open(self) -> AbstractContextManager[Session]: ...


class Outbox(Protocol):
    """The messages that have left, by Message-ID or by its part before the @."""

    async def message(self, message_id: str) -> Message | None: ...


class Door(Protocol):
    """The door to a case, open or closed; raises Refused with the case's sentence."""

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object: ...


class Store(Protocol):
    """Keeps a document and says where."""

    def put(self, name: str, content: bytes) -> Path: ...


class MailRead(Stored):
    """What a run dealt with, by ``rules.incoming.Dealt``; ``left``: whether mails remain for the next run."""

    dealt: dict[str, int]
    left: bool = False


class Letterbox:
    """Reads the mailbox, in threads; one run at a time is the schedule's care."""

    def __init__(self, mailbox: Mailbox, outbox: Outbox, door: Door, store: Store) -> None:
        self._mailbox = mailbox
        self._outbox = outbox
        self._door = door
        self._store = store

    @activity.defn(name=contracts.ACTIVITY_MAILBOX)
    async def read_mailbox(self) -> MailRead:
        """Deal with the mails that are new. Raises what the mailbox or a silent case raises, to be tried again: what
        was dealt with is marked already, and what was told before its mark is heard once."""
        dealt: Counter[str] = Counter()
        opened = self._mailbox.open()
        session = await asyncio.to_thread(opened.__enter__)
        try:
            uids = await asyncio.to_thread(session.unread, MOST)
            for uid in uids:
                received = await asyncio.to_thread(session.fetch, uid)
                if received is None:
                    continue
                outcome = await self._deal(received)
                await asyncio.to_thread(session.mark, uid, outcome)
                dealt[outcome] += 1
                activity.heartbeat(sum(dealt.values()))
        finally:
            await asyncio.to_thread(opened.__exit__, None, None, None)
        if dealt:
            log.info("mailbox: %s", ", ".join(f"{count} {outcome}" for outcome, count in sorted(dealt.items())))
        if people := dealt[Dealt.UNMATCHED] + dealt[Dealt.REFUSED]:
            log.warning("mailbox: %s mails are about no case that could hear them; flagged for a person", people)
        return MailRead(dealt=dict(dealt), left=len(uids) == MOST)

    async def _deal(self, received: Received) -> Dealt:
        mail, content = received.mail, received.content
        if mail is None or content is None:
            return Dealt.UNMATCHED
        if mail.kind in (Incoming.AUTOMATIC, Incoming.DELAYED):
            return Dealt.IGNORED
        found = await self._message(mail)
        if found is None or mail.kind is Incoming.UNDELIVERED:
            return Dealt.UNMATCHED
        name, message = found
        if mail.kind is Incoming.BOUNCE:
            body = {"kind": "notice_bounced", "message_id": name, "diagnostic": mail.diagnostic, "by": "mailbox"}
            body["scope"] = "case"
            return await self._tell(message, body, mail, Dealt.BOUNCED)
        kept = await asyncio.to_thread(self._store.put, _name(message, mail), content)
        body = {"kind": "debtor_replied", "channel": "email", "summary": mail.text, "by": "mailbox"}
        body |= {"document": str(kept), "sha256": hashlib.sha256(content).hexdigest()}
        return await self._tell(message, body, mail, Dealt.REPLIED)

    async def _message(self, mail: Mail) -> tuple[str, Message] | None:
        """The message that the mail is about, with the name it bears there: a copy's is its letter's, marked."""
        for name in mail.about:
            for form in (name, _of_letter(name)):
                message = None if form is None else await self._outbox.message(form)
                if message is not None:
                    return (message.id if form == name else message.id.replace("<", f"<{Channel.EMAIL}.", 1)), message
        return None

    async def _tell(self, message: Message, body: Mapping[str, Any], mail: Mail, done: Dealt) -> Dealt:
        """Every case that the message speaks for; dealt with when one at least has heard."""
        heard = False
        for covered in message.covers:
            try:
                await self._door.submit(covered.case, body, f"mail/{_digest(mail.id)}")
            except Refused as refused:
                log.warning("mailbox: %s: %s", covered.case, refused.code)
            else:
                heard = True
        return done if heard else Dealt.REFUSED


def _of_letter(name: str) -> str | None:
    """The letter's own name, of the name that its copy by e-mail bears; None when it is no copy's."""
    bare = name.removeprefix("<")
    prefix = f"{Channel.EMAIL}."
    return f"{'<' if name != bare else ''}{bare.removeprefix(prefix)}" if bare.startswith(prefix) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _name(message: Message, mail: Mail) -> str:
    """Where the mail is kept: beside the creditor's letters, under the day it was answered to."""
    return f"{message.creditor}/{message.day:%Y-%m-%d}/reponse-{_digest(mail.id)}.eml"
