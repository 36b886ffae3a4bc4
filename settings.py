"""Settings: every RELANCE_ variable, read once, checked, handed down. A wrong one stops the program with a sentence."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from letters.channel_settings import VARIABLES as CHANNELS
from letters.channel_settings import ChannelSettings, read_channels
from rules.creditor import Creditor, parse_creditors
from rules.law.tables import Tables, builtin_tables, tables_from
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.refusals import Refused

HOUSE = Path(__file__).parent
VARIABLES = (
    "RELANCE_DATABASE_URL",
    "RELANCE_SMTP_URL",
    "RELANCE_CREDITORS",
    "RELANCE_POLICIES",
    "RELANCE_RATES",
    "RELANCE_STORE",
    "RELANCE_DOCUMENTS",
    "RELANCE_PAYLOAD_KEYS",
    "RELANCE_CLOCK",
    "RELANCE_API_RATE",
    "RELANCE_SEARCH",
    "RELANCE_OIDC",
    "RELANCE_OIDC_SECRET",
    *CHANNELS,
)


@dataclass(frozen=True)
class ClockSetting:
    """``ORIGIN@SPEED@ANCHOR``: it was ORIGIN when the real clock showed ANCHOR; time runs SPEED times faster."""

    origin: datetime
    speed: float
    anchor: datetime


@dataclass(frozen=True)
class Settings:
    """What a process is configured with. Paths are absolute; ``clock`` None: real time."""

    database_url: str
    smtp_url: str = field(repr=False)
    creditors_file: Path
    policies_folder: Path | None
    rates_folder: Path | None
    store: Path
    payload_keys: str | None = field(repr=False)
    clock: ClockSetting | None
    channels: ChannelSettings = field(default_factory=ChannelSettings)
    api_rate: str = "1200/minute"
    documents: tuple[Path, ...] = ()
    stages_only: bool = False
    oidc_file: Path | None = None
    oidc_secret: str | None = field(default=None, repr=False)

    def creditors(self) -> dict[str, Creditor]:
        """The creditors of the file; raises Refused naming file, creditor and field."""
        return parse_creditors(read_text(self.creditors_file, "RELANCE_CREDITORS"), file=str(self.creditors_file))

    def policies(self) -> dict[str, tuple[Policy, str]]:
        """Policies by name with their text: the built-in ones, and those of RELANCE_POLICIES, which win."""
        found: dict[str, tuple[Policy, str]] = {}
        for folder in filter(None, (HOUSE / "policies", self.policies_folder)):
            for file in sorted(folder.glob("*.toml")):
                text = read_text(file, "RELANCE_POLICIES")
                policy = parse_policy(text, file=str(file))
                found[policy.name] = (policy, text)
        return found

    def tables(self) -> Tables:
        """The dated tables of the law, extended by those of RELANCE_RATES."""
        if self.rates_folder is None:
            return builtin_tables()
        texts = {file.name: read_text(file, "RELANCE_RATES") for file in sorted(self.rates_folder.glob("*.toml"))}
        return tables_from(texts, builtin_tables())


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment; raises Refused with one sentence that names the wrong variable."""
    env = os.environ if environment is None else environment
    unknown = sorted(name for name in env if name.startswith("RELANCE_") and name not in VARIABLES)
    if unknown:
        raise Refused(f"{unknown[0]} is not a setting; known: {', '.join(VARIABLES)}.")
    return Settings(
        database_url=env.get("RELANCE_DATABASE_URL") or f"sqlite:///{HOUSE / 'var' / 'relance.db'}",
        smtp_url=env.get("RELANCE_SMTP_URL") or "smtp://127.0.0.1:25",
        creditors_file=_file(env, "RELANCE_CREDITORS") if env.get("RELANCE_CREDITORS") else _EXAMPLES,
        policies_folder=_folder(env, "RELANCE_POLICIES"),
        rates_folder=_folder(env, "RELANCE_RATES"),
        store=_store(env.get("RELANCE_STORE")),
        payload_keys=env.get("RELANCE_PAYLOAD_KEYS") or None,
        clock=parse_clock(env["RELANCE_CLOCK"]) if env.get("RELANCE_CLOCK") else None,
        channels=read_channels(env),
        api_rate=env.get("RELANCE_API_RATE") or "1200/minute",
        documents=_folders(env, "RELANCE_DOCUMENTS"),
        stages_only=_stages_only(env.get("RELANCE_SEARCH") or "steps"),
        oidc_file=Path(env["RELANCE_OIDC"]).expanduser().resolve() if env.get("RELANCE_OIDC") else None,
        oidc_secret=env.get("RELANCE_OIDC_SECRET") or None,
    )


def read_text(file: Path, variable: str) -> str:
    """The UTF-8 text of a configured file; raises Refused naming the variable and the file."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{variable}: {file} is not UTF-8 at byte {error.start}; save it as UTF-8.") from None
    except OSError as error:
        raise Refused(f"{variable}: cannot read {file}: {error.strerror}.") from None


def parse_clock(text: str) -> ClockSetting:
    """Read ``2025-01-06T08:00:00+01:00@86400@2026-11-22T10:00:00Z``; raises Refused naming the wrong part."""
    parts = text.split("@")
    if len(parts) != 3:
        raise Refused(f"RELANCE_CLOCK: « {text} » is not ORIGIN@SPEED@ANCHOR, such as {_EXAMPLE}.")
    try:
        speed = float(parts[1])
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1e7:
        raise Refused(f"RELANCE_CLOCK: speed « {parts[1]} » is not a number above zero, such as 86400.")
    return ClockSetting(origin=_moment(parts[0], "ORIGIN"), speed=speed, anchor=_moment(parts[2], "ANCHOR"))


_EXAMPLES = HOUSE / "examples" / "creditors.toml"
_EXAMPLE = "2025-01-06T08:00:00+01:00@86400@2026-11-22T10:00:00Z"


def _moment(text: str, part: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"RELANCE_CLOCK: {part} « {text} » is not a moment, such as {_EXAMPLE}.") from None
    if moment.tzinfo is None:
        raise Refused(f"RELANCE_CLOCK: {part} « {text} » names no offset; end it with Z or +01:00.")
    return moment.astimezone(UTC)


def _file(env: Mapping[str, str], name: str) -> Path:
    path = Path(env[name]).expanduser().resolve()
    if not path.is_file():
        raise Refused(f"{name}: {path} is not a file; give the path of the creditors file.")
    return path


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    if not env.get(name):
        return None
    path = Path(env[name]).expanduser().resolve()
    if not path.is_dir():
        raise Refused(f"{name}: {path} is not a folder.")
    return path


def _folders(env: Mapping[str, str], name: str) -> tuple[Path, ...]:
    """Folders one after the other, as a search path writes them."""
    found = [Path(part).expanduser().resolve() for part in (env.get(name) or "").split(os.pathsep) if part]
    missing = next((path for path in found if not path.is_dir()), None)
    if missing is not None:
        raise Refused(f"{name}: {missing} is not a folder; separate folders with « {os.pathsep} ».")
    return tuple(found)


def _stages_only(value: str) -> bool:
    if value not in ("steps", "stages"):
        raise Refused(f"RELANCE_SEARCH: « {value} » is neither steps nor stages.")
    return value == "stages"


def _store(value: str | None) -> Path:
    if value and "://" in value and not value.startswith("file://"):
        raise Refused(f"RELANCE_STORE: « {value} » is not a folder; only folders are built so far.")
    return Path((value or str(HOUSE / "var" / "store")).removeprefix("file://")).expanduser().resolve()
