"""A file written and read in one call."""

from pathlib import Path

import pytest

from intake.checks import Known
from intake.lines import Line
from intake.mapping import Mapping
from intake.reading import read_invoices
from tests.intake.files import HEADER, Reading


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Write rows under a header (or raw bytes) to a file and read it."""

    def read(
        *rows: str | bytes,
        header: str = HEADER,
        name: str = "f.csv",
        mapping: Mapping | None = None,
        known: Known | None = None,
    ) -> list[Line]:
        path = tmp_path / name
        lines = [header, *rows] if header else list(rows)
        data = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
        path.write_bytes(data + b"\n")
        return list(read_invoices(path, mapping, known))

    return read
