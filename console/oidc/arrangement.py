"""What was arranged with a provider of identities: the file that RELANCE_OIDC names, read and checked."""

import tomllib

from pydantic import Field, ValidationError

from intake.hook_post import check_url
from ledger.accounts import Role
from rules.base import Frozen
from rules.refusals import Refused
from settings import Settings, read_text

BACK = "/login/oidc/back"
_FILE = "RELANCE_OIDC"


class Rule(Frozen):
    """Who has ``value`` in ``claim`` (``a.b``: a claim inside a claim) has this role for these creditors (none named:
    all)."""

    claim: str
    value: str
    role: Role
    creditors: frozenset[str] | None = None


class Arrangement(Frozen):
    """``address``: where people reach the console; ``login``: the claim that is the login here; ``provision``: whether
    somebody whom a rule fits gets an account at the first login; ``secret``: None for a public client."""

    issuer: str
    client_id: str
    address: str
    name: str
    login: str = "email"
    provision: bool = False
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    rules: tuple[Rule, ...] = Field(default=(), alias="rule")
    secret: str | None = Field(default=None, repr=False)

    @property
    def back(self) -> str:
        """Where the provider sends people back to; it has to know this address."""
        return self.address.rstrip("/") + BACK


def read_arrangement(settings: Settings) -> Arrangement | None:
    """What the settings arrange; None: only local accounts. Raises Refused naming the file and what is wrong in it."""
    if settings.oidc_file is None:
        return None
    where = f"{_FILE}: {settings.oidc_file}"
    try:
        data = tomllib.loads(read_text(settings.oidc_file, _FILE))
        found = Arrangement.model_validate(data | {"secret": settings.oidc_secret})
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{where} is not TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Refused(f"{where}: {field}: {first['msg'].lower()}; see docs/console.md.") from None
    _check(where, found, settings.creditors().keys())
    return found


def _check(where: str, found: Arrangement, creditors: object) -> None:
    for field in ("issuer", "address"):
        try:
            check_url(getattr(found, field))
        except Refused:
            raise Refused(f"{where}: {field} « {getattr(found, field)} » is not an address in https.") from None
    if found.provision and not found.rules:
        raise Refused(f"{where}: provision needs a [[rule]] that says who gets which role.")
    if "openid" not in found.scopes:
        raise Refused(f"{where}: scopes without « openid » bring no identity; add it.")
    granted = {key for rule in found.rules for key in rule.creditors or ()}
    unknown = sorted(granted - set(creditors))  # type: ignore[call-overload]
    if unknown:
        raise Refused(f"{where}: creditor « {unknown[0]} » is not in the creditors file.")
