"""Accounts of the console, as ``starter.py user`` changes them."""

import getpass
import sys
from argparse import Namespace
from datetime import UTC, datetime

from commands.output import console, moment, say, say_json, table
from ledger.accounts import EVERY_CREDITOR, Account, Role, granted_text
from ledger.migrate import migrate
from ledger.passwords import hashed
from ledger.store import SqlLedger
from rules.refusals import Refused
from sealing.keys import parse_ring
from settings import Settings


async def change_people(args: Namespace, settings: Settings) -> int:
    """Do what was asked; the exit status. Raises Refused."""
    await migrate(settings.database_url)
    ledger = await SqlLedger.open(settings.database_url, parse_ring(settings.payload_keys))
    try:
        if args.part == "list":
            _list(await ledger.accounts.all(), as_json=args.json)
        elif args.part == "add":
            await _add(args, settings, ledger)
        elif args.part == "grant":
            creditors = _creditors(args, settings)
            await ledger.accounts.change(args.login, creditors=creditors)
            say(f"{args.login}: creditors {granted_text(creditors)}.")
        elif args.part == "password":
            await ledger.accounts.change(args.login, password=hashed(asked_password()))
            say(f"{args.login}: new password; every session is closed.")
        elif args.part == "provider":
            await ledger.accounts.change(args.login, password="", subject=None)
            say(f"{args.login}: logs in at the provider; every session is closed.")
        else:
            await ledger.accounts.change(args.login, active=args.part == "enable")
            say(f"{args.login}: {args.part}d.")
    finally:
        await ledger.close()
    return 0


def _creditors(args: Namespace, settings: Settings) -> frozenset[str] | None:
    """The creditors named, None for all of them."""
    keys = frozenset(key.strip() for key in args.creditors.split(",") if key.strip())
    if keys == {EVERY_CREDITOR}:
        return None
    unknown = sorted(keys - settings.creditors().keys())
    if unknown:
        raise Refused(f"--creditors: « {unknown[0]} » is not in {settings.creditors_file}.")
    if not keys:
        raise Refused("--creditors: name one, or « * » for all.")
    return keys


async def _add(args: Namespace, settings: Settings, ledger: SqlLedger) -> None:
    creditors = _creditors(args, settings)
    now = datetime.now(UTC).replace(microsecond=0)
    account = Account(
        login=args.login, role=Role(args.role), creditors=creditors, language=args.language, active=True, created_at=now
    )
    await ledger.accounts.add(account, "" if args.provider else hashed(asked_password()))
    say(f"{args.login}: account made, {args.role}, creditors {granted_text(creditors)}.")


def asked_password() -> str:
    """A password from the keyboard, twice; from the standard input, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise Refused("password: the two were not the same; nothing was changed.")
    return password


def _list(accounts: list[Account], *, as_json: bool) -> None:
    if as_json:
        rows = [account.model_dump(mode="json") for account in accounts]
        for row, account in zip(rows, accounts, strict=True):
            row["creditors"] = granted_text(account.creditors).split()
        say_json(rows)
        return
    shown = table("login", "role", "creditors", "language", "by", "active", "since")
    for one in accounts:
        by, active = "password" if one.local else "provider", "yes" if one.active else "no"
        granted = granted_text(one.creditors)
        shown.add_row(one.login, one.role, granted, one.language, by, active, moment(one.created_at))
    console().print(shown)
