"""Who is asking, and whether they may: sessions, roles, and the second lock against forged requests."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.datastructures import FormData

from console.house import House
from ledger.accounts import Account, Role
from ledger.asked import Look

ABSOLUTE: Final = timedelta(hours=8)
IDLE: Final = timedelta(minutes=30)
_NOTED_EVERY: Final = timedelta(minutes=1)
FIELD: Final = "csrf"


class Anonymous(Exception):
    """Nobody is logged in: the way goes by the login page."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.to = f"/login?next={quote(path, safe='/?=&')}" if path != "/" else "/login"


class NotAllowed(Exception):
    """The person's role does not do this."""


class Forged(Exception):
    """The form is not one that this session was given."""


class NotFound(Exception):
    """There is no such thing, or it belongs to a creditor that the person was not granted."""


class Unopened(Exception):
    """The document is there and sealed, and cannot be opened: it was altered, or this machine lacks its key."""


@dataclass(frozen=True)
class Person:
    """Who is asking. ``token``: what the browser holds, which the forms' tokens are derived from."""

    account: Account
    token: str

    @property
    def login(self) -> str:
        """The name they log in with, which events they cause carry."""
        return self.account.login

    @property
    def actor(self) -> str:
        """What they are to the cases: who may decide what a policy submits to a manager, or an operator."""
        return "manager" if self.has(Role.MANAGER, Role.ADMIN) else "operator"

    @property
    def creditors(self) -> frozenset[str] | None:
        """The creditors granted; None for all."""
        return self.account.creditors

    @property
    def acts(self) -> bool:
        """Whether the role may say anything to a case."""
        return self.account.role is not Role.AUDITOR

    def sees(self, creditor: str) -> bool:
        """Whether the creditor was granted."""
        return self.creditors is None or creditor in self.creditors

    def has(self, *roles: Role) -> bool:
        """Whether the role is one of these."""
        return self.account.role in roles


class Needs:
    """A route's declaration of who may use it."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Person:
        """The person; raises Anonymous or NotAllowed."""
        person = await person_of(request)
        if person is None:
            address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            raise Anonymous(address if request.method == "GET" else "/")
        if person.account.role not in self.roles:
            raise NotAllowed
        return person


class Anyone:
    """The declaration of a route that needs no session."""

    async def __call__(self) -> None:
        """Nothing to check."""


READS = Needs(*Role)
ACTS = Needs(Role.OPERATOR, Role.MANAGER, Role.ADMIN)
MANAGES = Needs(Role.MANAGER, Role.ADMIN)
ADMINISTERS = Needs(Role.ADMIN)
PUBLIC = Anyone()


def house_of(request: Request) -> House:
    """The house that the application stands on."""
    found: House = request.app.state.house
    return found


def cookie_name(request: Request) -> str:
    """Over TLS the browser itself keeps the cookie to this host and to TLS."""
    return "__Host-session" if request.url.scheme == "https" else "session"


def digest(token: str) -> str:
    """What the ledger keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def person_of(request: Request) -> Person | None:
    """The person whose session the request carries; None when there is none, or it has run out."""
    if hasattr(request.state, "person"):
        return request.state.person  # type: ignore[no-any-return]
    token = request.cookies.get(cookie_name(request))
    if not token:
        return None
    accounts = house_of(request).ledger.accounts
    session = await accounts.session(digest(token))
    now = datetime.now(UTC)
    if session is None or now - session.created_at > ABSOLUTE or now - session.seen_at > IDLE:
        return None
    if now - session.seen_at > _NOTED_EVERY:
        await accounts.seen(session.id, now)
    request.state.person = Person(session.account, token)
    return Person(session.account, token)


def form_token(secret: str) -> str:
    """The token of a form, another at every page: a compressed page that repeats it tells nothing."""
    mask = secrets.token_bytes(32)
    return mask.hex() + _masked(secret, mask).hex()


def token_fits(secret: str, token: str) -> bool:
    """Whether a form's token was made from that secret."""
    try:
        mask, masked = bytes.fromhex(token[:64]), bytes.fromhex(token[64:])
    except ValueError:
        return False
    return len(mask) == 32 and hmac.compare_digest(_masked(secret, mask), masked)


def _masked(secret: str, mask: bytes) -> bytes:
    proof = hmac.new(secret.encode(), b"form", hashlib.sha256).digest()
    return bytes(one ^ other for one, other in zip(proof, mask, strict=True))


async def posted(request: Request) -> FormData:
    """The fields of a form of ours; raises Anonymous or Forged."""
    person = await person_of(request)
    if person is None:
        raise Anonymous("/")
    form = await request.form(max_files=1, max_fields=200)
    if not token_fits(person.token, str(form.get(FIELD, ""))):
        raise Forged
    return form


Reader = Annotated[Person, Depends(READS)]
Actor = Annotated[Person, Depends(ACTS)]
Manager = Annotated[Person, Depends(MANAGES)]
Administrator = Annotated[Person, Depends(ADMINISTERS)]
Posted = Annotated[FormData, Depends(posted)]


async def looked(request: Request, person: Person, what: str, creditor: str, subject: str) -> None:
    """Note who looks at what, before it is shown."""
    house = house_of(request)
    look = Look(at=house.now(), login=person.login, what=what, creditor=creditor, subject=subject)
    await house.ledger.asked.looked(look)
