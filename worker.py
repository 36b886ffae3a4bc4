"""The worker: settings → adapters → activities → workers. Run ``python worker.py [--queues recovery correspondence
judiciary]``."""

import argparse
import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

if __name__ == "__main__":
    gc.set_threshold(50_000)  # what modules make as they load lives on: the collector looks at it less often

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.answering import Desk
from activities.clerk import Clerk
from activities.judiciary import Judiciary
from activities.letterbox import Letterbox
from activities.notices import Notices
from activities.ports import Dispatcher, Dispatchers
from activities.wake import Tell, Waker
from clocks import clock_of
from commands.office import Shelf
from commands.running import leave
from configuration import Configuration
from connection import connect
from correspondence.mailbox import ImapMailbox
from correspondence.mailbox_url import parse_mailbox_url
from couriers import DELIVERIES, courier_of
from evidence.cabinet import FolderCabinet
from intake.caller import Caller
from intake.door import Door
from keepers import CHORES, keeper_of, warn_of_another_ledger
from ledger.migrate import migrate_when_there
from ledger.store import SqlLedger
from letters.dkim_signature import signer_of
from letters.mailer import SmtpDispatcher
from letters.registered import ProviderDispatcher, parse_provider_url
from letters.render import Renderer
from letters.send_rate import DomainRate
from letters.smtp_url import SmtpUrl, parse_smtp_url
from letters.store import FolderStore
from letters.tray import TrayDispatcher
from letters.tray_folder import TrayFolder
from log_lines import log_to_stderr
from rules.law.days import next_semester, semester_of, semester_start
from rules.law.rates import default_rate
from rules.policy import Channel
from rules.refusals import Refused
from sealing.documents import DocumentSeal
from sealing.keys import KeyRing, parse_ring
from settings import Settings, read_settings
from standstill import until_stop
from workflows import contracts
from workflows.attributes import register_search_attributes
from workflows.chores import Chore, Errand
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import sandbox
from workflows.schedules import Regular, ensure_schedules

log = logging.getLogger("relance.worker")

MAILBOX_EVERY = timedelta(minutes=5)
"""A reply pauses the ladder: soon enough that nobody is written to over his own answer."""
AT_THE_LEDGER = 16
"""How many cases enter something at once. The ledger takes them one by one (SQLite) or a few at a time: what waits for
its turn must wait outside the time that an ``advance`` may take, or a slow machine does all its work twice."""
CASES_AT_ONCE = AT_THE_LEDGER + 8
"""How many cases a worker has in hand: those at the ledger and a few that are read. Temporal gives each ten seconds; of
the hundred that the library would take by itself a slow machine ends few in time, and does the others again."""
AT_THE_POST = 40
"""How many letters are under way at once. They stand in the ledger's line too, and what a worker has taken no priority
can overtake; a few mail domains that make their letters wait must still leave room for the others."""
GRACE = timedelta(seconds=25)
"""Longer than an SMTP dialogue, so that a deployment cuts none."""


def worker_of(
    client: Client,
    queue: str,
    desk: Desk,
    dispatchers: Dispatchers,
    cabinet: FolderCabinet,
    letterbox: Letterbox | None = None,
) -> Worker:
    """The worker of one queue, with what that queue does; without ``letterbox`` no mailbox is read."""
    clerk, waker, notices = Clerk(desk), Waker(desk.ledger, teller_of(client)), Notices(desk, dispatchers)
    activities: dict[str, list[Callable[..., Any]]] = {
        contracts.RECOVERY_QUEUE: [clerk.advance, clerk.enter_late, waker.wake_siblings],
        contracts.CORRESPONDENCE_QUEUE: [notices.send_notice, notices.withdraw_letters],
        contracts.JUDICIARY_QUEUE: [Judiciary(desk, cabinet).prepare_judicial_file],
    }
    if letterbox is not None:
        activities[contracts.CORRESPONDENCE_QUEUE].append(letterbox.read_mailbox)
    waits = queue == contracts.RECOVERY_QUEUE
    return Worker(
        client,
        task_queue=queue,
        workflows=[InvoiceRecovery, Chore] if waits else [],
        activities=activities[queue],
        interceptors=[Guard()] if waits else [],
        workflow_runner=sandbox(),
        max_cached_workflows=2000 if waits else 0,
        max_concurrent_workflow_tasks=CASES_AT_ONCE if waits else None,
        max_concurrent_local_activities=AT_THE_LEDGER if waits else None,
        max_concurrent_activities=AT_THE_POST if queue == contracts.CORRESPONDENCE_QUEUE else None,
        graceful_shutdown_timeout=GRACE,
    )


def teller_of(client: Client) -> Tell:
    """Signals a case; one that runs no more is passed over."""

    async def tell(case_id: str, name: str, payload: dict[str, Any]) -> None:
        try:
            await client.get_workflow_handle(case_id).signal(name, payload)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise

    return tell


def dispatchers_of(settings: Settings, post: SmtpDispatcher, renderer: Renderer, store: FolderStore) -> Dispatchers:
    """What hands letters over, by channel."""
    folder = TrayFolder(settings.store / "tray", DocumentSeal(parse_ring(settings.payload_keys)))
    tray = TrayDispatcher(folder, renderer, store)
    registered: Dispatcher = tray
    provider = settings.channels.registered
    if provider is not None:
        url = parse_provider_url(provider.url)
        registered = ProviderDispatcher(url, provider.secret, provider.kind, renderer, store, tray)
    return {Channel.EMAIL: post, Channel.LETTER: tray, Channel.REGISTERED_LETTER: registered}


def check_channels(settings: Settings) -> None:
    """Raises Refused, naming the setting, when a channel could not be opened later."""
    channels = settings.channels
    parse_smtp_url(settings.smtp_url)
    if channels.imap_url is not None:
        parse_mailbox_url(channels.imap_url)
    if channels.registered is not None:
        parse_provider_url(channels.registered.url)
    if channels.dkim is not None:
        signer_of(channels.dkim.key_file, channels.dkim.selector, channels.dkim.domain)


def letterbox_of(settings: Settings, client: Client, ledger: SqlLedger, store: FolderStore) -> Letterbox | None:
    """What reads the mailbox of RELANCE_IMAP_URL; None when there is none."""
    if settings.channels.imap_url is None:
        return None
    mailbox = ImapMailbox(parse_mailbox_url(settings.channels.imap_url))
    return Letterbox(mailbox, ledger, Door(client, Shelf(ledger), Caller("mailbox", "system", "mailbox")), store)


def chores_of(settings: Settings) -> list[Regular]:
    """What comes back regularly."""
    if settings.channels.imap_url is None:
        return [*CHORES]
    errand = Errand(activity=contracts.ACTIVITY_MAILBOX, queue=contracts.CORRESPONDENCE_QUEUE)
    return [*CHORES, Regular("mailbox", errand, MAILBOX_EVERY)]


def mailer_of(settings: Settings, mail: SmtpUrl, renderer: Renderer, store: FolderStore) -> SmtpDispatcher:
    """The mailer with the operator's limits; it signs when a DKIM key is given. Raises Refused on an unusable key."""
    channels, dkim = settings.channels, settings.channels.dkim
    return SmtpDispatcher(
        mail,
        renderer,
        store,
        max_bytes=channels.max_bytes,
        rate=DomainRate(channels.per_minute),
        signer=None if dkim is None else signer_of(dkim.key_file, dkim.selector, dkim.domain),
    )


async def say_if_mail_is_away(mail: SmtpUrl) -> None:
    """Letters are tried again until the mail server is there; that it is not is worth a line at start."""
    try:
        async with asyncio.timeout(5):
            _, writer = await asyncio.open_connection(mail.host, mail.port)
    except OSError:
        log.warning("RELANCE_SMTP_URL: no mail server answers at %s:%s yet; e-mails wait for it", mail.host, mail.port)
    else:
        writer.close()


def say_what_is_encrypted(ring: KeyRing | None) -> None:
    """Encryption that is off is worth a line at each start; on, the ids of its keys are."""
    if ring is None:
        log.warning("RELANCE_PAYLOAD_KEYS is not set: payloads and documents are not encrypted")
    else:
        log.info("payloads and documents are encrypted under key %s; retired: %s", ring.current, ring.ids[1:] or "none")


def warn_of_missing_rate(desk: Desk, today: date) -> None:
    """Fifteen days before a semester whose rate is not in the tables, the log says so at each start."""
    year, half = semester_of(today)
    following = next_semester(year, half)
    ahead = (semester_start(*following) - today).days
    tables = desk.reference.tables()
    if default_rate((year, half), tables) is None:
        log.warning(
            "no rate is known for the current semester %s-S%s: interest stops before it; see docs/rates.md", year, half
        )
    elif ahead <= 15 and default_rate(following, tables) is None:
        log.warning("no rate is known yet for %s-S%s, which begins in %s days; see docs/rates.md", *following, ahead)


async def run(settings: Settings, queues: Sequence[str], serves: asyncio.Event, stop: asyncio.Event) -> None:
    """Serve the queues from ``serves`` until ``stop``; waits for Temporal and the ledger when they are away, and
    says so."""
    ring = parse_ring(settings.payload_keys)
    client = await connect(settings)
    await migrate_when_there(settings.database_url, log.warning)
    async with contextlib.AsyncExitStack() as serving:
        ledger = await SqlLedger.open(settings.database_url, ring)
        serving.push_async_callback(ledger.close)
        desk = Desk(ledger, Configuration(settings, ledger), clock_of(settings.clock), stages_only=settings.stages_only)
        warn_of_missing_rate(desk, desk.clock.virtual(datetime.now(UTC)).date())
        say_what_is_encrypted(ring)
        await register_search_attributes(client)
        await warn_of_another_ledger(client, ledger)
        store, renderer, mail = (
            FolderStore(settings.store, DocumentSeal(ring)),
            Renderer.beside(settings.creditors_file),
            parse_smtp_url(settings.smtp_url),
        )
        await say_if_mail_is_away(mail)
        post = mailer_of(settings, mail, renderer, store)
        serving.push_async_callback(post.close)
        dispatchers = dispatchers_of(settings, post, renderer, store)
        letterbox = letterbox_of(settings, client, ledger, store)
        cabinet = FolderCabinet(
            settings.store, seal=DocumentSeal(ring), stays=ring is not None, roots=settings.documents
        )
        for queue in queues:
            worker = worker_of(client, queue, desk, dispatchers, cabinet, letterbox)
            await serving.enter_async_context(worker)
        if contracts.RECOVERY_QUEUE in queues:
            await serving.enter_async_context(keeper_of(client, ledger, settings, desk.clock))
        if contracts.CORRESPONDENCE_QUEUE in queues:
            await serving.enter_async_context(courier_of(client, ledger))
        await ensure_schedules(client, [*chores_of(settings), DELIVERIES])
        log.info("serving %s on %s", ", ".join(queues), client.service_client.config.target_host)
        serves.set()
        await until_stop(stop, client, queues)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; exit status 1 with one sentence when a setting, a policy or a creditor is wrong."""
    parser = argparse.ArgumentParser(prog="worker.py", description="Serves Relance's task queues.")
    parser.add_argument(
        "--queues", nargs="+", choices=contracts.QUEUES, default=list(contracts.QUEUES), metavar="QUEUE",
        help=f"{', '.join(contracts.QUEUES)} (default: all)",
    )  # fmt: skip
    chosen = parser.parse_args(arguments)
    log_to_stderr()
    try:
        settings = read_settings()
        settings.creditors()
        settings.policies()
        check_channels(settings)
        parse_ring(settings.payload_keys)
        asyncio.run(_until_told(settings, chosen.queues))
    except Refused as refused:
        sys.stderr.write(f"{refused.sentence}\n")
        return 1
    return 0


async def _until_told(settings: Settings, queues: Sequence[str]) -> None:
    """Serve until SIGINT or SIGTERM. While it still waits for something to answer, being told ends it at once."""
    serves, stop = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(run(settings, queues, serves, stop))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set() and not serves.is_set():
        serving.cancel()
    told.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


if __name__ == "__main__":
    status = main()
    logging.shutdown()  # writes the last lines
    leave(status)
