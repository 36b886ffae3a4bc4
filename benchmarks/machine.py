"""The machine and who used it: processor time by process, by others, and of a fixed piece of work."""

import hashlib
import json
import os
import platform
import time
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

FOREIGN_LIMIT = 0.25
"""A round in which other programs took more of the machine than that is measured but not judged."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def described() -> str:
    """The machine in a line, without a name of its own."""
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{cores()} cores, {memory:.0f} GB, {system}"


def calibration() -> float:
    """Processor milliseconds of a fixed piece of Python work: what this machine gives at this moment."""
    start, digest = time.process_time(), b""
    for number in range(4000):
        digest = hashlib.sha256(digest + json.dumps({"i": number, "v": [number] * 8}).encode()).digest()
    return (time.process_time() - start) * 1e3


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    spent = psutil.Process(pid).cpu_times()
    return float(spent.user + spent.system)


@dataclass(frozen=True)
class Spent:
    """What a piece of work took. Seconds; ``foreign``: the share of the machine that other programs took."""

    wall: float
    by: dict[str, float]
    foreign: float
    calibration: float

    @property
    def judged(self) -> bool:
        """Whether the round counts."""
        return self.foreign <= FOREIGN_LIMIT


class Meter:
    """Started before a piece of work, read after it. ``pids``: the processes that do it, by name; ``idle``: ours too,
    but not part of it."""

    def __init__(self, pids: dict[str, int], idle: tuple[int, ...] = ()) -> None:
        self._pids, self._idle = pids, idle
        self._calibration = calibration()
        self._cpu = psutil.cpu_times()
        self._before = {name: processor_time(pid) for name, pid in pids.items()}
        self._idle_before = sum(processor_time(pid) for pid in idle)
        self._start = time.perf_counter()

    def read(self) -> Spent:
        """What was spent since."""
        wall = time.perf_counter() - self._start
        by = {name: processor_time(pid) - self._before[name] for name, pid in self._pids.items()}
        idle = sum(processor_time(pid) for pid in self._idle) - self._idle_before
        busy = _busy(psutil.cpu_times()) - _busy(self._cpu)
        foreign = max(0.0, busy - sum(by.values()) - idle) / (wall * cores())
        return Spent(wall, by, foreign, (self._calibration + calibration()) / 2)


def others(seconds: float = 1.0) -> float:
    """The share of the machine that is taken while we do nothing. For work in processes that come and go: their time
    cannot be told from other programs' once they are gone."""
    before, start = psutil.cpu_times(), time.perf_counter()
    time.sleep(seconds)
    return (_busy(psutil.cpu_times()) - _busy(before)) / ((time.perf_counter() - start) * cores())


def _busy(times: object) -> float:
    """Seconds that the processors worked, by the system's own count."""
    names = ("user", "nice", "system", "irq", "softirq", "steal")
    return sum(float(getattr(times, name, 0.0)) for name in names)
