"""The way to the Temporal server: environment configuration, one data converter, patience said aloud."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfig
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from rules.refusals import Refused
from sealing.payloads import converter_of
from settings import Settings

DEFAULT_ADDRESS = "localhost:7233"
COMMAND_PATIENCE = timedelta(seconds=10)
"""How long a command waits for the server before it gives up; a worker waits for ever."""

ENGINE_LOG = "temporal"
"""What the engine's library has to say, by the name of a logger."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
# What a server says when it is there and will not have us: waiting would not help.
_TURNED_AWAY = ("Unauthenticated", "PermissionDenied", "Unimplemented", "InvalidArgument")


class Away(Exception):
    """Raised when the server did not answer in time. ``sentence`` says where it was looked for."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def data_converter(settings: Settings) -> DataConverter:
    """How values become payloads: the same for every client, worker and replayer of one configuration; encrypted when
    RELANCE_PAYLOAD_KEYS is set. Raises Refused when it cannot be read."""
    return converter_of(settings.payload_keys)


@cache
def runtime() -> Runtime:
    """The process's own runtime of the engine's library, whose words go through our log, without the values it adds but
    for the run's id.

    Left to itself it writes to the standard output, which is a command's answer, from the thread that serves the
    workflows: a pipe that nobody read once stopped a worker so.
    """
    logger = logging.getLogger(ENGINE_LOG)
    logger.addFilter(_with_run)
    forwarding = LogForwardingConfig(
        logger, append_target_to_name=False, prepend_target_on_message=False, append_log_fields_to_message=False
    )
    told = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=told, forwarding=forwarding)))


def _with_run(record: logging.LogRecord) -> bool:
    """The run that the library speaks of is worth its place in the line."""
    run = getattr(record, "temporal_log", None)
    if run is not None and "run_id" in run.fields:
        record.msg = f"{record.msg} (run {run.fields['run_id']})"
    return True


async def connect(
    settings: Settings, *, patience: timedelta | None = None, say: Callable[[str], None] | None = None
) -> Client:
    """A client of the server that the TEMPORAL_ variables and the Temporal configuration file name.

    While the server is away it says so once through ``say`` (default: the log) and waits, for ever when
    ``patience`` is None.
    Raises Away when patience ends, Refused when the configuration is wrong or the server will not have us.
    """
    config = _configuration()
    speak = say or logging.getLogger("relance").warning
    address = config["target_host"]
    deadline = None if patience is None else time.monotonic() + patience.total_seconds()
    pause, waited = _FIRST_PAUSE, False
    while True:
        try:
            client = await Client.connect(**config, data_converter=data_converter(settings), runtime=runtime())
        except ValueError as error:
            raise Refused(f"TEMPORAL_ADDRESS: « {address} » is not HOST:PORT ({error}).") from None
        except RuntimeError as error:
            if any(word in str(error) for word in _TURNED_AWAY):
                raise Refused(f"{address} answers, but not as our Temporal: {_short(error)}") from None
        else:
            if waited:
                speak(f"Temporal answers at {address}; going on.")
            return client
        if deadline is not None and time.monotonic() + pause > deadline:
            raise Away(f"Temporal does not answer at {address}; start it, or name another in TEMPORAL_ADDRESS.")
        if not waited:
            speak(f"Temporal does not answer at {address} yet; waiting for it.")
        waited = True
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _configuration() -> dict[str, Any]:
    """The connection's settings; raises Refused naming what is wrong with them."""
    try:
        config: dict[str, Any] = {**ClientConfig.load_client_connect_config()}
    except Exception as error:  # the SDK's own ConfigError is private
        raise Refused(f"The Temporal configuration cannot be read: {_short(error)}") from None
    config.setdefault("target_host", DEFAULT_ADDRESS)
    return config


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200].rstrip(".") + "."
