"""``python -m demo.pilot``: Relance on your own invoices, on this machine, at life's pace. What it keeps stays, and the
next start goes on from there.

No message leaves: all are caught and kept as files, unless ``--send`` is said. A house whose letters were caught never
sends: it holds for written what no debtor has received.
"""

import argparse
import asyncio
import contextlib
import fcntl
import os
import secrets
import shlex
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from temporalio.client import Client

import devserver
from connection import data_converter
from demo.catcher import catching
from demo.desk import open_desk
from demo.house import House
from demo.play import PARIS
from demo.running import leave, run
from demo.services import (
    EXAMPLES,
    SMTP_PORT,
    TEMPORAL_PORT,
    UI_PORT,
    Broken,
    Services,
    environment,
    shown,
    until_at_work,
    worker_of,
)
from ledger.accounts import Account, Role
from ledger.migrate import migrate
from ledger.passwords import hashed
from ledger.store import SqlLedger
from letters.channel_settings import VARIABLES as CHANNELS
from settings import HOUSE as ROOT
from settings import Settings, read_settings

LOGIN = "admin"
CAUGHT, SENT = "caught", "sent"
_LOCK, _MODE, _CREDITORS, _ENV = ".running", ".letters", "creditors.toml", "env"
_KEPT = ("RELANCE_POLICIES", "RELANCE_RATES", "RELANCE_DOCUMENTS", "RELANCE_PAYLOAD_KEYS")
"""Settings of yours that the pilot takes over; the ledger, the store, the clock and Temporal are its own. With --send
also the mail server and the other channels; without it none of them, so that no provider posts a registered letter."""


@contextlib.contextmanager
def kept_house(folder: Path, mode: str) -> Iterator[House]:
    """The house of that folder, as the last run left it. Raises Broken when another run is in it, or when its letters
    were of the other kind (``caught``, ``sent``)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / _LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Broken(f"{shown(folder)} is in use by another pilot; stop it, or name another --folder.") from None
        kept = folder / _MODE
        known = kept.read_text(encoding="utf-8").strip() if kept.exists() else mode
        if known != mode:
            raise Broken(
                f"the letters of {shown(folder)} were {known}: with and without --send are two books, since one holds "
                "for written what no debtor has received; name another --folder."
            )
        kept.write_text(f"{mode}\n", encoding="utf-8")
        house = House(folder)
        for part in (house.mail, house.store, house.temporal):
            part.mkdir(exist_ok=True)
        yield house


def creditors_of(house: House, given: str | None) -> Path:
    """The creditors file: the one given, else the house's own, which begins as the example's copy."""
    if given:
        return Path(given).resolve()
    own = house.folder / _CREDITORS
    if not own.exists():
        shutil.copy(EXAMPLES / _CREDITORS, own)
    return own


def environment_of(house: House, server: str, catcher: str, creditors: Path, mode: str) -> dict[str, str]:
    """What every program of the pilot is given: real time, the house's ledger and store, some settings of yours."""
    env = environment(house, server, catcher, "")
    del env["RELANCE_CLOCK"]
    taken = _KEPT if mode == CAUGHT else (*_KEPT, "RELANCE_SMTP_URL", *CHANNELS)
    yours = {name: os.environ[name] for name in taken if os.environ.get(name)}
    return {**env, **yours, "RELANCE_CREDITORS": str(creditors)}


def write_environment(house: House, env: dict[str, str]) -> Path:
    """A file for a shell to read, so that ``starter.py`` speaks to this house; only its owner reads it."""
    file = house.folder / _ENV
    lines = [f"{name}={shlex.quote(env[name])}" for name in sorted(env) if name.startswith(("RELANCE_", "TEMPORAL_"))]
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


async def first_account(settings: Settings) -> str | None:
    """The password of the first account, made when there is none yet; None when there is: it was said then."""
    ledger = await SqlLedger.open(settings.database_url)
    try:
        if await ledger.accounts.all():
            return None
        password = secrets.token_urlsafe(9)
        now = datetime.now(UTC).replace(microsecond=0)
        account = Account(login=LOGIN, role=Role.ADMIN, creditors=None, language="fr", active=True, created_at=now)
        await ledger.accounts.add(account, hashed(password))
    finally:
        await ledger.close()
    return password


@contextlib.asynccontextmanager
async def started(house: House, given: str | None, mode: str, console: Console) -> AsyncIterator[Services]:
    """Everything up, in real time; says what is where. Raises Broken, NotServing or Refused when something is wrong."""
    caught = house.mail / f"{datetime.now(PARIS):%Y-%m-%d_%H%M%S}"
    caught.mkdir()
    creditors = creditors_of(house, given)
    async with (
        devserver.running(house.temporal, ui=True, port=TEMPORAL_PORT, ui_port=UI_PORT, safe=True) as server,
        catching(caught, SMTP_PORT) as mail,
    ):
        env = environment_of(house, server.address, mail.url, creditors, mode)
        settings = read_settings(env)
        settings.creditors()
        await migrate(house.database_url)
        password = await first_account(settings)
        client = await Client.connect(server.address, data_converter=data_converter(settings))
        now = datetime.now(UTC)
        async with worker_of(house, env) as worker, open_desk(house, env) as desk:
            services = Services(house, server, mail, worker, settings, client, env, desk)
            await until_at_work(services, now)
            _tell(console, services, mode, creditors, password)
            yield services


def _tell(console: Console, services: Services, mode: str, creditors: Path, password: str | None) -> None:
    folder = services.house.folder
    letters = (
        f"gardés dans {shown(services.mail.folder)}, aucun ne part (--send les fait partir)"
        if mode == CAUGHT
        else "partent par RELANCE_SMTP_URL"
    )
    login = f"{LOGIN} ; mot de passe « {password} », dit cette seule fois" if password else f"{LOGIN} et vos comptes"
    lines = (
        ("Serveur Temporal", f"{services.server.address}, pages {services.server.ui}"),
        ("E-mails", letters),
        ("Lettres à poster", f"{shown(services.house.store)}, ou la console, page Courriers"),
        ("Créanciers", f"{shown(creditors)}{_example(creditors)}"),
        ("Grand livre", shown(folder / "relance.db")),
        ("Console", f"{services.desk.address}, {login}"),
    )
    for name, what in lines:
        console.print(f"  [bold]{name:<17}[/bold] {what}", soft_wrap=True)
    file = write_environment(services.house, services.env)
    console.print(
        f"\n  Dans un autre terminal :\n\n    set -a; . {shlex.quote(shown(file))}; set +a; PATH=.venv/bin:$PATH\n"
        "    python starter.py audit-book factures.csv\n"
        "    python starter.py preview factures.csv\n"
        "    python starter.py import factures.csv\n\n"
        "  Un courrier ne part qu'aux heures ouvrées. Ctrl-C arrête tout ; make pilot reprend où l'on en était.",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def _example(creditors: Path) -> str:
    same = creditors.read_bytes() == (EXAMPLES / _CREDITORS).read_bytes()
    return ", encore Acme, l'exemple : mettez-y votre entreprise" if same else ""


async def pilot(options: argparse.Namespace, console: Console) -> int:
    """Start everything and stay until told to stop."""
    mode = SENT if options.send else CAUGHT
    if options.send and not os.environ.get("RELANCE_SMTP_URL"):
        raise Broken("--send needs RELANCE_SMTP_URL, the mail server that takes the letters: smtp+starttls://…:587.")
    console.print("\n[bold]Relance[/bold], vos factures, en temps réel.\n")
    with kept_house((ROOT / options.folder).resolve(), mode) as house:
        async with started(house, options.creditors or os.environ.get("RELANCE_CREDITORS"), mode, console) as services:
            with contextlib.suppress(asyncio.CancelledError):
                while True:
                    services.check()
                    await asyncio.sleep(1)
    return 0


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.pilot", description=__doc__)
    parser.add_argument("--creditors", metavar="FILE", help="who claims (RELANCE_CREDITORS, else the folder's)")
    parser.add_argument("--folder", default="var/pilot", help="where everything is kept (default: var/pilot)")
    parser.add_argument("--send", action="store_true", help="let e-mails leave through RELANCE_SMTP_URL")
    return run(partial(pilot, parser.parse_args()), stays=True)


if __name__ == "__main__":
    leave(main())
