"""The same policy, rules and ledger on other engines: DBOS, and a polling table. Published, never gated."""

import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ENGINES = {"DBOS on SQLite": ("benchmarks.on_dbos", "dbos.db"), "a polling table": ("benchmarks.polling", "due.db")}
_PATIENCE = 600.0  # seconds


@dataclass(frozen=True)
class Alternative:
    """What a whole case costs there. CPU milliseconds, everything in one process; bytes in the engine's database."""

    name: str
    cpu: float
    database: float


def measure(cases: int) -> list[Alternative]:
    """Each engine plays so many cases; what it takes to start with none is left out."""
    return [_measured(name, module, file, cases) for name, (module, file) in ENGINES.items()]


def _measured(name: str, module: str, file: str, cases: int) -> Alternative:
    idle, empty = _played(module, file, 0)
    spent, grown = _played(module, file, cases)
    return Alternative(name, (spent - idle) / cases * 1e3, (grown - empty) / cases)


def _played(module: str, file: str, cases: int) -> tuple[float, int]:
    """Seconds of processor time of the whole run, and bytes of the engine's database after it."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", module, folder, str(cases)], check=True, timeout=_PATIENCE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(part.stat().st_size for part in Path(folder).glob(f"{file}*"))
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, size
