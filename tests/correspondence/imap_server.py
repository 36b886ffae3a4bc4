"""A small IMAP4rev1 server (RFC 3501) over real sockets: log in, select, search, fetch, store. It remembers every
command, so that a test can see that nothing was ever deleted."""

import contextlib
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Kept:
    """A message of the folder."""

    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """What lies in the mailbox, by UID. ``keywords``: whether clients may make keywords of their own."""

    mails: dict[int, Kept] = field(default_factory=dict)
    keywords: bool = True
    commands: list[str] = field(default_factory=list)

    def put(self, content: bytes, *flags: str) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = Kept(content, set(flags))
        return uid

    def flags(self, uid: int) -> set[str]:
        return self.mails[uid].flags


class _Session(socketserver.StreamRequestHandler):
    """One client. The folder and the TLS context are the server's."""

    def handle(self) -> None:
        context = self.server.context  # type: ignore[attr-defined]
        if context is None:
            self._serve()
            return
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(self.connection, server_side=True) as secure,
            secure.makefile("rb") as self.rfile,
            secure.makefile("wb", buffering=0) as self.wfile,
        ):
            self._serve()

    def _serve(self) -> None:
        self._say("* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            name, _, argument = rest.partition(" ")
            if name.upper() == "UID":
                name, _, argument = argument.partition(" ")
            self._folder.commands.append(rest if name.upper() != "LOGIN" else "LOGIN …")
            if not self._answer(tag, name.upper(), argument):
                return

    @property
    def _folder(self) -> Folder:
        folder: Folder = self.server.folder  # type: ignore[attr-defined]
        return folder

    def _say(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")

    def _answer(self, tag: str, name: str, argument: str) -> bool:
        command = getattr(self, f"_{name.lower()}", None)
        if command is None:
            self._say(f"{tag} BAD unknown command {name}")
            return True
        self._say(f"{tag} {command(argument)}")
        return name != "LOGOUT"

    def _capability(self, _: str) -> str:
        self._say("* CAPABILITY IMAP4rev1 UIDPLUS")
        return "OK done"

    def _login(self, argument: str) -> str:
        return "OK welcome" if argument == '"relance" "s3cr@t"' else "NO wrong user or password"

    def _select(self, argument: str) -> str:
        if argument.strip('"') != "INBOX":
            return "NO no such folder"
        more = " \\*" if self._folder.keywords else ""
        self._say(
            "* FLAGS (\\Seen \\Flagged \\Deleted)",
            f"* {len(self._folder.mails)} EXISTS",
            "* 0 RECENT",
            "* OK [UIDVALIDITY 1] ok",
            f"* OK [PERMANENTFLAGS (\\Seen \\Flagged \\Deleted{more})] ok",
        )
        return "OK [READ-WRITE] selected"

    def _search(self, argument: str) -> str:
        wanted = re.sub(r"^CHARSET \S+ ", "", argument).strip("()")
        unkeyword = re.fullmatch(r"UNKEYWORD (\S+)", wanted)
        absent = unkeyword[1] if unkeyword else {"UNSEEN": "\\Seen"}.get(wanted)
        if absent is None:
            return f"BAD cannot search {wanted}"
        found = [str(uid) for uid, kept in self._folder.mails.items() if absent not in kept.flags]
        self._say(f"* SEARCH {' '.join(found)}".rstrip())
        return "OK done"

    def _fetch(self, argument: str) -> str:
        uid, _, parts = argument.partition(" ")
        kept = self._folder.mails.get(int(uid))
        if kept is None:
            return "OK nothing"
        place = list(self._folder.mails).index(int(uid)) + 1
        if "BODY" in parts:
            if ".PEEK" not in parts:
                kept.flags.add("\\Seen")
            self.wfile.write(f"* {place} FETCH (UID {uid} BODY[] {{{len(kept.content)}}}\r\n".encode())
            self.wfile.write(kept.content + b")\r\n")
        else:
            self._say(f"* {place} FETCH (UID {uid} RFC822.SIZE {len(kept.content)})")
        return "OK done"

    def _store(self, argument: str) -> str:
        uid, action, *flags = argument.replace("(", "").replace(")", "").split()
        if action != "+FLAGS.SILENT":
            return f"BAD {action} is not expected"
        if not self._folder.keywords and any(not flag.startswith("\\") for flag in flags):
            return "NO no keywords here"
        self._folder.mails[int(uid)].flags |= set(flags)
        return "OK done"

    def _logout(self, _: str) -> str:
        self._say("* BYE")
        return "OK bye"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Folder, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folder, self.context = folder, context

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error of the server's."""


@contextmanager
def open_imap(folder: Folder, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The server on a free port of the loopback, until the block ends."""
    with _Server(folder, context) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
