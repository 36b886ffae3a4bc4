"""What was measured, kept by part, so that one part can be measured again without the others."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.drawing import Bar

Row = tuple[str, str, str, str]
"""The measure, Relance's figure, the bare engine's, their ratio or the aim."""


@dataclass(frozen=True)
class Found:
    """What a part found: its rows for the page, its bars for the picture, and how many rounds are not judged."""

    rows: Sequence[Row]
    refused: int = 0
    bars: Sequence[Bar] = ()


@dataclass(frozen=True)
class Part:
    """The same with the day, the machine and the calibration loop of that time (CPU milliseconds)."""

    on: str
    machine: str
    calibration: float
    rows: list[Row]
    refused: int
    seconds: float
    bars: list[tuple[str, dict[str, float]]] = field(default_factory=list)


def part_of(found: Found, machine: str, calibration: float, seconds: float) -> Part:
    """A part that was measured just now."""
    bars = [(bar.label, dict(bar.parts)) for bar in found.bars]
    return Part(f"{datetime.now(UTC):%Y-%m-%d}", machine, calibration, list(found.rows), found.refused, seconds, bars)


def read(file: Path) -> dict[str, Part]:
    """The parts kept in a file, by name; none when there is no file."""
    if not file.is_file():
        return {}
    kept = json.loads(file.read_text(encoding="utf-8"))
    return {name: Part(**{**part, "rows": [tuple(row) for row in part["rows"]]}) for name, part in kept.items()}


def write(file: Path, parts: dict[str, Part]) -> None:
    """Keep them."""
    text = json.dumps({name: asdict(part) for name, part in parts.items()}, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
