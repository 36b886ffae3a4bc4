"""An empty ledger in a file of its own: the migrations run once per process, each test has a copy of what they made."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.migrate import migrate

_MADE: list[bytes] = []


async def empty_ledger_at(path: Path) -> str:
    """The URL of a SQLite ledger with the newest schema and nothing in it, at the new ``path``; its folder is made."""
    if not _MADE:
        with TemporaryDirectory() as folder:
            first = Path(folder) / "first.db"
            await migrate(f"sqlite:///{first}")
            _MADE.append(first.read_bytes())
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(_MADE[0])
    return f"sqlite:///{path}"
