"""Where a demonstration keeps what it writes: a folder of its own under ``var``, empty at the start."""

import contextlib
import fcntl
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_LOCK = ".running"


@dataclass(frozen=True)
class House:
    """The folders of one run."""

    folder: Path

    @property
    def mail(self) -> Path:
        """The messages caught, one ``.eml`` each."""
        return self.folder / "mail"

    @property
    def store(self) -> Path:
        """Letters, trays and judicial files."""
        return self.folder / "store"

    @property
    def temporal(self) -> Path:
        """The Temporal server's database and log."""
        return self.folder / "temporal"

    @property
    def worker_log(self) -> Path:
        """What the worker says."""
        return self.folder / "worker.log"

    @property
    def database_url(self) -> str:
        """The ledger."""
        return f"sqlite:///{self.folder / 'relance.db'}"


@contextlib.contextmanager
def claimed_house(var: Path, *, fresh: bool = False, name: str = "demo") -> Iterator[House]:
    """The first of ``var/demo``, ``var/demo-2`` … that no other demonstration is using, emptied; ``name`` for another
    kind of run than a demonstration.

    ``fresh``: the others that nobody uses are removed as well. The folder stays when the run ends.
    """
    var.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        for number in count(1):
            folder = var / (name if number == 1 else f"{name}-{number}")
            if _claim(folder, held):
                break
        if fresh:
            _remove_unused(var, folder, name)
        house = House(folder)
        for part in (house.mail, house.store, house.temporal):
            part.mkdir()
        _show_mail(var, house)
        yield house


def _claim(folder: Path, held: contextlib.ExitStack) -> bool:
    folder.mkdir(exist_ok=True)
    lock = held.enter_context((folder / _LOCK).open("wb"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    for path in folder.iterdir():
        if path.name == _LOCK:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return True


def _remove_unused(var: Path, own: Path, name: str) -> None:
    for folder in var.glob(f"{name}-*"):
        with contextlib.ExitStack() as held:
            if folder != own and folder.is_dir() and _claim(folder, held):
                shutil.rmtree(folder)


def _show_mail(var: Path, house: House) -> None:
    """``var/mail`` leads to the messages of the latest run; a real folder of that name is left alone."""
    link = var / "mail"
    if link.is_symlink():
        link.unlink()
    if not link.exists():
        link.symlink_to(house.mail.relative_to(var), target_is_directory=True)
