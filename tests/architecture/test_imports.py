"""Importing a module does nothing: no file written, no connection, no process, no engine, no client."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.house import ROOT, shown, tracked

ENTRANCES = {"demo.__main__", "benchmarks.__main__", "benchmarks.on_dbos", "deploy.migrate"}
WATCHER = """
import importlib, os, sys

FORBIDDEN = {"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.mkdir",
             "os.remove", "os.rename", "os.rmdir", "sqlite3.connect", "smtplib.connect"}

def watch(event, args):
    writes = event == "open" and isinstance(args[0], str | bytes | os.PathLike) and (
        (isinstance(args[1], str) and set(args[1]) & set("wax+")) or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR)
    )
    if (writes and "__pycache__" not in os.fsdecode(args[0])) or event in FORBIDDEN:
        print(f"{current}: {event} {args!r:.200}", flush=True)
        os._exit(1)

current = "nothing"
sys.dont_write_bytecode = True
sys.addaudithook(watch)
for current in sys.argv[1:]:
    importlib.import_module(current)
    slow = {"sqlalchemy.orm", "holidays.countries"} & set(sys.modules)
    if slow and current != "ledger.postgres":
        print(f"{current}: loads {slow}, a tenth of a program's start, before it is asked for")
        sys.exit(1)

current = "after the imports"
import gc
from sqlalchemy import Engine
from temporalio.client import Client
made = [type(one).__name__ for one in gc.get_objects() if isinstance(one, Engine | Client)]
if made:
    print(f"made at import: {made}")
    sys.exit(1)
print("quiet")
sys.stdout.flush()
os._exit(0)
"""


def module_of(file: Path) -> str:
    """``commands/show.py`` is ``commands.show``."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_importing_every_module_does_nothing() -> None:
    names = sorted(
        module_of(file) for file in tracked("*.py") if not shown(file).startswith(("tests/", "ledger/migrations/"))
    )
    names = sorted((name for name in names if name not in ENTRANCES), key=lambda name: name == "ledger.postgres")
    assert len(names) > 100
    line = [sys.executable, "-W", "error::ImportWarning", "-c", WATCHER, *names]
    said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout.strip()) == (0, "quiet"), f"{said.stdout}{said.stderr[-2000:]}"


def test_the_watcher_sees_a_module_that_does_something(tmp_path: Path) -> None:
    (tmp_path / "hasty.py").write_text("open('made.txt', 'w').close()\n", encoding="utf-8")
    line = [sys.executable, "-c", WATCHER, "hasty"]
    said = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 1
    assert said.stdout.startswith("hasty: open ('made.txt'")
